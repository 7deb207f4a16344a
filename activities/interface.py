"""The activities by name and shape: all that workflows know of the bank's systems.

The classes beside this module carry them out. Each has an idempotency key in its order, and classifies its errors: what
may pass later is retried without end, what never will raises a non-retryable ``ApplicationError``.
"""

from temporalio import activity

from domain.complaint import Complaint
from domain.effects import (
    Acknowledged,
    ArchiveOrder,
    ArchiveReceipt,
    Calendars,
    CalendarsQuery,
    CustomerQuery,
    CustomerRecord,
    InvestigationOrder,
    JournalPage,
    LedgerEntry,
    LetterOrder,
    LetterOutcome,
    NoticeOrder,
    PayoutOrder,
    RemedyOrder,
    ReversalOrder,
    RulesQuery,
)
from domain.patrol import Round
from domain.pinned import PinnedRules
from domain.reopening import ClosedBefore


@activity.defn
async def closed_before(complaint: Complaint) -> ClosedBefore | None:
    """Ask the archive whether a complaint of this reference was closed before."""
    raise NotImplementedError


@activity.defn
async def resolve_rules(query: RulesQuery) -> PinnedRules:
    """Read the rule pack and the holidays of the years that the complaint may need."""
    raise NotImplementedError


@activity.defn
async def resolve_calendars(query: CalendarsQuery) -> Calendars:
    """Read the calendars of a complaint's rule packs again, for years that were not published before."""
    raise NotImplementedError


@activity.defn
async def look_up_customer(query: CustomerQuery) -> CustomerRecord:
    """Ask the customer directory who complains, and what they complained of before."""
    raise NotImplementedError


@activity.defn
async def send_letter(order: LetterOrder) -> LetterOutcome:
    """Send a letter and wait for the proof of delivery, or for the bounce."""
    raise NotImplementedError


@activity.defn
async def dispatch_investigation(order: InvestigationOrder) -> Acknowledged:
    """Put a question into a department's own tool."""
    raise NotImplementedError


@activity.defn
async def dispatch_remedy(order: RemedyOrder) -> Acknowledged:
    """Put a remedy into the tool of the department that carries it out."""
    raise NotImplementedError


@activity.defn
async def notify_staff(order: NoticeOrder) -> Acknowledged:
    """Tell a department, its head or a desk what is due or overdue."""
    raise NotImplementedError


@activity.defn
async def pay_out(order: PayoutOrder) -> LedgerEntry:
    """Book a payment to the customer, once."""
    raise NotImplementedError


@activity.defn
async def reverse_payment(order: ReversalOrder) -> LedgerEntry:
    """Reverse a booking, once."""
    raise NotImplementedError


@activity.defn
async def keep_journal_page(page: JournalPage) -> ArchiveReceipt:
    """Move older journal entries of a long complaint into the archive, once."""
    raise NotImplementedError


@activity.defn
async def archive_complaint(order: ArchiveOrder) -> ArchiveReceipt:
    """Keep the closed complaint, once."""
    raise NotImplementedError


@activity.defn
async def look_for_lost(told: list[str]) -> Round:
    """Find the complaints that ended otherwise than by their call-back and the archive; told are the known ones."""
    raise NotImplementedError
