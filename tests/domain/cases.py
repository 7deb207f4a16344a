"""A complaint on the desk of a test: its file, its clock, a bank that answers when told, and the procedure of
``workflows/complaint.py`` told without a server."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from activities.rules import Rules
from domain import callback, case, closing, errands, intake, remedies, requests, resolution, settling, timekeeping
from domain.casefile import CaseFile, Errand, ErrandKind, Proposal
from domain.complaint import Complaint
from domain.decisions import Decision, Receipt
from domain.effects import (
    Acknowledged,
    ArchiveReceipt,
    Calendars,
    CustomerRecord,
    Delivery,
    LedgerEntry,
    LetterOutcome,
    PayoutOrder,
    ReversalOrder,
    RulesQuery,
)
from domain.facts import Fact
from domain.model import Language, Money, Staff
from domain.pinned import PinnedRules
from domain.refusals import Refusal
from tests.domain import said

PACKS = Path(__file__).parents[2] / "rulepacks"


@cache
def rules(pack: str = "cn-banking", language: Language = Language.ENGLISH) -> PinnedRules:
    """A shipped rule pack with its calendar, resolved once for all tests."""
    query = RulesQuery(rule_pack=pack, received_at=said.RECEIVED, language=language)
    return asyncio.run(Rules(PACKS).resolve_rules(query))


Step = tuple[str, tuple[Any, ...]]


class Case:
    """One complaint and everything that happens to it, recorded so that it can be played again."""

    def __init__(self, complaint: Complaint | None = None, pinned: PinnedRules | None = None) -> None:
        self.complaint = complaint or said.complaint()
        self.pinned = pinned or rules(language=self.complaint.complainant.language)
        self.now = self.complaint.received_at.astimezone(UTC)
        self.file: CaseFile = case.open_case(self.complaint, self.now)
        intake.open_file(self.file, self.pinned, self.now)
        self.steps: list[Step] = []
        self.ledger: dict[str, tuple[PayoutOrder, LedgerEntry]] = {}
        self.account: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.closed: closing.ClosedComplaint | None = None
        self._sent = 0
        self._story = self._life()
        self._waits_for: Callable[[], bool] = next(self._story)
        self._go_on()

    # What happens ---------------------------------------------------------------------------------------------------

    def decide(self, message: Decision, message_id: str | None = None) -> Receipt | Refusal:
        """Somebody sends a decision."""
        self._sent += 1
        message_id = message_id or f"decision-{self._sent}"
        self.steps.append(("decide", (message, message_id)))
        timekeeping.run_out(self.file, self.now)
        answer = case.decide(self.file, message, message_id, self.now)
        self._go_on()
        return answer

    def learn(self, fact: Fact) -> None:
        """A department or a system sends a fact."""
        self._happen("learn", (fact,), lambda: case.learn(self.file, fact, self.now))

    def quarantine(self, name: str, reason: str) -> None:
        """Something unreadable arrives."""
        self._happen("quarantine", (name, reason), lambda: case.quarantine(self.file, name, reason, self.now))

    def answer(self, errand_id: str, outcome: settling.Outcome) -> None:
        """A system of the bank answers an errand."""
        errand = self.errand(errand_id)
        self._book(errand, outcome)
        change = settling.errand_answered
        self._happen("answer", (errand_id, outcome), lambda: change(self.file, errand, outcome, self.now))

    def _book(self, errand: Errand, outcome: settling.Outcome) -> None:
        """The ledger's own books: what was ordered and what stands booked, by idempotency key."""
        if isinstance(outcome, LedgerEntry):
            order = requests.request(self.file, errand, "complaint-CB-2026-0001")
            sign = 1 if isinstance(order, PayoutOrder) else -1
            self.account[outcome.money.currency] += sign * outcome.money.amount
            if isinstance(order, PayoutOrder):
                self.ledger[order.key] = (order, outcome)
            elif isinstance(order, ReversalOrder):
                self.ledger = {key: booked for key, booked in self.ledger.items() if booked[1].entry != order.entry}

    def give_up(self, errand_id: str) -> None:
        """A system of the bank says that an errand is impossible."""
        errand = self.errand(errand_id)
        change = errands.impossible
        self._happen("give_up", (errand_id,), lambda: change(self.file, errand, "refused by the system", self.now))

    def cancel(self) -> None:
        """Somebody cancels the workflow: a withdrawal like any other."""
        if not self.file.withdrawn and self.file.outcome is None:
            change = settling.withdraw
            self._happen("cancel", (), lambda: change(self.file, "cancel requested", None, self.now))

    def wait(self, **span: float) -> None:
        """Time passes, and what falls due on the way happens at its instant."""
        self.wait_until(self.now + timedelta(**span))

    def wait_until(self, instant: datetime) -> None:
        """Time passes until an instant."""
        self.steps.append(("wait_until", (instant,)))
        while (due := min(timekeeping.upcoming(self.file), key=lambda due: due.at, default=None)) and due.at <= instant:
            self.now = max(self.now, due.at)
            timekeeping.run_out(self.file, self.now)
            self._go_on()
        self.now = instant.astimezone(UTC)

    def _happen(self, name: str, content: tuple[Any, ...], change: Callable[[], None]) -> None:
        self.steps.append((name, content))
        timekeeping.run_out(self.file, self.now)
        change()
        self._go_on()

    def play(self, steps: list[Step]) -> None:
        """Let everything happen that was recorded of another case."""
        for name, content in steps:
            getattr(self, name)(*content)

    # What the bank's systems do ---------------------------------------------------------------------------------------

    def errand(self, errand_id: str) -> Errand:
        """The errand with an id; it was ordered."""
        errand = errands.find(self.file, errand_id)
        assert errand is not None, f"{errand_id} was not ordered: {[errand.id for errand in self.file.errands]}"
        return errand

    def pending(self, *kinds: ErrandKind) -> list[Errand]:
        """Errands on their way."""
        return [errand for errand in self.file.errands if errand.pending and (not kinds or errand.kind in kinds)]

    def do(self, *errand_ids: str) -> None:
        """The systems do what they were asked, without a fault."""
        for errand_id in errand_ids:
            self.answer(errand_id, good_outcome(self, self.errand(errand_id)))

    def do_all(self) -> None:
        """The systems do everything that is on its way, and what follows from it."""
        while waiting := self.pending():
            self.do(*(errand.id for errand in waiting))

    # The procedure of the workflow ------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        timekeeping.run_out(self.file, self.now)
        while self.closed is None and self._waits_for():
            try:
                self._waits_for = next(self._story)
            except StopIteration:
                break

    def _life(self) -> Iterator[Callable[[], bool]]:
        file = self.file
        while not file.outcome:
            yield from self._cycle()
        closing.order_final_position(file, self.now)
        yield lambda: closing.nothing_left(file)
        closing.order_archive(file, self.now)
        yield lambda: closing.archived(file) and closing.nothing_left(file)
        self.closed = closing.close(file, self.now)
        file.closed_at = self.closed.closed_at

    def _cycle(self) -> Iterator[Callable[[], bool]]:
        file = self.file
        if not file.withdrawn:
            intake.order_acknowledgement(file, self.now)
        yield lambda: file.acknowledged_at is not None or file.withdrawn
        yield lambda: file.identity_verified_at is not None or file.withdrawn
        yield lambda: file.cycle.assessment is not None or file.withdrawn
        yield lambda: resolution.findings_complete(file) or file.withdrawn
        while not (file.withdrawn or self._settled()):
            yield lambda: file.withdrawn or self._settled() or self._approved()
            resolution.make_offer(file, self.now)
        remedies.start(file, self.now)
        yield lambda: not remedies.owed(file) or resolution.reports_at_once(file)
        if not file.withdrawn:
            resolution.order_final_response(file, self.now)
        yield lambda: file.cycle.answered_at is not None or file.withdrawn
        yield lambda: not remedies.owed(file)
        cycle = file.cycle
        callback.begin(file, self.now)
        yield lambda: cycle.callback_at is not None

    def _settled(self) -> bool:
        return self.proposal is not None and self.proposal.settled

    def _approved(self) -> bool:
        return self.proposal is not None and self.proposal.status == "approved"

    # What a test looks at ---------------------------------------------------------------------------------------------

    @property
    def stage(self) -> str:
        """Where the complaint is."""
        return case.stage(self.file)

    @property
    def proposal(self) -> Proposal | None:
        """The proposal on the table."""
        return self.file.cycle.proposal

    def send(self, name: str, by: Staff | None = None, **changes: Any) -> Receipt | Refusal:
        """Send an ordinary message of a kind; the owner sends what owners send."""
        sender = by or said.SENDERS.get(name) or self.file.owner
        return self.decide(said.decision(name, sender, **changes))

    def must(self, name: str, by: Staff | None = None, **changes: Any) -> Receipt:
        """Send a message that has to be accepted."""
        answer = self.send(name, by, **changes)
        assert isinstance(answer, Receipt), answer
        return answer

    def refused(self, name: str, by: Staff | None = None, **changes: Any) -> str:
        """Send a message that has to be refused without a trace, and tell the code."""
        timekeeping.run_out(self.file, self.now)
        before = self.file.model_dump_json()
        answer = self.send(name, by, **changes)
        assert isinstance(answer, Refusal), answer
        assert self.file.model_dump_json() == before
        return answer.code

    def tell(self, name: str, by: Staff | None = None, **changes: Any) -> None:
        """Send an ordinary fact of a kind."""
        self.learn(said.fact(name, by, **changes))

    def wrote(self, what: str) -> int:
        """How often the journal has a line of a kind."""
        return sum(entry.what == what for entry in self.file.journal)


