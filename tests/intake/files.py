"""Files of complaints for tests: the layouts that the Bureau has published, and what is read from them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from intake.source import Found, Rejected, complaints

LAYOUTS = {
    14: "Complaint ID,Product,Sub-product,Issue,Sub-issue,State,ZIP code,Submitted via,Date received,"
    "Date sent to company,Company,Company response,Timely response?,Consumer disputed?",
    16: "Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,Company public response,"
    "Company,State,ZIP code,Submitted via,Date sent to company,Company response to consumer,Timely response?,"
    "Consumer disputed?,Complaint ID",
    18: "Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,Company public response,"
    "Company,State,ZIP code,Tags,Consumer consent provided?,Submitted via,Date sent to company,"
    "Company response to consumer,Timely response?,Consumer disputed?,Complaint ID",
    19: "product,complaint_what_happened,date_sent_to_company,issue,sub_product,zip_code,tags,has_narrative,"
    "complaint_id,timely,consumer_consent_provided,company_response,submitted_via,company,date_received,state,"
    "consumer_disputed,company_public_response,sub_issue",
}
"""Headers by their number of columns: of the first years, of 2015, of today, and of the programming interface."""

CELLS = {
    "date_received": "2019-09-24",
    "product": "Debt collection",
    "sub_product": "Other debt",
    "issue": "Attempts to collect debt not owed",
    "sub_issue": "Debt is not yours",
    "consumer_complaint_narrative": "The debt is not mine.\nIt never was.",
    "complaint_what_happened": "The debt is not mine.\nIt never was.",
    "company": "TRANSWORLD SYSTEMS INC",
    "tags": "Older American",
    "submitted_via": "Web",
}
"""One complaint, by the names of all layouts."""

HEADER = "Date received,Product,Issue,Consumer complaint narrative,Submitted via,Complaint ID"
"""A table that has what is needed and little more."""


def layout(columns: int, *numbers: int, **changes: str) -> str:
    """A table in a layout of the Bureau, with one complaint per number."""
    header = LAYOUTS[columns].split(",")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for number in numbers:
        cells = CELLS | {"complaint_id": str(number)} | changes
        writer.writerow(cells.get(_plain(name), "") for name in header)
    return text.getvalue()


def table(*numbers: int, narrative: str = "Two\nlines") -> str:
    """A small table, with one complaint per number."""
    return "\n".join([HEADER, *(f'2019-09-24,Mortgage,Fees,"{narrative}",Web,{number}' for number in numbers), ""])


def file_of(content: bytes | str) -> io.BufferedReader:
    """A file with this content."""
    raw = content.encode() if isinstance(content, str) else content
    return io.BufferedReader(io.BytesIO(raw))


def read_all(content: bytes | str, encoding: str | None = None) -> list[Found | Rejected]:
    """Everything that is found in a file with this content."""
    return list(complaints(file_of(content), encoding=encoding))


def good(found: Iterable[Found | Rejected]) -> list[Found]:
    """The complaints of it."""
    return [one for one in found if isinstance(one, Found)]


def bad(found: Iterable[Found | Rejected]) -> list[Rejected]:
    """The rejected lines of it."""
    return [one for one in found if isinstance(one, Rejected)]


def references(found: Iterable[Found | Rejected]) -> list[str]:
    """The references of the complaints of it."""
    return [one.complaint.reference for one in good(found)]


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_").rstrip("?")
