"""The life of one complaint as one durable workflow: it keeps the bank's promises by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

from domain import callback, closing, facts, intake, remedies, resolution
from domain import decisions as d
from domain.casefile import CaseFile, Proposal
from domain.clock_view import ClockView, view
from domain.closing import ClosedComplaint
from domain.examples import EXAMPLES
from domain.tasks import OpenTask
from workflows.decisions import Decisions
from workflows.desk import Desk
from workflows.handlers import decision, fact
from workflows.names import WORKFLOW_TYPE
from workflows.opening import closed_before, rules_resolved
from workflows.payloads import NO_PAYLOAD, any_number_of_payloads
from workflows.upkeep import Upkeep


@workflow.defn(name=WORKFLOW_TYPE)
class ComplaintWorkflow:
    """One complaint, from receipt to the call-back that closes it."""

    @workflow.init
    @any_number_of_payloads
    def __init__(self, complaint: RawValue = NO_PAYLOAD) -> None:
        self.desk = Desk()
        # A run that a schedule in the start began follows another one too, and has no file to go on with.
        if workflow.info().continued_run_id and not workflow.has_last_completion_result():
            self.desk.carry_on(complaint)
        else:
            self.desk.take_up(complaint)
        self.decisions = Decisions(self.desk)
        self.upkeep = Upkeep(self.desk)

    @workflow.run
    async def run(self, complaint: RawValue = NO_PAYLOAD) -> ClosedComplaint:
        """Keep every promise made to one complainant, from receipt to the call-back that closes the case."""
        return await self.upkeep.shelter(self._life_of_the_complaint())

    async def _life_of_the_complaint(self) -> ClosedComplaint:
        if earlier := await self._receive():
            return earlier
        while not self.file.outcome:
            await self._acknowledge()
            await self._verify_identity()
            await self._assess()
            await self._investigate()
            await self._agree_on_a_resolution()
            await self._carry_out_the_remedies()
            await self._send_the_final_response()
            await self._call_back()
        return await self._close()

    async def _receive(self) -> ClosedComplaint | None:
        """Read the complaint and pin its rules; what is unreadable waits for a person to correct it.

        One whose reference was closed before is not handled again: what became of that one is its end.
        """
        while not self.desk.open:
            await self._until(lambda: self.desk.readable and self.desk.unreadable is None)
            if earlier := await closed_before(self.desk):
                return earlier
            if self.desk.unreadable is None:
                await rules_resolved(self.desk)
        return None

    async def _acknowledge(self) -> None:
        """Tell the customer at once, and once: the steps, the concrete time, the complaint in the bank's words.

        Who withdrew before that, and does not stand by it in the call-back, is told then.
        """
        if not self.file.withdrawn:
            intake.order_acknowledgement(self.file, self.desk.now())
        await self._until(lambda: self.file.acknowledged_at is not None or self.file.withdrawn)

    async def _verify_identity(self) -> None:
        await self._until(lambda: self.file.identity_verified_at is not None or self.file.withdrawn)

    async def _assess(self) -> None:
        await self._until(lambda: self.file.cycle.assessment is not None or self.file.withdrawn)

    async def _investigate(self) -> None:
        """The departments that hold the facts answer in parallel; clocks remind them and climb."""
        await self._until(lambda: resolution.findings_complete(self.file) or self.file.withdrawn)

    async def _agree_on_a_resolution(self) -> None:
        """Proposed, approved where money is promised, offered, answered: until it is accepted or the last word."""
        while not (self.file.withdrawn or self._settled()):
            await self._until(lambda: self.file.withdrawn or self._settled() or self._approved())
            resolution.make_offer(self.file, self.desk.now())

    async def _carry_out_the_remedies(self) -> None:
        """What was agreed is carried out, also when the customer withdraws afterwards."""
        remedies.start(self.file, self.desk.now())
        await self._until(lambda: not remedies.owed(self.file) or resolution.reports_at_once(self.file))

    async def _send_the_final_response(self) -> None:
        if not self.file.withdrawn:
            resolution.order_final_response(self.file, self.desk.now())
        await self._until(lambda: self.file.cycle.answered_at is not None or self.file.withdrawn)

    async def _call_back(self) -> None:
        """Ask: is it solved, are you satisfied? Not satisfied: a new cycle begins, one tier up."""
        await self._until(lambda: not remedies.owed(self.file))
        cycle = self.file.cycle
        callback.begin(self.file, self.desk.now())
        await self._until(lambda: cycle.callback_at is not None)

    async def _close(self) -> ClosedComplaint:
        """Name the outside remedies where the customer is not satisfied; archive; close. The only way to close."""
        closing.order_final_position(self.file, self.desk.now())
        await self._until(lambda: closing.nothing_left(self.file) and self.upkeep.at_rest)
        await self.upkeep.shorten_journal()
        closing.order_archive(self.file, self.desk.now())
        await self._until(lambda: closing.archived(self.file) and self._nobody_waits)
        return closing.as_archived(self.file)

    @property
    def file(self) -> CaseFile:
        """The case file."""
        return self.desk.file

    def _settled(self) -> bool:
        return self._proposal is not None and self._proposal.settled

    def _approved(self) -> bool:
        return self._proposal is not None and self._proposal.status == "approved"

    @property
    def _proposal(self) -> Proposal | None:
        return self.file.cycle.proposal

    @property
    def _nobody_waits(self) -> bool:
        """Whether what came while the complaint was being archived has been seen to as well."""
        return self.file.pinned().procedure < 2 or (closing.nothing_left(self.file) and self.upkeep.at_rest)

    async def _until(self, predicate: Callable[[], bool]) -> None:
        """Wait at a gate; one that is open already is passed at once."""
        if not predicate():
            await workflow.wait_condition(predicate)

    investigation_accepted = fact(facts.InvestigationAccepted, EXAMPLES["investigation_accepted"])
    investigation_declined = fact(facts.InvestigationDeclined, EXAMPLES["investigation_declined"])
    investigation_extension_requested = fact(
        facts.InvestigationExtensionRequested, EXAMPLES["investigation_extension_requested"]
    )
    investigation_result = fact(facts.InvestigationResult, EXAMPLES["investigation_result"])
    evidence_added = fact(facts.EvidenceAdded, EXAMPLES["evidence_added"])
    customer_contacted_us = fact(facts.CustomerContactedUs, EXAMPLES["customer_contacted_us"])
    regulator_contacted_us = fact(facts.RegulatorContactedUs, EXAMPLES["regulator_contacted_us"])

    verify_identity = decision(d.VerifyIdentity, EXAMPLES["verify_identity"])
    assess = decision(d.Assess, EXAMPLES["assess"])
    request_investigation = decision(d.RequestInvestigation, EXAMPLES["request_investigation"])
    propose_resolution = decision(d.ProposeResolution, EXAMPLES["propose_resolution"])
    decide_compensation = decision(d.DecideCompensation, EXAMPLES["decide_compensation"])
    record_customer_answer = decision(d.RecordCustomerAnswer, EXAMPLES["record_customer_answer"])
    extend_deadline = decision(d.ExtendDeadline, EXAMPLES["extend_deadline"])
    pause_clock = decision(d.PauseClock, EXAMPLES["pause_clock"])
    resume_clock = decision(d.ResumeClock, EXAMPLES["resume_clock"])
    escalate = decision(d.Escalate, EXAMPLES["escalate"])
    take_ownership = decision(d.TakeOwnership, EXAMPLES["take_ownership"])
    record_callback = decision(d.RecordCallback, EXAMPLES["record_callback"])
    confirm_unreachable = decision(d.ConfirmUnreachable, EXAMPLES["confirm_unreachable"])
    withdraw = decision(d.Withdraw, EXAMPLES["withdraw"])
    resolve_task = decision(d.ResolveTask, EXAMPLES["resolve_task"])
    add_note = decision(d.AddNote, EXAMPLES["add_note"])

    @workflow.signal(dynamic=True)
    def unknown_signal(self, name: str, args: Sequence[RawValue]) -> None:
        """A signal of a name that nobody knows: kept and shown."""
        self.desk.learn((name, "there is no signal of this name"))

    @workflow.query(description="The whole case file.")
    def case_file(self) -> dict[str, Any]:
        """Everything that is known of the complaint."""
        return self.upkeep.case_file()

    @workflow.query(description="Every clock with its state and the day-by-day explanation.")
    def deadlines(self) -> list[ClockView]:
        """Every clock with its state and its explanation."""
        return [view(self.file, clock) for clock in self.file.clocks] if self.desk.open else []

    @workflow.query(description="Who must do what by when, with the ready-to-send JSON.")
    def open_tasks(self) -> list[OpenTask]:
        """Whose turn it is."""
        return self.desk.tasks()
