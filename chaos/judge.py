"""The independent checker: compares what the server's histories say with the bank's books, the archive and the senders.

It knows the public interface only. None of the product's own bookkeeping is used to judge it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from chaos.evidence import Archived, Evidence, Sent
from chaos.history import Activity, Json, Life, messages

OUTCOMES = {"satisfied", "unresolved", "unreachable", "withdrawn"}
DISPATCHES = {"dispatch_investigation", "dispatch_remedy", "notify_staff"}
ANSWERS = {"final_response", "short_settlement"}
NOTHING = Archived(rows=[], figures=0, pages=[])


@dataclass(frozen=True)
class Loss:
    """Something that should not have been lost, doubled or left hanging."""

    reference: str
    what: str
    evidence: str
    """What shows it."""


def judge(evidence: Evidence) -> list[Loss]:
    """Every loss that the evidence shows."""
    losses = [Loss(one, "stuck", "TemporalReportedProblems is set") for one in evidence.stuck]
    for reference, life in evidence.lives.items():
        if life is None:
            if any(one.accepted for one in evidence.sent if one.reference == reference):
                losses.append(Loss(reference, "complaint lost", "acknowledged to the sender, unknown to the server"))
            continue
        for rule in RULES:
            losses += [Loss(reference, *found) for found in rule(evidence, life)]
    return losses


Found = Iterator[tuple[str, str]]
Rule = Callable[[Evidence, Life], Found]


def _ending(evidence: Evidence, life: Life) -> Found:
    """Closed with the outcome of a call-back, or open with somebody whose turn it is."""
    yield from (("workflow task failed", why) for why in life.task_failures)
    if life.ended is None:
        own = evidence.still_open[life.reference]
        if not any(task["what"] and task["role"] for task in own.tasks):
            yield "open without a stated reason", f"stage {own.file.get('stage')}, no open task"
        return
    if not life.closed:
        yield "ended without a call-back", f"the workflow {life.ended}"
        return
    called = any(update.message.get("reached") for update in life.decisions("record_callback"))
    if life.result.get("outcome") not in OUTCOMES:
        yield "closed without an outcome", f"the result says {life.result.get('outcome')}"
    elif not called and not life.decisions("confirm_unreachable"):
        yield "closed without a call-back", "no accepted record_callback or confirm_unreachable in the history"


def _messages(evidence: Evidence, life: Life) -> Found:
    """What senders were promised is in the history; what is in the history is in the journal, once."""
    accepted = set(messages(life))
    told = {(one.name, one.id) for one in evidence.sent if one.reference == life.reference and one.accepted}
    for name, message_id in sorted(_of_kind(evidence, life, "signal", "update") & told - accepted):
        yield "acknowledged message missing", f"{name} {message_id} is not in the history"
    if not life.cancel_requests and any(_before_the_end(one, life) for one in evidence.sent if one.kind == "cancel"):
        yield "acknowledged message missing", "the cancel request is not in the history"
    entered = Counter((entry["what"], _id(entry)) for entry in journal(evidence, life) if entry.get("message"))
    for name, message_id in sorted(accepted - entered.keys()):
        yield "accepted message missing", f"{name} {message_id} is in the history and not in the journal"
    for name, message_id in sorted(entered.keys() - accepted):
        yield "message from nowhere", f"{name} {message_id} is in the journal and not in the history"
    for (name, message_id), times in sorted(entered.items()):
        if times > 1:
            yield "message applied twice", f"{name} {message_id} is {times} times in the journal"


def _before_the_end(one: Sent, life: Life) -> bool:
    """Whether a request was accepted before the complaint ended: one for a workflow that has ended is accepted too."""
    ours = one.accepted and one.reference == life.reference
    return ours and (life.ended_at is None or datetime.fromisoformat(one.at) < life.ended_at)


def _of_kind(evidence: Evidence, life: Life, *kinds: str) -> set[tuple[str, str]]:
    return {(one.name, one.id) for one in evidence.sent if one.reference == life.reference and one.kind in kinds}


def _id(entry: Json) -> str:
    return str(entry["message"].get("message_id", ""))


def journal(evidence: Evidence, life: Life) -> list[Json]:
    """Every entry of a complaint's journal: the archive's pages, and what its file still carries."""
    kept = evidence.archive.get(life.reference, NOTHING)
    own = evidence.still_open.get(life.reference)
    files = [row["file"] for row in kept.rows] + ([own.file] if own else [])
    return [*kept.pages, *(entry for file in files for entry in file.get("journal", []))]


def _cancelled(evidence: Evidence, life: Life) -> Found:
    """A cancel request is a withdrawal, unless the complaint was withdrawn or had its outcome before."""
    withdrawn = any(entry["what"] == "withdrawn" for entry in journal(evidence, life))
    own = evidence.still_open.get(life.reference)
    if life.cancel_requests and not withdrawn and own and not own.file.get("outcome"):
        yield "cancel request ignored", "it is in the history, and no withdrawal in the journal"


def _payments(evidence: Evidence, life: Life) -> Found:
    """Each payment that was approved and accepted is booked exactly once, and nothing else is."""
    due, paid = Counter(_approved(life)), Counter(_booked(evidence.books.bookings.get(life.reference, [])))
    under_way = Counter(_payment(one.order) for one in _of(life, "pay_out") if one.done_at is None)
    for payment, times in (due - paid).items():
        if times > under_way[payment] or life.ended:
            yield "payment lost", f"{_shown(payment)} was approved and accepted, and is not booked"
    for payment, times in (paid - due).items():
        what = "payment booked twice" if payment in due else "payment nobody approved"
        yield what, f"{_shown(payment)} is booked {times} times too often"


Payment = tuple[str, Decimal, str]
"""Kind, amount, currency."""


def _approved(life: Life) -> Iterator[Payment]:
    """Money in proposals that an approver approved and the customer accepted. Proposals count over the whole life."""
    approved = {
        one.message["proposal"] for one in life.decisions("decide_compensation") if one.message["decision"] == "approve"
    }
    accepted = {
        one.message["proposal"] for one in life.decisions("record_customer_answer") if one.message["answer"] == "accept"
    }
    for number, proposal in enumerate(life.decisions("propose_resolution"), start=1):
        if f"proposal-{number}" in approved & accepted:
            yield from (_payment(one) for one in proposal.message.get("remedies", []) if one.get("money"))


def _payment(order: Json) -> Payment:
    return order["kind"], Decimal(order["money"]["amount"]), order["money"]["currency"]


def _booked(bookings: list[Json]) -> Iterator[Payment]:
    """What the customer got and kept."""
    reversed_ones = {booking["reverses"] for booking in bookings}
    for booking in bookings:
        if booking["reverses"] is None and booking["id"] not in reversed_ones:
            for posting in booking["postings"]:
                if posting["account"].startswith("customer:"):
                    yield booking["text"], Decimal(posting["amount"]), posting["currency"]


def _shown(payment: Payment) -> str:
    kind, amount, currency = payment
    return f"{kind} of {amount} {currency}"


def _of(life: Life, *names: str) -> list[Activity]:
    return [activity for activity in life.activities if activity.name in names]


def _letters(evidence: Evidence, life: Life) -> Found:
    """Each letter that was ordered is at the bank with the fate that the file believes; a bounced one went again."""
    at_bank = {letter["key"]: letter for letter in evidence.books.letters.get(life.reference, [])}
    ordered = {activity.key: activity for activity in _of(life, "send_letter")}
    for key, activity in ordered.items():
        letter = at_bank.get(key)
        if activity.done_at and letter is None:
            yield "letter lost", f"{key} is confirmed in the history, and the letter system has none"
        elif activity.done_at and letter and letter["state"] != activity.answer["delivery"]:
            yield "letter's fate wrong", f"{key} is {letter['state']}, the history says {activity.answer['delivery']}"
        elif not activity.done_at and life.ended:
            yield "letter lost", f"{key} was ordered and never confirmed"
    for key in at_bank.keys() - ordered.keys():
        yield "letter nobody ordered", key
    yield from _bounced(evidence, life, at_bank, ordered)
    yield from _owed_letters(life, at_bank)


def _bounced(evidence: Evidence, life: Life, at_bank: dict[str, Json], ordered: dict[str, Activity]) -> Found:
    for key, letter in at_bank.items():
        errand = key.rsplit("/", 1)[0]
        others = [other for other in ordered if other != key and other.startswith(f"{errand}/")]
        given_up = any(entry["what"] == "letter_impossible" for entry in journal(evidence, life))
        if letter["state"] == "bounced" and not others and not given_up:
            yield "letter lost", f"{key} bounced, and was neither sent again nor given to a person"


def _owed_letters(life: Life, at_bank: dict[str, Json]) -> Found:
    """What every customer must have in hand before a complaint is closed."""
    if not life.closed or life.result.get("outcome") == "withdrawn":
        return
    delivered = {letter["kind"] for letter in at_bank.values() if letter["state"] == "delivered"}
    if "acknowledgement" not in delivered:
        yield "letter lost", "closed, and the acknowledgement was never delivered"
    if not ANSWERS & delivered:
        yield "letter lost", "closed, and the final response was never delivered"
    if life.result.get("outcome") == "unresolved" and "final_position" not in delivered:
        yield "letter lost", "closed as unresolved, and the final position was never delivered"


def _handed_over(evidence: Evidence, life: Life) -> Found:
    """Each question, remedy and notice reached the departments' tool exactly once."""
    taken = Counter(request["request"]["key"] for request in evidence.books.requests.get(life.reference, []))
    ordered = {activity.key: activity for activity in _of(life, *DISPATCHES)}
    for key, activity in ordered.items():
        if activity.done_at and not taken[key]:
            yield "request lost", f"{key} is confirmed in the history, and the departments' tool has none"
    for key, times in taken.items():
        if times > 1:
            yield "request handed over twice", f"{key} is {times} times in the departments' tool"
        if key not in ordered:
            yield "request from nowhere", key


