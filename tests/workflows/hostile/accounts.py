"""The account of one complaint under fire: what was sent to it, what its sender was told, what is in its file."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.history.v1 import WorkflowTaskFailedEventAttributes
from temporalio.client import WorkflowHandle

from domain.case import KEPT_QUARANTINE, digest
from domain.decisions import DECISIONS, Decision
from domain.facts import FACTS, Fact
from domain.reading import Unreadable, read, require_filled
from domain.refusals import SENTENCES
from tests.workflows.case import Case
from tests.workflows.hostile.messages import KNOWN, TOO_LONG, Sent
from tests.workflows.hostile.senders import Answer
from workflows.payloads import content

Json = dict[str, Any]
NO_FAULT = ("UNHANDLED_COMMAND", "RESET_STICKY_TASK_QUEUE")
"""Causes of failed workflow tasks that no message is to blame for: news came while a step was being taken."""
BUSY = "[TMPRL1101]"
"""Two seconds without the processor, on a busy machine. A message that needs them would need them again, for ever."""


class Outcome(NamedTuple):
    """What became of one message."""

    what: str
    """accepted, duplicate, refused, quarantined."""
    code: str = ""
    """Of the refusal."""


class Account:
    """Kept by the sender: what must be found in the file for every message that was sent."""

    def __init__(self, before: Json) -> None:
        self.outcomes: list[tuple[Sent, Outcome]] = []
        self._before = before
        self._handled: dict[str, bytes] = {}
        self._receipts: dict[str, Json] = {}

    def enter(self, sent: Sent, answer: Answer) -> None:
        """Enter a message with its answer."""
        self.outcomes.append((sent, self._outcome(sent, answer)))

    def _outcome(self, sent: Sent, answer: Answer) -> Outcome:
        message = readable(sent)
        if answer.code:
            assert _may_be_refused(sent, answer.code, message), (sent, answer)
            return Outcome("refused", answer.code)
        if not sent.update:
            return self._taken_in(message)
        assert answer.receipt is not None
        if self._receipts.get(sent.id) == answer.receipt:
            return Outcome("duplicate", "id of the update")
        assert message is not None, (sent, "was accepted and cannot be read")
        self._receipts[sent.id] = answer.receipt
        return self._entered(answer.receipt["message"], message, repeated=answer.receipt["repeated"])

    def _taken_in(self, fact: Decision | Fact | None) -> Outcome:
        if not isinstance(fact, Fact) or self._handled.get(fact.message_id, digest(fact)) != digest(fact):
            return Outcome("quarantined")
        return self._entered(fact.message_id, fact)

    def _entered(self, message_id: str, message: Decision | Fact, repeated: bool = True) -> Outcome:
        known = message_id in self._handled
        assert not known or (repeated and self._handled[message_id] == digest(message)), message_id
        self._handled[message_id] = digest(message)
        return Outcome("duplicate" if known else "accepted")

    def count(self, what: str) -> Counter[str]:
        """Messages with an outcome, by their names."""
        return Counter(sent.name for sent, outcome in self.outcomes if outcome.what == what)

    @property
    def quarantined(self) -> int:
        """How many messages must be in the quarantine, with those of before."""
        before: int = self._before.get("quarantined", 0)
        return before + self.count("quarantined").total()

    def audit(self, file: Json, journal: list[Json]) -> None:
        """The file has every accepted message once, every quarantined one, and no other."""
        assert [entry["number"] for entry in journal] == list(range(file["journal_length"]))
        entered = _entered_messages(journal)
        before = _entered_messages(self._before.get("journal", []))
        assert Counter(entry["what"] for entry in entered) - Counter(entry["what"] for entry in before) == (
            self.count("accepted")
        )
        ids = Counter(entry["message"]["message_id"] for entry in entered if entry["message"].get("message_id"))
        assert not ids or max(ids.values()) == 1
        assert file["quarantined"] == self.quarantined
        names = [sent.name[:80] for sent, outcome in self.outcomes if outcome.what == "quarantined"]
        kept = [kept["name"] for kept in file["quarantine"]]
        assert len(kept) == min(file["quarantined"], KEPT_QUARANTINE)
        assert kept[-len(names) :] == names[-KEPT_QUARANTINE:] or not names
        assert file["closed_at"] or Outcome("refused", "server: NOT_FOUND") not in {told for _, told in self.outcomes}
        assert sum(entry["what"] == "quarantined" for entry in journal) == file["quarantined"]


def _entered_messages(journal: list[Json]) -> list[Json]:
    return [entry for entry in journal if entry["what"] in KNOWN]


def readable(sent: Sent) -> Decision | Fact | None:
    """The message as it must be read, or nothing."""
    model = (DECISIONS if sent.update else FACTS).get(sent.name)
    if model is None or len(sent.payloads) != 1:
        return None
    try:
        message: Decision | Fact = read(model, content(sent.payloads[0]))
        if sent.update:
            require_filled(message)
    except Unreadable:
        return None
    return message


def _may_be_refused(sent: Sent, code: str, message: Decision | Fact | None) -> bool:
    """A decision for what it says or a reason of the procedure, an unknown update by the SDK, others by the server."""
    match code:
        case "server: NOT_FOUND":
            return True  # when it is closed: the audit looks
        case "server: INVALID_ARGUMENT":
            return sent.name in ("", TOO_LONG) or len(sent.id) > 1_000
        case "command line: no JSON":
            return message is None
    if not sent.update:
        return False
    if sent.name not in DECISIONS:
        return code == "RuntimeError"
    if message is None:
        return code == "unreadable"
    odd = isinstance(message, Decision) and message.message_id is None
    return code in SENTENCES and (code != "unreadable" or odd or "complaint" in message.model_fields_set)


async def journal_of(case: Case, file: Json) -> list[Json]:
    """The whole journal, archived pages and all."""
    pages = {page.first: page.entries for page in case.bank.orders(case.reference, "keep_journal_page")}
    archived: list[Json] = [entry for first, entries in sorted(pages.items()) for entry in entries]
    carried: list[Json] = file["journal"]
    return [entry for entry in archived if not carried or entry["number"] < carried[0]["number"]] + carried


async def failed_tasks(case: Case) -> list[str]:
    """Workflow tasks that failed, in any run."""
    found, run = [], case.handle.first_execution_run_id
    while run:
        handle: WorkflowHandle[Any, Any] = case.client.get_workflow_handle(case.handle.id, run_id=run)
        run = None
        async for event in handle.fetch_history_events():
            failed = event.workflow_task_failed_event_attributes
            if event.HasField("workflow_task_failed_event_attributes") and _blamed(failed):
                found.append(failed.failure.message)
            run = run or event.workflow_execution_continued_as_new_event_attributes.new_execution_run_id or None
    return found


def _blamed(failed: WorkflowTaskFailedEventAttributes) -> bool:
    cause = WorkflowTaskFailedCause.Name(failed.cause)
    return not (cause.endswith(NO_FAULT) or failed.failure.message.startswith(BUSY))
