"""Complaints as published by the US Consumer Financial Protection Bureau: one row of its table is one complaint.

Columns are found by name, so that the layouts of all years can be read, and those of its programming interface too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from domain.complaint import Complainant, Complaint, RegulatorReferral, Subject
from domain.model import Channel, Language, Model
from domain.reading import Unreadable, explain

RULE_PACK = "us-cfpb"
REGULATOR = "Consumer Financial Protection Bureau"
WASHINGTON = ZoneInfo("America/New_York")

CHANNELS = {
    "web": Channel.WEB,
    "phone": Channel.PHONE,
    "postal_mail": Channel.POST,
    "email": Channel.EMAIL,
    "referral": Channel.REGULATOR,
}
"""Fax and whatever comes later is another way."""

ALIASES = {
    "complaint_what_happened": "consumer_complaint_narrative",
    "company_response": "company_response_to_consumer",
    "timely": "timely_response",
    "consumer_disputed": "consumer_disputed",
}
"""Names of the first years' layout, and of the programming interface."""

FIELDS = {
    "product": "product",
    "business_type": "sub_product",
    "branch": "company",
    "summary": "issue",
    "narrative": "consumer_complaint_narrative",
}
"""The column that a field of the complaint comes from; all others come from the number."""

LONGEST_NARRATIVE = 24_000


class WrongCell(Unreadable):
    """A cell is not what its column should hold. The text says why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column


def columns(header: list[str]) -> list[str]:
    """The columns by the names used here, or why this is not such a table."""
    named = [ALIASES.get(name, name) for name in map(_plain, header)]
    missing = {"complaint_id", "date_received", "product", "issue"} - set(named)
    if missing:
        named_not = ", ".join(sorted(missing))
        raise Unreadable(f"the header names no {named_not}: it is neither a table of CFPB complaints nor JSON lines")
    return named


def complaint_of(row: Mapping[str, str]) -> Complaint:
    """One row as a complaint. The data are anonymous; the complainant is called by the complaint's number.

    Raises:
        WrongCell: the first cell that is wrong.
    """
    number = row["complaint_id"].strip()
    if not number.isascii() or not number.isdigit():
        raise WrongCell("complaint_id", "this is not a number")
    try:
        return _complaint(row, number)
    except ValidationError as wrong:
        field = str(wrong.errors(include_input=False, include_url=False)[0]["loc"][0])
        raise WrongCell(FIELDS.get(field, "complaint_id"), explain(wrong)) from None


def _complaint(row: Mapping[str, str], number: str) -> Complaint:
    channel = CHANNELS.get(_plain(row.get("submitted_via", "")), Channel.OTHER)
    return Complaint(
        reference=f"cfpb-{number}",
        received_at=received_at(row["date_received"]),
        channel=channel,
        complainant=Complainant(
            name=f"Complainant of {number}", customer_number=f"cfpb-{number}", language=Language.ENGLISH
        ),
        subject=Subject(
            product=row["product"], business_type=row.get("sub_product") or None, branch=row.get("company") or None
        ),
        narrative=_narrative(row),
        summary=f"{_issue(row)} ({row['product']})"[:500],
        vulnerable="Older American" in row.get("tags", ""),
        regulator=RegulatorReferral(regulator=REGULATOR, their_reference=number)
        if channel is Channel.REGULATOR
        else None,
        rule_pack=RULE_PACK,
    )


def received_at(text: str) -> datetime:
    """Noon in Washington of the day on which the Bureau received it: the table gives no time of day."""
    for layout in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            day = datetime.strptime(text.strip()[:10], layout).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return datetime.combine(day, time(12), WASHINGTON).astimezone(UTC)
    raise WrongCell("date_received", "this is not a date")


class Response(StrEnum):
    """What the company did in the end, in the Bureau's terms."""

    EXPLANATION = "closed_with_explanation"
    NON_MONETARY_RELIEF = "closed_with_non_monetary_relief"
    MONETARY_RELIEF = "closed_with_monetary_relief"
    UNTIMELY = "untimely_response"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


RESPONSES = {
    "closed_with_relief": Response.MONETARY_RELIEF,
    "closed_without_relief": Response.EXPLANATION,
}
"""Terms that the Bureau used until 2012."""


class RecordedResponse(Model):
    """How a complaint went in reality; scripted staff follow it."""

    response: Response | None
    """What the company did; empty when the table does not say."""
    timely: bool
    """Whether it answered within the Bureau's time."""
    disputed: bool
    """Whether the consumer disputed the answer."""


def recorded_response(row: Mapping[str, str]) -> RecordedResponse:
    """What the table says about the end of a complaint."""
    words = _plain(row.get("company_response_to_consumer", ""))
    known = words in set(Response)
    return RecordedResponse(
        response=Response(words) if known else RESPONSES.get(words),
        timely=_plain(row.get("timely_response", "")) != "no",
        disputed=_plain(row.get("consumer_disputed", "")) == "yes",
    )


def _narrative(row: Mapping[str, str]) -> str:
    text = row.get("consumer_complaint_narrative", "").strip()
    if not text:
        return f"The consumer's own words were not published. The complaint is about: {_issue(row)}."
    if len(text) > LONGEST_NARRATIVE:
        return f"{text[:LONGEST_NARRATIVE]} [cut here; the rest stands in the Bureau's table]"
    return text


def _issue(row: Mapping[str, str]) -> str:
    return ": ".join(part for part in (row["issue"].strip(), row.get("sub_issue", "").strip()) if part)


def _plain(name: str) -> str:
    """A column's name or a term as one lower-case word."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
