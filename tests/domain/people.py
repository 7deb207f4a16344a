"""The staff of the tests, by what they are to the complaint."""

from __future__ import annotations

from domain.model import Staff

TELLER = Staff(id="s-teller", role="first_line")
"""Took the complaint and owns it at tier 1."""
OTHER_TELLER = Staff(id="s-other-teller", role="first_line")
SPECIALIST = Staff(id="s-specialist", role="specialist")
"""May approve up to 2,000 CNY; owns at tier 2."""
EXPERT = Staff(id="s-expert", role="expert")
MANAGER = Staff(id="s-manager", role="manager")
"""May approve up to 20,000 CNY; owns at tier 3; supervises."""
OTHER_MANAGER = Staff(id="s-other-manager", role="manager")
EXECUTIVE = Staff(id="s-executive", role="executive")
OTHER_EXECUTIVE = Staff(id="s-other-executive", role="executive")
ENGINEER = Staff(id="s-engineer", role="department_staff")
CLERK = Staff(id="s-clerk", role="department_staff")
COMPLIANCE = Staff(id="s-compliance", role="compliance_officer")
CALLER = Staff(id="s-caller", role="call_back")
OTHER_CALLER = Staff(id="s-other-caller", role="call_back")
SUPERVISOR = Staff(id="s-supervisor", role="supervisor")
ACCUSED = "s-accused"
"""Staff id complained of."""
STRANGER = Staff(id="s-stranger", role="gardener")
"""Has a role that no rule pack knows."""

EVERYBODY = (
    TELLER, OTHER_TELLER, SPECIALIST, EXPERT, MANAGER, OTHER_MANAGER, EXECUTIVE, OTHER_EXECUTIVE, ENGINEER, CLERK,
    COMPLIANCE, CALLER, OTHER_CALLER, SUPERVISOR,
)  # fmt: skip


def with_role(role: str) -> list[Staff]:
    """Everybody of a role."""
    return [person for person in EVERYBODY if person.role == role]
