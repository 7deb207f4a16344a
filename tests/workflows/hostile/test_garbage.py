"""Guarantee: a flood of messages that cannot be read leaves the file as small as it was, and is counted to the last.

Each of them is as large as a sender's mistake may be: names, ids and texts of thousands of characters.
"""

from __future__ import annotations

import json

from domain.case import KEPT_QUARANTINE
from domain.room import KEPT_ENTRIES
from tests.workflows.hostile.accounts import failed_tasks, journal_of
from tests.workflows.hostile.at_stage import Openers
from tests.workflows.hostile.odd import raw

BATCHES, BATCH = 4, 75
GARBAGE = json.dumps({"message_id": "m" * 10_000, **{f"{'f' * 200}{number}": "钱" * 100 for number in range(20)}})
LARGEST = 400_000
"""Bytes of a file with the journal of one run."""


async def test_a_flood_of_garbage_leaves_the_file_small(openers: Openers) -> None:
    case = await openers.at("acknowledged")
    for batch in range(BATCHES):
        for number in range(BATCH):
            name = "evidence_added" if number % 2 else f"{'n' * 900}-{batch}-{number}"
            await case.handle.signal(name, raw(GARBAGE.encode()))
        sent = (batch + 1) * BATCH
        file = await case.until(lambda file, sent=sent: file["quarantined"] == sent)  # type: ignore[misc]
        assert len(json.dumps(file)) < LARGEST
    assert len(file["journal"]) <= KEPT_ENTRIES + 2 * BATCH
    assert len(file["quarantine"]) == KEPT_QUARANTINE
    assert all(len(kept["name"]) <= 80 and len(kept["reason"]) <= 500 for kept in file["quarantine"])
    assert [task["id"] for task in file["tasks"]] == ["quarantine"]
    journal = await journal_of(case, file)
    assert [entry["number"] for entry in journal] == list(range(file["journal_length"]))
    assert sum(entry["what"] == "quarantined" for entry in journal) == BATCHES * BATCH
    assert not await failed_tasks(case)
