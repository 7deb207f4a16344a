"""What the workflow asks of the bank's systems, and what they answer: the arguments and results of the activities."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.calendar import Calendar
from domain.complaint import Complainant, Complaint
from domain.compressed import Compressed
from domain.model import Channel, Identifier, Instant, Language, Model, Money, PlaceCode, Staff


class Order(Model):
    """What every request to a system of the bank carries."""

    reference: Identifier
    """The complaint."""
    workflow_id: str
    """Where answers go: the workflow's id."""
    key: str
    """Idempotency key: the same key twice has its effect once."""


class RulesQuery(Model):
    """Which rules apply to a complaint."""

    rule_pack: Identifier | None = None
    """Name of the leading rule pack, if the complaint names one."""
    also_under: list[Identifier] = []
    """Further rule packs that the complaint names."""
    jurisdiction: PlaceCode | None = None
    """Whose law applies, and whose holidays."""
    kind: Identifier | None = None
    """The kind of complaint, where packs tell kinds apart."""
    products: list[str] = []
    """What it is about: product and business type."""
    channel: Channel | None = None
    """How it came."""
    regulator: str | None = None
    """The authority that passed it on, if one did."""
    received_at: Instant
    """Holidays are resolved from this year on."""
    language: Language | None = None
    """Letters are resolved in this language; in the pack's own when empty."""

    @classmethod
    def of(cls, complaint: Complaint) -> RulesQuery:
        """What decides on the rules of a complaint: nothing in it is personal."""
        subject = complaint.subject
        return cls(
            rule_pack=complaint.rule_pack, also_under=complaint.also_under, jurisdiction=complaint.jurisdiction,
            kind=complaint.kind, products=[name for name in (subject.product, subject.business_type) if name],
            channel=complaint.channel, regulator=complaint.regulator.regulator if complaint.regulator else None,
            received_at=complaint.received_at, language=complaint.complainant.language,
        )  # fmt: skip


class CalendarsQuery(Model):
    """Ask for years of calendars that were not published before."""

    jurisdiction: PlaceCode | None = None
    """Where the complaint's days are counted."""
    years: dict[Identifier, list[int]]
    """The years, by rule pack."""


class Calendars(Model):
    """Calendars in which some of the years are published now."""

    by_pack: dict[Identifier, Calendar]
    """By rule pack; those in which none is are left out."""


class CustomerQuery(Model):
    """Ask the directory about a complainant."""

    reference: Identifier
    """The complaint."""
    complainant: Complainant
    """Who complains."""


class CustomerRecord(Model):
    """What the directory knows, without anything that the file need not hold."""

    known: bool
    """Whether the directory knows the complainant."""
    customer_key: str
    """Keyed hash of the customer number: finds all complaints of one customer without naming them."""
    earlier_complaints: list[str] = Field(default=[], max_length=100)
    """References of this customer's earlier complaints."""
    vulnerable: bool = False
    """Whether the directory marks the customer as in need of special care."""


class LetterKind(StrEnum):
    """The letters and messages that the bank sends to complainants."""

    ACKNOWLEDGEMENT = "acknowledgement"
    PROGRESS = "progress"
    EXTENSION_NOTICE = "extension_notice"
    OFFER = "offer"
    FINAL_RESPONSE = "final_response"
    FINAL_POSITION = "final_position"
    PAUSE_NOTICE = "pause_notice"
    SHORT_SETTLEMENT = "short_settlement"
    PROVISIONAL_CREDIT = "provisional_credit"
    CREDIT_REVERSAL = "credit_reversal"


class LetterOrder(Order):
    """Send one letter by one channel."""

    kind: LetterKind
    """Which letter."""
    channel: Channel
    """How it goes."""
    to: Complainant
    """Who receives it: the complainant, or who represents them."""
    subject: str
    """Subject line."""
    body: str
    """Text, in the complainant's language."""


class Delivery(StrEnum):
    """What became of a letter."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"


class LetterOutcome(Model):
    """Proof of delivery, or of a bounce."""

    letter_id: str
    """The letter system's own id."""
    delivery: Delivery
    """Delivered or bounced."""
    at: Instant
    """When it was delivered or came back, by the letter system's clock."""


class InvestigationOrder(Order):
    """Hand an investigation to a department's own tool."""

    investigation: Identifier
    """Id to quote in the answer."""
    department: Identifier
    """Who is asked."""
    question: str
    """What to find out."""
    accept_by: Instant
    """When the department must have accepted."""
    answer_by: Instant
    """When it must have answered."""
    recused: list[str] = []
    """Staff who must not investigate, because they are complained of."""


class InvestigationRequest(InvestigationOrder):
    """An investigation as the department's own tool gets it."""

    ready_messages: dict[str, Any]
    """Ready-to-send JSON of each signal that answers this, by signal name."""


class RemedyOrder(Order):
    """Hand a remedy to the department that carries it out."""

    remedy: Identifier
    """Id of the remedy; its task is ``remedy-<id>``."""
    department: Identifier
    """Who carries it out."""
    kind: str
    """What it is."""
    description: str
    """What is to be done."""
    due: Instant
    """By when."""


class RemedyRequest(RemedyOrder):
    """A remedy as the department's own tool gets it."""

    ready_messages: dict[str, Any]
    """Ready-to-send JSON of the update that reports it done."""


class NoticeOrder(Order):
    """Tell a department, its head, an approver or a desk of the bank about something due or overdue."""

    to: str
    """A department, the head of one (``head-of-<department>``), or a role."""
    kind: str
    """assignment, reminder, head_informed, warning, breach, escalation, approval, callback, withdrawn, task."""
    text: str
    """What they need to know, without personal data."""
    due: Instant | None = None
    """By when something is to be done."""


class Acknowledged(Model):
    """A department tool took a request in."""

    ticket: str
    """The tool's own id."""


class PayoutOrder(Order):
    """Pay a remedy, or a provisional credit, to the customer, once."""

    remedy: Identifier
    """Which remedy of the complaint, or which provisional credit."""
    customer_number: Identifier | None
    """Whom to pay; the ledger knows the account."""
    money: Money
    """How much."""
    kind: str
    """Refund, compensation, fee waiver, voucher, or provisional_credit."""
    approved_by: list[Staff]
    """Who approved it."""


class ReversalOrder(Order):
    """Reverse a booking that was not what was approved, or take a provisional credit back."""

    remedy: Identifier
    """Which remedy, or which provisional credit."""
    entry: str
    """The booking to reverse."""
    money: Money | None = None
    """How much of it, where only a part is taken back; empty for the whole booking."""


class LedgerEntry(Model):
    """A booking in the bank's ledger."""

    entry: str
    """The ledger's own id of it."""
    money: Money
    """What was booked."""
    booked_at: Instant
    """When, by the ledger's clock."""


class JournalPage(Order):
    """Older entries of a long journal, moved out of the workflow's state."""

    first: int
    """Number of the first entry on the page, counted from 0 over the whole complaint."""
    entries: list[dict[str, Any]]
    """The entries."""


class ArchiveOrder(Compressed, Order):
    """Keep a closed complaint for as long as the bank must."""

    complaint: Complaint
    """As received."""
    closed: dict[str, Any]
    """The ``ClosedComplaint``."""
    file: dict[str, Any]
    """The whole case file at the end, with what remains of its journal."""


class ArchiveReceipt(Model):
    """The archive holds it."""

    stored_at: Instant
    """When it was stored (first, if it was stored before)."""