def good_outcome(case_: Case, errand: Errand) -> settling.Outcome:
    """What a system answers when all goes well."""
    match errand.kind:
        case ErrandKind.LOOKUP:
            return CustomerRecord(known=True, customer_key="k-1")
        case ErrandKind.LETTER:
            return delivered(case_)
        case ErrandKind.PAYOUT | ErrandKind.CREDIT | ErrandKind.REVERSAL | ErrandKind.DEBIT:
            return booking(case_, _asked(case_, errand), f"entry-{errand.id}")
        case ErrandKind.ARCHIVE:
            return ArchiveReceipt(stored_at=case_.now)
        case ErrandKind.CALENDARS:
            return Calendars(by_pack={})
        case _:
            return Acknowledged(ticket=f"ticket-{errand.id}")


def _asked(case_: Case, errand: Errand) -> Money:
    """The sum that the ledger is asked to book: of a reversal without one, the whole booking."""
    order = requests.request(case_.file, errand, "complaint-CB-2026-0001")
    assert isinstance(order, PayoutOrder | ReversalOrder)
    if isinstance(order, PayoutOrder):
        return order.money
    booked = (entry.money for _, entry in case_.ledger.values() if entry.entry == order.entry)
    return order.money or next(booked)


def delivered(case_: Case) -> LetterOutcome:
    """A letter arrived."""
    return LetterOutcome(letter_id="letter-1", delivery=Delivery.DELIVERED, at=case_.now)


def bounced(case_: Case) -> LetterOutcome:
    """A letter came back."""
    return LetterOutcome(letter_id="letter-1", delivery=Delivery.BOUNCED, at=case_.now)


def booking(case_: Case, money: Money, entry: str = "entry-1") -> LedgerEntry:
    """The ledger booked an amount."""
    return LedgerEntry(entry=entry, money=money, booked_at=case_.now)