def _carried_out(evidence: Evidence, life: Life) -> Found:
    """When the storm is long over, nothing is on its way any more."""
    done = {(one.name, one.key) for one in life.activities if one.done_at or one.failed}
    for one in life.activities:
        if not life.ended and (one.name, one.key) not in done:
            yield (
                "order hangs",
                f"{one.name} {one.key} was ordered at {one.scheduled_at:%H:%M:%S} and never carried out",
            )


def _archived(evidence: Evidence, life: Life) -> Found:
    """A closed complaint is in the archive once, as it ended and with its whole journal; an open one is not."""
    kept = evidence.archive.get(life.reference, NOTHING)
    if not life.closed:
        if kept.rows:
            yield "archived and not closed", f"the workflow is {life.ended or 'running'}"
        return
    if len(kept.rows) != 1:
        yield "archive lost it", "the workflow completed, and the archive has no record"
        return
    if kept.rows[0]["outcome"] != life.result.get("outcome"):
        yield "archive says otherwise", f"{kept.rows[0]['outcome']} instead of {life.result.get('outcome')}"
    if kept.figures != 1:
        yield "archive lost it", "reports do not count it"
    numbers = Counter(entry["number"] for entry in journal(evidence, life))
    length = int(life.result["journal_length"])  # what came later is there too, but need not be without gaps
    if missing := sorted(set(range(length)) - numbers.keys()):
        yield "journal lost entries", f"{len(missing)} of {length}, the first of them number {missing[0]}"
    if doubled := [number for number, times in numbers.items() if times > 1]:
        yield "journal entries doubled", f"{len(doubled)} of {length}, the first of them number {min(doubled)}"


RULES: tuple[Rule, ...] = (_ending, _messages, _cancelled, _payments, _letters, _handed_over, _carried_out, _archived)
"""Asked of every complaint that the server knows."""
