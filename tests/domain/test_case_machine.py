"""Guarantees proved here, whatever people, departments, systems and time do, in whatever order:

- no complaint closes without the outcome of a call-back, and every open complaint is somebody's turn;
- money is ordered only after approval by people with the authority, with the customer's recorded consent where the law
  asks for it, once, and never more than was approved; who approves neither proposed nor owns the complaint;
- what the customer has in the end is what was decided, provisional credits included, and what is final stays;
- nobody complained of handles, investigates, approves or calls; who calls back neither handled nor approved;
- the tier never falls, a breach is never unwritten, the promise is never later than any law;
- counted anew from the log, every clock runs out when it was said to, before and after the file is stored;
- every accepted message is on file, a refused one leaves no trace, the file survives being stored at any moment;
- the time of all tiers and parties adds up to the time that went by, and none of it is counted twice;
- the same messages in the same order give the same file.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from domain import clocks, closing, tasks
from domain.casefile import CaseFile, ErrandKind
from domain.clockrules import ClockKind
from domain.compensation import may_approve
from domain.credits import to_be_debited
from domain.decisions import Decision, ExtendDeadline, Receipt
from domain.effects import Calendars
from domain.model import Money, Staff
from domain.refusals import Refusal
from domain.staff import has_handled, took_part_before
from domain.timeledger import department_time, time_ledger
from tests.domain import credit_cases, stages
from tests.domain.anything import decisions, facts, filled_in, settlements, spans
from tests.domain.cases import Case, booking, bounced, good_outcome
from tests.domain.money_machine import MoneyMachine
from tests.domain.people import ACCUSED
from tests.domain.pinned import PACK_NAMES, pausing, published

CREDITS = [credit_cases.assessed, credit_cases.ordered, credit_cases.credited, credit_cases.to_be_reversed]
UNDER = [partial(stages.assessed_under, pausing(ClockKind.LAW, ClockKind.PROMISE, pack=name)) for name in PACK_NAMES]
"""Under every pack, with clocks that may stand still."""
UNCERTAIN = partial(stages.assessed_under, published(pausing(ClockKind.LAW), 2025))
"""Not even the year of receipt is published."""
BEGINNINGS = [
    *stages.ALONG.values(), stages.withdrawn, stages.final_position, stages.large_claim, *CREDITS, *UNDER, UNCERTAIN,
]  # fmt: skip


def next_year(file: CaseFile) -> Calendars:
    """The first year that was missing is published, with a week off that nobody expected."""
    calendar = file.pinned().calendar
    year = next(year for year in range(2025, 2100) if year not in calendar.published)
    week = {date(year, 3, day): "a holiday" for day in range(9, 14)}
    newer = calendar.model_copy(update={"holidays": week, "published": [*calendar.published, year]})
    return Calendars(by_pack={file.pinned().pack.name: newer})


class ComplaintMachine(MoneyMachine):
    """One complaint, pushed about by everything that can happen to it."""

    tier = 1

    @initialize(begin=st.sampled_from(BEGINNINGS))
    def begin(self, begin: Any) -> None:
        self.case = begin()
        self.tier = self.case.file.tier
        self.breaches: dict[str, datetime] = {}
        self.accepted: dict[str, str] = {}

    # What happens ---------------------------------------------------------------------------------------------------

    @rule(data=st.data())
    def somebody_decides(self, data: st.DataObject) -> None:
        """Anybody sends anything that the interface can read."""
        self._send(data.draw(decisions(self.file)))

    @rule(data=st.data())
    def whose_turn_it_is_acts(self, data: st.DataObject) -> None:
        """The person whose turn it is sends the ready message, filled in."""
        if turn := tasks.open_tasks(self.file):
            message = data.draw(filled_in(self.file, data.draw(st.sampled_from(turn))))
            if isinstance(message, Decision):
                self._send(message)
            else:
                self.case.learn(message)

    @precondition(lambda self: any(task.settled_at is None for task in self.file.tasks))
    @rule(data=st.data())
    def a_supervisor_settles_a_task(self, data: st.DataObject) -> None:
        self._send(data.draw(settlements(self.file)))

    @rule(data=st.data())
    def something_is_reported(self, data: st.DataObject) -> None:
        fact = data.draw(facts(self.file))
        before = len(self.file.journal)
        self.case.learn(fact)
        self.accepted[fact.message_id] = fact.NAME
        assert any(entry.what == fact.NAME for entry in self.file.journal[before:])

    @rule(span=spans)
    def time_passes(self, span: dict[str, int]) -> None:
        self.case.wait(**span)

    @precondition(lambda self: self.case.pending())
    @rule(data=st.data(), fate=st.sampled_from(["done", "done", "done", "bounced", "wrong", "impossible"]))
    def a_system_answers(self, data: st.DataObject, fate: str) -> None:
        errand = data.draw(st.sampled_from(self.case.pending()))
        match fate, errand.kind:
            case "wrong" | "bounced", ErrandKind.CALENDARS:
                self.case.answer(errand.id, next_year(self.file))
            case "bounced", ErrandKind.LETTER:
                self.case.answer(errand.id, bounced(self.case))
            case "wrong", ErrandKind.PAYOUT | ErrandKind.CREDIT | ErrandKind.DEBIT:
                wrong = booking(self.case, Money(amount=Decimal(77), currency="CNY"), f"wrong-{errand.id}")
                self.case.answer(errand.id, wrong)
            case "impossible", _:
                self.case.give_up(errand.id)
            case _:
                self.case.answer(errand.id, good_outcome(self.case, errand))

    @rule()
    def all_systems_answer(self) -> None:
        self.case.do_all()

    @rule()
    def somebody_cancels(self) -> None:
        self.case.cancel()

    @rule()
    def something_unreadable_arrives(self) -> None:
        self.case.quarantine("assess", "points is missing")

    def _send(self, message: Decision) -> None:
        self.case.wait()
        before = self.file.model_dump_json()
        allowed = self._allowed_to(message)
        answer = self.case.decide(message)
        if isinstance(answer, Refusal):
            assert self.file.model_dump_json() == before
            return
        assert allowed is None, f"{message.NAME} was accepted although {allowed}"
        self.accepted[answer.message] = message.NAME
        self._repeat(message, answer)

    def _repeat(self, message: Decision, receipt: Receipt) -> None:
        """The same message again changes nothing and gets the same receipt."""
        before = self.file.model_dump_json()
        again = self.case.decide(message, receipt.message)
        assert again == receipt.model_copy(update={"repeated": True})
        assert self.file.model_dump_json() == before

    def _allowed_to(self, message: Decision) -> str | None:
        """Why the person must not send this now, judged apart from the checks of the case."""
        by, proposal = message.by, self.case.proposal
        if by.id in self.file.recused:
            return "the sender is complained of"
        if message.NAME == "decide_compensation" and proposal:
            return self._may_not_approve(by)
        if isinstance(message, ExtendDeadline) and message.credit and has_handled(self.file, by):
            return "who grants the credit has owned the complaint"
        if message.NAME in ("record_callback", "confirm_unreachable") and took_part_before(self.file, by):
            return "the caller handled, investigated or approved"
        return None

    def _may_not_approve(self, by: Staff) -> str | None:
        proposal = self.case.proposal
        assert proposal is not None
        if proposal.by.id == by.id:
            return "the approver proposed it"
        if has_handled(self.file, by):
            return "the approver has owned the complaint"
        return None if may_approve(self.file, by.role, proposal) else "the authority does not reach"

    # What always holds ----------------------------------------------------------------------------------------------

    @invariant()
    def closed_only_after_a_call_back(self) -> None:
        if self.file.outcome is None:
            assert not self.file.closed_at
            with pytest.raises(RuntimeError, match="call-back"):
                closing.close(self.file, self.case.now)
        else:
            cycle = self.file.cycle
            assert cycle.callback_at
            assert cycle.unreachable_confirmed_by or cycle.calls[-1].reached

    @invariant()
    def nobody_complained_of_takes_part(self) -> None:
        done = [entry.by.id for entry in self.file.journal if entry.by and entry.what not in FACTS_OF_ANYBODY]
        assert ACCUSED not in done
        assert all(finding.by.id != ACCUSED for inquiry in self.file.investigations for finding in inquiry.findings)
        assert all(ownership.owner.id != ACCUSED for ownership in self.file.owners)

    @invariant()
    def the_tier_never_falls(self) -> None:
        assert self.file.tier >= self.tier
        self.tier = self.file.tier

    @invariant()
    def breaches_are_never_unwritten(self) -> None:
        now = {clock.id: clock.breached_at for clock in self.file.clocks if clock.breached_at}
        assert all(now.get(clock) == at for clock, at in self.breaches.items())
        self.breaches = dict(now)
        assert all(clock.breached_at == clock.due_at for clock in self.file.clocks if clock.breached_at)

    @invariant()
    def what_ran_out_is_written_at_the_instant(self) -> None:
        for clock in self.file.clocks:
            assert not (clock.ticking and clock.due_at < self.case.now), clock.id

    @invariant()
    def the_promise_is_never_later_than_any_law(self) -> None:
        ticking = [clock for clock in self.file.clocks if clock.ticking]
        first = min((clock.due_at for clock in ticking if clock.kind in clocks.LAWS), default=None)
        assert not first or all(clock.due_at <= first for clock in ticking if clock.kind == ClockKind.PROMISE)

    @invariant()
    def counted_anew_every_clock_runs_out_when_it_was_said_to(self) -> None:
        for clock in self.file.clocks:
            ended = not clock.running or clock.breached_at
            if not (clock.provisional and ended and self.file.rules != self.case.pinned):  # it stays as it ended
                assert clocks.recounted(self.file, clock).at == clock.due_at, clock.id

    @invariant()
    def every_accepted_message_is_on_file(self) -> None:
        journal = [entry.what for entry in self.file.journal]
        assert all(message_id in self.file.handled for message_id in self.accepted)
        assert all(name in journal for name in self.accepted.values())

    @invariant()
    def all_time_is_somebodys_and_nobodys_twice(self) -> None:
        shares = time_ledger(self.file, self.case.now)
        elapsed = self.case.now - self.file.complaint.received_at
        assert sum((share.time for share in shares), timedelta()) == elapsed
        assert all(share.time > timedelta() and share.tier <= self.file.tier for share in shares)
        assert len({(share.tier, share.party, share.department) for share in shares}) == len(shares)
        gross = department_time(self.file, self.case.now)
        for name, own in gross.items():
            assert own <= elapsed
            assert sum((share.time for share in shares if share.department == name), timedelta()) <= own

    @invariant()
    def it_is_always_somebodys_turn(self) -> None:
        """Not closed: a person has a task, or a system an errand, or the day of a debit is awaited."""
        if not self.file.closed_at and not list(to_be_debited(self.file)):
            assert tasks.open_tasks(self.file) or self.case.pending(), f"nobody's turn at {self.case.stage}"

    @invariant()
    def the_file_can_be_stored_at_any_moment(self) -> None:
        stored = self.file.model_dump_json(exclude={"rules", "zone", "rule_packs"})
        again = CaseFile.model_validate_json(stored)
        assert again.model_dump_json(exclude={"rules", "zone", "rule_packs"}) == stored
        again.rules = self.file.rules
        assert [clocks.recounted(again, clock) for clock in again.clocks] == [
            clocks.recounted(self.file, clock) for clock in self.file.clocks
        ]
        assert again == self.file

    def teardown(self) -> None:
        """The same messages in the same order give the same file."""
        if hasattr(self, "case"):
            again = Case(self.case.complaint, self.case.pinned)
            again.play(self.case.steps)
            assert again.file == self.case.file


FACTS_OF_ANYBODY = {
    "investigation_accepted", "investigation_declined", "investigation_extension_requested", "investigation_result",
    "evidence_added", "customer_contacted_us",
}  # fmt: skip
"""Never refused; what somebody complained of reports is kept and set aside."""

TestComplaint = ComplaintMachine.TestCase
TestComplaint.settings = settings(
    max_examples=100, stateful_step_count=40, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
