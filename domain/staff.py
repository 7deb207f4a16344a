"""Who may do what: roles, recusal, ownership."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.casefile import CaseFile
from domain.model import Staff
from domain.refusals import Refusal, refuse
from domain.rulepack import Power, Role


def role_of(file: CaseFile, person: Staff) -> Role | None:
    """What the rule pack says of a person's role."""
    return file.pinned().pack.roles.get(person.role)


def roles_with(file: CaseFile, power: Power) -> list[str]:
    """The roles that have a power."""
    return [name for name, role in file.pinned().pack.roles.items() if power in role.powers]


def takes_part(file: CaseFile, person: Staff) -> Iterator[Refusal]:
    """The role is known, and the person is not complained of (handlers have no direct interest in the matter)."""
    pack = file.pinned().pack
    if person.role not in pack.roles:
        yield refuse("role_unknown", pack=pack.name, role=person.role, known=listed(pack.roles))
    if person.id in file.recused:
        yield refuse("complained_of", person=person.id)


def may(file: CaseFile, person: Staff, power: Power, what: str) -> Iterator[Refusal]:
    """The person takes part and the role has the power."""
    yield from takes_part(file, person)
    role = role_of(file, person)
    if role and power not in role.powers:
        yield refuse("role_may_not", role=person.role, what=what, who=listed(roles_with(file, power)))


def owner_acts(file: CaseFile, person: Staff, what: str) -> Iterator[Refusal]:
    """The person owns the complaint at its present tier."""
    yield from may(file, person, Power.HANDLE, what)
    if not owned_at_tier(file):
        yield refuse("tier_needs_owner", tier=file.tier, what=what)
    if file.owner and file.owner != person:
        yield refuse("not_owner", what=what, owner=f"it is {file.owner}")


def owned_at_tier(file: CaseFile) -> bool:
    """Whether somebody who reaches the present tier, and is not recused, owns the complaint."""
    if file.owner is None or file.owner.id in file.recused:
        return False
    role = role_of(file, file.owner)
    return role is not None and (role.tier or 0) >= file.tier


def has_handled(file: CaseFile, person: Staff) -> bool:
    """Whether the person ever owned the complaint."""
    return any(ownership.owner.id == person.id for ownership in file.owners)


def took_part_before(file: CaseFile, person: Staff) -> bool:
    """Whether the person owned, proposed, investigated or approved anything in this complaint."""
    return has_handled(file, person) or person.id in {
        *(proposal.by.id for cycle in file.cycles for proposal in cycle.proposals),
        *(approval.by.id for cycle in file.cycles for proposal in cycle.proposals for approval in proposal.approvals),
        *(finding.by.id for investigation in file.investigations for finding in investigation.findings),
        *(inquiry.accepted_by.id for inquiry in file.investigations if inquiry.accepted_by),
        *(credit.by.id for credit in file.credits),
    }


def tier_role(file: CaseFile, tier: int) -> str:
    """The role that owns complaints of a tier: the first handling one that reaches no further than needed."""
    roles = file.pinned().pack.roles
    reach = {name: role.tier for name, role in roles.items() if Power.HANDLE in role.powers and role.tier is not None}
    return min((name for name in reach if reach[name] >= tier and not roles[name].expert), key=lambda name: reach[name])


def supervisor_role(file: CaseFile) -> str:
    """The role to which what no machine and no owner can settle goes: one that supervises only, if there is one."""
    if file.rules is None:
        return "supervisor"
    roles = file.rules.pack.roles
    return min(roles_with(file, Power.SUPERVISE), key=lambda name: Power.HANDLE in roles[name].powers)


def listed(names: Iterable[object], joint: str = "or") -> str:
    """Names as people list them: ``a, b or c``."""
    items = [str(name) for name in names]
    return f" {joint} ".join(filter(None, [", ".join(items[:-1]), *items[-1:]])) or "nobody"
