"""The shape of a rule pack: deadlines, tiers, departments, authority, reply and call-back rules as dated data.

Rule packs are TOML files under ``rulepacks/``. :mod:`domain.packs` reads them and names the line that is wrong.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.calendar import Calendar, CountFrom, Hours, Span
from domain.effects import LetterKind
from domain.model import CurrencyCode, Identifier, Language, Model, Money, ShortText

Length = Annotated[Span, Field(description="One of {calendar_days}, {business_days}, {weeks}, {months}, {hours}")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


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
    PROMISE = "promise"
    REGULATOR = "regulator"
    APPROVAL = "approval"
    OFFER = "offer"
    REMEDY = "remedy"
    CALL_BACK = "call_back"
    CALL_BACK_LATEST = "call_back_latest"


class Rung(Model):
    """One rung of an extension ladder. Rungs are climbed in order."""

    length: Length
    """Length of the whole clock after this rung, from the same start."""
    reason_codes: list[Identifier] = Field(min_length=1)
    """Reasons that allow it."""
    approver_roles: list[Identifier] = Field(min_length=1)
    """Who may grant it."""
    source: Source
    """Where it comes from."""


class ClockRule(Model):
    """How one kind of clock runs."""

    length: Length
    """How long."""
    count_from: CountFrom = CountFrom.NEXT_DAY
    """Whether the day of the start counts."""
    warn_before: list[Length] = []
    """Early warnings, each this long before the clock runs out."""
    may_pause_for: list[Identifier] = []
    """Reasons for which it may pause; empty means never."""
    ladder: list[Rung] = []
    """Extensions, each longer than the one before."""
    source: Source
    """Where it comes from."""


class Power(StrEnum):
    """What a role may do. Approval follows from the limits in ``authority`` alone."""

    HANDLE = "handle"
    INVESTIGATE = "investigate"
    CALL_BACK = "call_back"
    SUPERVISE = "supervise"


class Role(Model):
    """A role of staff."""

    title: ShortText
    """As people call it."""
    tier: int | None = Field(default=None, ge=1)
    """The highest tier whose complaints this role may own."""
    powers: list[Power] = []
    """What it may do."""
    expert: bool = False
    """An expert who may take a complaint over at the same tier when an expert is needed."""


class Entry(Model):
    """Conditions that lift a complaint to a tier at once. Any one is enough."""

    amount_from: list[Money] = []
    """Amount in dispute, per currency, from which this tier is responsible."""
    people_from: int | None = Field(default=None, ge=2)
    """Number of people complaining together."""
    contacts_from: int | None = Field(default=None, ge=1)
    """Number of times the customer had to contact the bank again."""
    earlier_complaints_from: int | None = Field(default=None, ge=1)
    """Number of earlier complaints of the same customer."""
    regulator: bool = False
    """A regulator is involved."""
    media: bool = False
    """Press or social media are involved."""
    vulnerable: bool = False
    """The customer needs special care."""


class Tier(Model):
    """One tier of the ladder."""

    name: ShortText
    """As people call it."""
    entry: Entry = Entry()
    """What lifts a complaint here at once."""
    take_over_within: Length
    """Time for somebody of this tier to take ownership."""
    answer_within: Length | None = None
    """Time of this tier to answer, from taking over; then the complaint climbs. The top tier has none."""


class Department(Model):
    """A department or partner that holds facts."""

    name: ShortText
    """As people call it."""
    accept_within: Length
    """Time to accept or decline."""
    answer_within: Length
    """Time to answer finally, from dispatch."""
    remind_before: Length
    """A reminder goes out this long before the answer is due."""
    climb_after: Length
    """When the answer is this late, the complaint climbs one tier. The head is informed when it becomes late."""


class Limit(Model):
    """How much a role may approve per complaint."""

    role: Identifier
    """The role."""
    currency: CurrencyCode
    """ISO 4217."""
    up_to: Decimal | None = Field(default=None, gt=0)
    """The most, over all payments of one complaint; empty for no limit."""


class Authority(Model):
    """Who may approve compensation. Sums count over the whole complaint, so that splitting does not help."""

    limits: list[Limit] = Field(min_length=1)
    """From the lowest authority to the highest, per currency."""
    four_eyes_above: list[Money] = []
    """Above this sum, per currency, two different people must approve."""


class Reply(Model):
    """What must and must not stand in letters to the customer."""

    outside_remedies: dict[Language, Text]
    """Where the customer can turn if not satisfied: named in every final response."""
    contact: dict[Language, Text]
    """How to reach the bank about the complaint."""
    avoid_words: dict[Language, list[ShortText]] = {}
    """Words that no letter may contain."""


class DayPart(Model):
    """A part of the day, by the firm's wall clock."""

    name: Identifier
    """Such as morning."""
    from_hour: int = Field(ge=0, le=23)
    """First hour."""
    to_hour: int = Field(ge=1, le=24)
    """First hour after it."""


class CallBack(Model):
    """Rules of the mandatory satisfaction call-back."""

    attempts: int = Field(ge=1)
    """Attempts needed before a supervisor may confirm that the customer cannot be reached."""
    different_day_parts: int = Field(ge=1)
    """In how many different day-parts."""
    spacing: Hours
    """Least time between two attempts that count."""
    day_parts: list[DayPart] = Field(min_length=1)
    """The day-parts; calls outside them are refused."""


class CalendarRule(Model):
    """Which calendar the pack counts by."""

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    """ISO 3166 country."""
    region: str | None = None
    """Subdivision, where holidays differ."""
    zone: str
    """IANA time zone of the firm."""
    makeup_days: bool = False
    """Whether the firm works the weekend days that make up for holidays."""


class Letter(Model):
    """One letter template, in ``string.Template`` notation."""

    subject: Text
    """Subject line."""
    body: Text
    """Text."""


class RulePack(Model):
    """Everything that differs between countries, regulators and banks."""

    name: Identifier
    """Name by which complaints choose it; also the file's name."""
    version: ShortText
    """Changes with every change of the pack."""
    valid_from: date
    """First day on which complaints may be received under it."""
    title: ShortText
    """What it covers."""
    calendar: CalendarRule
    """Which days count."""
    roles: dict[Identifier, Role]
    """Staff roles."""
    clocks: dict[ClockKind, ClockRule]
    """The clocks; a pack needs every kind."""
    progress_every: Length
    """How often the customer hears about progress while nothing is solved."""
    tiers: list[Tier] = Field(min_length=2)
    """From first line to top."""
    departments: dict[Identifier, Department] = Field(min_length=1)
    """Who can be asked."""
    authority: Authority
    """Who may approve money."""
    reply: Reply
    """What letters must say."""
    call_back: CallBack
    """How the customer is called back."""
    patience: Hours
    """How long a failing system is retried before a person is told. The retries go on."""
    letters: dict[Language, dict[LetterKind, Letter]]
    """The letters, per language."""

    @property
    def top_tier(self) -> int:
        """Number of the highest tier."""
        return len(self.tiers)


class PinnedRules(Model):
    """A rule pack with its calendar, as recorded with one complaint. Later edits of either do not touch it."""

    pack: RulePack
    """The pack, with the letters of the complainant's language only."""
    calendar: Calendar
    """Holidays of the years that the complaint may need."""
