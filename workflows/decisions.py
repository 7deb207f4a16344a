"""Decisions of people: checked before they are accepted, and again in the moment in which they change the file."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.case import decide, digest, refusal
from domain.complaint import Complaint
from domain.decisions import Decision, Receipt, ResolveTask
from domain.metrics import REFUSED
from domain.model import Identifier, Stage
from domain.reading import Unreadable, read, require_filled
from domain.refusals import Refusal, refuse
from domain.tasks import INTAKE
from workflows.counters import count
from workflows.desk import Desk
from workflows.payloads import content

_IDENTIFIER: TypeAdapter[str] = TypeAdapter(Identifier)
_NO_ID = (
    "message_id is missing, and the id of the update cannot stand for it: ids are made of at most 80 letters, digits, "
    "dots, dashes and underscores"
)


class Decisions:
    """Answers every decision at once, with a receipt or with the reason of refusal."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def check(self, model: type[Decision], payload: object) -> None:
        """Refuse what cannot be accepted; a refused update leaves no trace in the history.

        Raises:
            ApplicationError: of the refusal's code as its type, with the reason.
        """
        message = _read(model, payload, whole=True)
        message_id = _message_id(message)
        if self._desk.unreadable is not None:
            _raise(self._check_intake(message))
        elif self._desk.open:
            _raise(refusal(self._desk.file, message, message_id, self._desk.now()))

    async def take(self, model: type[Decision], payload: object) -> Receipt:
        """Accept a decision. Between the last check and the change nothing is awaited, so that no other can slip in."""
        message = _read(model, payload)
        message_id = _message_id(message)
        if self._desk.unreadable is not None:
            return self._correct(message)
        await workflow.wait_condition(lambda: self._desk.open or self._desk.unreadable is not None or self._desk.ended)
        if self._desk.unreadable is not None:
            raise _error(refuse("complaint_unreadable"))
        if not self._desk.open:
            raise _error(refuse("closed"))
        answer = self._desk.at_this_time(lambda file, now: decide(file, message, message_id, now))
        if isinstance(answer, Refusal):
            raise _error(answer)
        return answer

    def _check_intake(self, message: Decision) -> Refusal | None:
        if not isinstance(message, ResolveTask) or message.task != INTAKE:
            return refuse("complaint_unreadable")
        if before := self._desk.closed_before:
            return refuse("reference_closed", reason=before.sentence) if message.complaint is not None else None
        if message.complaint is None:
            return refuse("complaint_missing")
        try:
            read(Complaint, message.complaint)
        except Unreadable as why:
            return refuse("unreadable", message="complaint", reason=why)
        return None

    def _correct(self, message: Decision) -> Receipt:
        """Open the file with the complaint as a person corrected it."""
        _raise(self._check_intake(message))
        assert isinstance(message, ResolveTask)
        if message.complaint is None:
            self._desk.unreadable = None
            return self._receipt(message, Stage.CLOSED, "Nothing is handled here any more.")
        try:
            self._desk.accept(read(Complaint, message.complaint))
        except Unreadable as why:
            raise _error(refuse("unreadable", message="complaint", reason=why)) from None
        file = self._desk.file
        file.write(self._desk.now(), "intake_corrected", "", message.by, {"note": message.note})
        receipt = self._receipt(message, Stage.RECEIVED, "The complaint is corrected and on its way.")
        file.handled.enter(receipt.message, digest(message))
        file.receipts[receipt.message] = receipt
        return receipt

    def _receipt(self, message: Decision, stage: Stage, note: str) -> Receipt:
        file = self._desk.file
        return Receipt(
            reference=file.complaint.reference, message=_message_id(message), at=self._desk.now(), stage=stage,
            tier=file.tier, note=note,
        )  # fmt: skip


def _read(model: type[Decision], payload: object, *, whole: bool = False) -> Decision:
    try:
        message = read(model, content(payload))
        if whole:
            require_filled(message)
        return message
    except Unreadable as why:
        raise _error(refuse("unreadable", message=model.NAME, reason=why)) from None


def _message_id(message: Decision) -> str:
    """The id of a message, or else that of its update, which may be any text."""
    if message.message_id:
        return message.message_id
    info = workflow.current_update_info()
    assert info is not None
    try:
        return _IDENTIFIER.validate_python(info.id)
    except ValidationError:
        raise _error(refuse("unreadable", message=message.NAME, reason=_NO_ID)) from None


def _raise(refused: Refusal | None) -> None:
    if refused:
        raise _error(refused)


def _error(refused: Refusal) -> ApplicationError:
    count(REFUSED, refused.code)
    return ApplicationError(refused.sentence, type=refused.code, non_retryable=True)
