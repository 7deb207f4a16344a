"""Value types that every part of the domain shares.

All models are frozen and tolerate unknown fields, because stored state must outlive a field that a later version adds.
What comes from outside is read with :func:`domain.reading.read`, which forbids them.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from iso4217 import Currency
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator


class Model(BaseModel):
    """A frozen value. Unknown fields are tolerated here and forbidden where messages are read."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True)


class Record(BaseModel):
    """A part of the case file that changes during the life of the complaint."""

    model_config = ConfigDict(use_attribute_docstrings=True)


YEARS = range(1900, 2200)
"""Years of the instants that a complaint may name; near the first and the last of all years nothing can be counted."""


def _within_reach(instant: datetime) -> datetime:
    if instant.year not in YEARS:
        raise ValueError(f"the year must lie between {YEARS[0]} and {YEARS[-1]}")
    return instant


Instant = Annotated[AwareDatetime, AfterValidator(_within_reach)]
"""An instant with its offset; stored and compared in UTC."""

Crowd = Annotated[int, Field(ge=1, le=1_000_000_000)]
"""A number of people."""

IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
PLACE_CODE = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
COUNTRY_CODE = r"^[A-Z]{2}$"
CURRENCY_CODE = r"^[A-Z]{3}$"

Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER, min_length=1, max_length=80)]
"""An id that may appear in workflow ids, task ids and search attributes: never a name or an account number."""

InvestigationId = Annotated[str, StringConstraints(pattern=IDENTIFIER, min_length=1, max_length=40)]
"""Id of an investigation: short enough that the ids of the tasks about it can be built from it."""

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=500)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=25_000)]
PlaceCode = Annotated[str, StringConstraints(pattern=PLACE_CODE)]
"""ISO 3166 code of a country, such as GB, or of a part of it, such as GB-SCT."""
CurrencyCode = Annotated[str, StringConstraints(pattern=CURRENCY_CODE)]


class Money(Model):
    """An amount of one currency."""

    amount: Decimal = Field(gt=0, max_digits=18)
    """Greater than zero, with no more decimals than the currency has."""
    currency: CurrencyCode
    """ISO 4217 code, such as CNY."""

    @model_validator(mode="after")
    def _fits_the_currency(self) -> Self:
        try:
            exponent = Currency(self.currency).exponent or 0
        except ValueError:
            raise ValueError(f"{self.currency} is not an ISO 4217 currency") from None
        if -int(self.amount.normalize().as_tuple().exponent) > exponent:
            raise ValueError(f"{self.currency} has {exponent} decimals; {self.amount} has more")
        return self

    def __str__(self) -> str:
        return f"{self.amount:,f} {self.currency}"


class Staff(Model):
    """A person of the bank (or a partner) who acts on a complaint."""

    id: Identifier
    """Staff number or login, never a name."""
    role: Identifier
    """A role that the complaint's rule pack knows, such as first_line, specialist or call_back."""

    def __str__(self) -> str:
        return f"{self.id} ({self.role})"


class Channel(StrEnum):
    """A way in which the bank and a complainant reach each other."""

    APP = "app"
    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"
    BRANCH = "branch"
    WEB = "web"
    REGULATOR = "regulator"
    MEDIA = "media"
    OTHER = "other"


class Language(StrEnum):
    """Language of the letters to a complainant."""

    CHINESE = "zh"
    ENGLISH = "en"


class Evidence(Model):
    """A document or recording kept in the bank's own store; only its reference travels."""

    uri: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    """Where the bank keeps it."""
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    """Checksum of the document, lower-case hex."""
    description: ShortText
    """What it shows: call recording, CCTV, transaction log, risk questionnaire."""


class Nature(StrEnum):
    """What the complaint is about, in the terms of the handbooks."""

    UNCLEAR_EXPLANATION = "unclear_explanation"
    IMPROPER_MARKETING = "improper_marketing"
    BROKEN_PROMISE = "broken_promise"
    INFORMATION_LEAK = "information_leak"
    OPERATING_ERROR = "operating_error"
    SYSTEM_FAULT = "system_fault"
    SERVICE_ATTITUDE = "service_attitude"
    FEES = "fees"
    MIS_SELLING = "mis_selling"
    FACILITIES = "facilities"
    OTHER = "other"


class Responsibility(StrEnum):
    """Who is answerable for what happened."""

    FIRM = "firm"
    MISUNDERSTANDING = "misunderstanding"
    THIRD_PARTY = "third_party"
    SHARED = "shared"
    UNDETERMINED = "undetermined"


class Stage(StrEnum):
    """Where a complaint is in its life; always derived from the facts in the file."""

    UNREADABLE = "unreadable"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    IDENTITY_VERIFIED = "identity_verified"
    ASSESSED = "assessed"
    INVESTIGATING = "investigating"
    PROPOSING = "proposing"
    APPROVING = "approving"
    OFFERED = "offered"
    REMEDYING = "remedying"
    REPLYING = "replying"
    CALLING_BACK = "calling_back"
    CLOSING = "closing"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a complaint ended. Every one of them follows from a call-back."""

    SATISFIED = "satisfied"
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"


def total(moneys: list[Money]) -> dict[str, Decimal]:
    """Add money up per currency."""
    sums: dict[str, Decimal] = {}
    for money in moneys:
        sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.amount
    return sums


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two instants, either of which may be missing."""
    return max((instant for instant in (one, other) if instant), default=None)
