"""The clocks of a rule pack: their lengths, how they count, when they pause, how they may be extended."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from domain.calendar import Span
from domain.counting import Counting
from domain.model import Identifier, Model, ShortText

Length = Annotated[
    Span, Field(description="One of {calendar_days}, {business_days}, {weeks}, {months}, {hours}, {business_hours}")
]


class SourceStatus(StrEnum):
    """How sure we are of a rule."""

    READ = "read"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"
    POLICY = "policy"


class Source(Model):
    """Where a number comes from."""

    citation: ShortText
    """Article of the rule, or the policy it follows."""
    status: SourceStatus
    """Read in the rule's text, from a secondary source, unconfirmed; policy is the product's own and never law."""


class ClockKind(StrEnum):
    """The clocks of a complaint. Departments, tiers and warnings have their times beside their own rules."""

    ACKNOWLEDGEMENT = "acknowledgement"
    LAW = "law"
    """The answer that the law asks for; a complaint under several regimes has one of each."""
    PROMISE = "promise"
    REGULATOR = "regulator"
    APPROVAL = "approval"
    OFFER = "offer"
    REMEDY = "remedy"
    CALL_BACK = "call_back"
    CALL_BACK_LATEST = "call_back_latest"
    REFERRAL = "referral"
    """The answer to a complaint that an authority passed on, from the day it did; beside the law's."""
    SHORT_SETTLEMENT = "short_settlement"
    """A window, not a duty: settled to the complainant's satisfaction within it, a short letter is enough."""
    CREDIT_NOTICE = "credit_notice"
    """The complainant is told of a provisional credit, from its booking."""
    CORRECTION = "correction"
    """The error is corrected, from the determination that there is one."""
    REPORT = "report"
    """The result is reported to the complainant, from the determination."""


REQUIRED_CLOCKS = frozenset(ClockKind) - {
    ClockKind.REFERRAL, ClockKind.SHORT_SETTLEMENT, ClockKind.CREDIT_NOTICE, ClockKind.CORRECTION, ClockKind.REPORT,
}  # fmt: skip
"""Clocks that every complaint needs; the others are for regimes that know them."""


class MetBy(StrEnum):
    """What keeps the law's clock."""

    FINAL_RESPONSE = "final_response"
    DETERMINATION = "determination"


class Need(StrEnum):
    """What must have happened before the old deadline, for an extension to take effect."""

    NOTICE = "notice"
    """The complainant has been told: the notice is delivered."""
    PROVISIONAL_CREDIT = "provisional_credit"
    """The amount in dispute has been credited provisionally: the ledger has booked it."""


class Rung(Model):
    """One rung of an extension ladder. Rungs are climbed in order."""

    length: Length | None = None
    """Length of the whole clock after this rung, from the same start; empty where the rule names none: then the time
    that the notice names counts."""
    reason_codes: list[Identifier] = Field(min_length=1)
    """Reasons that allow it."""
    approver_roles: list[Identifier] = Field(min_length=1)
    """Who may grant it."""
    needs: Need = Need.NOTICE
    """What must have happened before the old deadline."""
    source: Source
    """Where it comes from."""


class PauseRule(Model):
    """A reason for which a clock may stand still."""

    reason: Identifier
    """Its code."""
    tell: bool = True
    """Whether the complainant must be told at once."""
    source: Source
    """Where it comes from."""


class Variant(Model):
    """How a clock runs for one kind of complaint, where that differs from the ordinary one."""

    length: Length
    """How long."""
    ladder: list[Rung] | None = None
    """Extensions; the ordinary ones when missing, and none for ``[]``."""
    may_pause_for: list[PauseRule] | None = None
    """Reasons for which it may pause; the ordinary ones when missing, and none for ``[]``."""
    source: Source
    """Where it comes from."""


class ClockRule(Counting):
    """How one kind of clock runs."""

    length: Length
    """How long."""
    kinds: dict[Identifier, Variant] = {}
    """Kinds of complaint for which it runs differently."""
    not_for: list[Identifier] = []
    """Kinds of complaint that have no such clock."""
    regulators: list[ShortText] = []
    """For a referral: the authorities whose complaints it is for."""
    met_by: MetBy = MetBy.FINAL_RESPONSE
    """For the law's clock: what keeps it."""
    warn_before: list[Length] = []
    """Early warnings, each this long before the clock runs out."""
    may_pause_for: list[PauseRule] = []
    """Reasons for which it may pause; empty means never."""
    ladder: list[Rung] = []
    """Extensions, each longer than the one before."""
    source: Source
    """Where it comes from."""

    @property
    def counting(self) -> Counting:
        """How its days are counted, without the rest."""
        return Counting.model_validate({name: getattr(self, name) for name in Counting.model_fields})

    @property
    def pause_rules(self) -> list[PauseRule]:
        """Reasons for which it may pause, for any kind of complaint."""
        return [*self.may_pause_for, *(rule for kind in self.kinds.values() for rule in kind.may_pause_for or [])]

    def for_kind(self, kind: str | None) -> ClockRule | None:
        """The rule for a kind of complaint; none where such complaints have no such clock."""
        if kind in self.not_for:
            return None
        changes: dict[str, object] = {"kinds": {}, "not_for": []}
        if variant := self.kinds.get(kind or ""):
            changes |= {"length": variant.length, "source": variant.source}
            of_its_own = {"ladder": variant.ladder, "may_pause_for": variant.may_pause_for}
            changes |= {name: rules for name, rules in of_its_own.items() if rules is not None}
        return self.model_copy(update=changes)
