"""What a report says, as JSON shows it. Durations are ISO 8601 (``P3DT4H``), and exact."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from pydantic import computed_field

from domain.model import Instant, Model
from domain.timeledger import TimeShare


class Share(Model):
    """How many of how many."""

    count: int
    """Of how many it is true."""
    of: int
    """Of how many it can be asked."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def share(self) -> float | None:
        """Between 0 and 1; nothing when nobody can be asked."""
        return self.count / self.of if self.of else None


class Quantiles(Model):
    """How long something took."""

    count: int
    """How many were measured."""
    median: timedelta | None
    """Half of them took no longer."""
    nine_of_ten: timedelta | None
    """Nine in ten took no longer."""


class BreachCount(Model):
    """Clocks of one kind that ran out."""

    count: int
    """How many."""
    never_done: int
    """In how many of them what they measure was never done, because the customer withdrew or somebody settled it."""
    late: Quantiles
    """How late it was done in the others."""


class WorstBreach(Model):
    """A promise to customer, law or regulator that was broken for long."""

    reference: str
    """The complaint."""
    clock: str
    """Which clock."""
    ran_out_at: Instant
    """When it ran out."""
    late: timedelta | None
    """How late it was kept; empty when it never was."""


class TimeUsed(TimeShare):
    """Time of one party at one tier, over all complaints."""


class DepartmentUse(Model):
    """What one department took."""

    department: str
    """Which."""
    complaints: int
    """How many complaints it had."""
    shared: timedelta
    """Its share of their time: where several worked side by side, the time is divided among them."""
    own: timedelta
    """How long it had them, whoever else had them at the same time."""
    each: Quantiles
    """How long it had each."""


class CompensationPaid(Model):
    """Money paid to customers for one kind of remedy."""

    kind: str
    """Kind of remedy."""
    currency: str
    """ISO 4217."""
    complaints: int
    """In how many complaints."""
    amount: Decimal
    """How much in all."""


class Results(Model):
    """What became of the complaints closed in a period."""

    closed: int
    """How many were closed."""
    shares: dict[str, Share]
    """What was kept, reached and needed, by name."""
    time_to_answer: Quantiles
    """From receipt to the first final response."""
    time_to_close: Quantiles
    """From receipt to close."""
    outcomes: dict[str, int]
    """How they ended."""
    natures: dict[str, int]
    """What they were about."""
    repeat_contacts: int
    """How often customers had to contact the bank again."""
    escalations: dict[str, int]
    """Steps up the ladder, by reason."""
    breaches: dict[str, BreachCount]
    """Clocks that ran out, by kind: those towards customer, law and regulator first, then the bank's own."""
    worst_breaches: list[WorstBreach]
    """The longest of those towards customer, law and regulator."""
    elapsed: timedelta
    """From receipt to close, over all complaints."""
    time: list[TimeUsed]
    """Whose time it was, per tier; adds up to what elapsed."""
    departments: list[DepartmentUse]
    """What each department took."""
    compensation: list[CompensationPaid]
    """Money paid."""
    remedies: dict[str, int]
    """What was carried out, by kind."""


class Part(Model):
    """A month or week of the period."""

    first: date
    """Its first day."""
    last: date
    """Its last day."""
    closed: int
    """How many complaints were closed."""
    shares: dict[str, Share]
    """As for the whole period."""


class PackResults(Model):
    """The complaints under one rule pack."""

    rule_pack: str
    """Name of the pack."""
    closed: int
    """How many were closed."""
    shares: dict[str, Share]
    """As for the whole period."""
    time_to_answer: Quantiles
    """From receipt to the first final response."""
    time_to_close: Quantiles
    """From receipt to close."""


class OpenBook(Model):
    """The complaints that are open at the moment of the report, whatever its period."""

    open: int
    """How many."""
    opened_in_period: int
    """How many of them were opened in the period."""
    stages: dict[str, int]
    """Per stage; only stages that have any."""
    tiers: dict[int, int]
    """Per tier; only tiers that have any."""
    unacknowledged: int
    """Not acknowledged yet, or not even readable."""
    overdue: int
    """A due time has passed, or a promise was broken and the reply is still owed."""
    due_within_day: int
    """The reply is due within 24 hours, or overdue."""
    due_within_week: int
    """The reply is due within seven days, or overdue."""
    breached: int
    """A promise to customer, law or regulator was broken, now or earlier."""
    needs_attention: int
    """Somebody has to look at it."""
    ended_by_force: int
    """Not open and not closed: in the period, somebody terminated the workflow and with it the promises."""


class Span(Model):
    """A period as the report states it."""

    first: date
    """First day."""
    last: date
    """Last day, included."""
    zone: str
    """In whose days."""


class Report(Model):
    """Everything that a report says."""

    made_at: Instant
    """When it was made."""
    period: Span
    """What it is about."""
    compared_with: Span
    """The period of as many days before."""
    rule_pack: str | None
    """Only complaints under this rule pack; empty for all."""
    cohort: str
    """Which complaints are counted where, in words."""
    gaps: list[str]
    """What could not be read, in words; empty when the report is complete."""
    received: int | None
    """Complaints received in the period: closed since then by receipt, open ones by when they were opened."""
    results: Results | None
    """Complaints closed in the period; empty when the archive could not be read."""
    before: Results | None
    """The same for the period before."""
    course: list[Part]
    """The months or weeks of the period."""
    rule_packs: list[PackResults]
    """The same per rule pack."""
    open_book: OpenBook | None
    """Open complaints; empty when the server could not be asked."""
