"""The shape of a rule pack: deadlines, tiers, departments, authority, reply and call-back rules as dated data.

Rule packs are TOML files under ``rulepacks/``. :mod:`domain.packs` reads them and names the line that is wrong.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.calendar import Hours
from domain.clockrules import ClockKind, ClockRule, Length, Source
from domain.effects import LetterKind
from domain.model import COUNTRY_CODE, CurrencyCode, Identifier, Language, Model, Money, PlaceCode, ShortText

Text = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


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


class Element(Model):
    """Something that a letter must say by law or policy, beside its placeholders."""

    name: ShortText
    """What it is, as a refusal names it."""
    letters: list[LetterKind] = Field(min_length=1)
    """In which letters."""
    text: dict[Language, Text]
    """The words that must stand in them, per language; ``$law_by`` and other placeholders stand for themselves."""
    source: Source
    """Where it comes from."""


class Reply(Model):
    """What must and must not stand in letters to the customer."""

    outside_remedies: dict[Language, Text]
    """Where the customer can turn if not satisfied: named in every final response."""
    contact: dict[Language, Text]
    """How to reach the bank about the complaint."""
    elements: list[Element] = []
    """What letters must say, beside that."""
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


class Place(Model):
    """A country or region with holidays of its own."""

    country: Annotated[str, StringConstraints(pattern=COUNTRY_CODE)]
    """ISO 3166 country."""
    region: str | None = None
    """Subdivision, where holidays differ."""
    zone: str
    """IANA time zone of the firm there."""


class Announced(Model):
    """Days of one year that the holiday data do not know yet, as the authority or the firm announced them."""

    complete: bool = False
    """Whether this is the year's official notice, so that nothing in the year is provisional any more."""
    holidays: dict[date, ShortText] = {}
    """Days off with their names."""
    makeup_days: dict[date, ShortText] = {}
    """Weekend days that are worked, with the holiday they make up for."""
    worked: list[date] = []
    """Public holidays on which this firm works."""


class CalendarRule(Place):
    """Which calendar the pack counts by."""

    makeup_days: bool = False
    """Whether the firm works the weekend days that make up for holidays; a clock may say otherwise."""
    bank_holidays: bool = False
    """Whether days count as days off on which only banks are closed."""
    opens: time | None = None
    """Opening, for what is counted in business hours."""
    closes: time | None = None
    """Close of business, for business hours, and for clocks that end or are put off by it."""
    recheck_every: Length
    """How often years that are not published are asked for again, as long as a clock was counted through one."""
    places: dict[PlaceCode, Place] = {}
    """Other places whose complaints the pack is for, by ISO 3166 code, such as GB-SCT."""
    announced: dict[int, Announced] = {}
    """What the holiday data do not know, by year."""


class ProvisionalCredit(Model):
    """Money credited while an alleged error is investigated."""

    withhold_at_most: list[Money] = []
    """How much of the amount in dispute may be withheld, per currency."""
    debit_after: Length
    """When an unfounded credit is taken back, from the delivery of the notice that names the day."""
    source: Source
    """Where it comes from."""


class Consent(Model):
    """Whether a remedy waits for the complainant's consent."""

    needed: bool = True
    """False where the law has the firm correct an error without asking."""
    source: Source | None = None
    """Where it comes from, when it is not needed."""


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
    language: Language
    """Language of letters to complainants who asked for none."""
    calendar: CalendarRule
    """Which days count."""
    roles: dict[Identifier, Role]
    """Staff roles."""
    clocks: dict[ClockKind, ClockRule]
    """The clocks; a pack needs every kind of ``REQUIRED_CLOCKS``."""
    provisional_credit: ProvisionalCredit | None = None
    """Rules of provisional credits, where extensions need one."""
    consent: Consent = Consent()
    """Whether remedies wait for the complainant's consent."""
    progress_every: Length
    """How often the customer hears about progress while nothing is solved."""
    spread: Hours | None = None
    """How much earlier warnings, reminders and letters of progress may come, each complaint's at a point of its own, so
    that a night on which many deadlines end does not see all of them in one second; empty for never earlier."""
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
    patience_by_post: Length | None = None
    """The same for a letter by post, which is on its way for days; as for all others when missing."""
    letters: dict[Language, dict[LetterKind, Letter]]
    """The letters, per language."""

    @property
    def top_tier(self) -> int:
        """Number of the highest tier."""
        return len(self.tiers)

    @property
    def kinds(self) -> list[str]:
        """The kinds of complaint that its clocks tell apart."""
        return sorted({kind for rule in self.clocks.values() for kind in (*rule.kinds, *rule.not_for)})
