"""Real complaints come to their end as the companies answered them: explained, relieved, paid, late, disputed."""

from __future__ import annotations

from io import BufferedReader, BytesIO

import pytest

from bank.script import Act
from demo.recorded import Outcomes, replay, sample, script_of
from intake.cfpb import RecordedResponse, Response
from tests.server import Server

HEADER = "Date received,Product,Issue,Company response to consumer,Timely response?,Consumer disputed?,Complaint ID"
EXPLAINED = "2024-01-02,Mortgage,Fees,Closed with explanation,Yes,N/A,{}"
PAID = "2024-01-02,Credit card,Fees,Closed with monetary relief,Yes,N/A,{}"
MENDED = "2024-01-02,Credit reporting,Wrong entry,Closed with non-monetary relief,Yes,N/A,{}"
LATE = "2024-01-02,Debt collection,Calls,Untimely response,No,N/A,{}"
OPEN = "2024-01-02,Mortgage,Escrow,In progress,Yes,N/A,{}"
DISPUTED = "2024-01-02,Mortgage,Closing,Closed with explanation,Yes,Yes,{}"


def _table(*lines: str, first: int = 9_000_001) -> BufferedReader:
    rows = [line.format(number) for number, line in enumerate(lines, start=first)]
    return BufferedReader(BytesIO("\n".join([HEADER, *rows]).encode()))


def test_rare_responses_are_among_the_sample() -> None:
    found = sample(_table(EXPLAINED, EXPLAINED, EXPLAINED, "no row", PAID, LATE), 4)
    assert [one.kind for one in found] == [
        "closed_with_explanation", "closed_with_monetary_relief", "untimely_response, late", "closed_with_explanation",
    ]  # fmt: skip


def test_what_is_no_complaint_is_left_to_the_import() -> None:
    assert sample(_table("soon,Mortgage,Fees,Closed,Yes,N/A,{}"), 4) == []


@pytest.mark.parametrize(
    ("recorded", "acts"),
    [
        (RecordedResponse(response=None, timely=True, disputed=False), ["propose_resolution"]),
        (RecordedResponse(response=Response.UNTIMELY, timely=False, disputed=False),
         ["verify_identity", "propose_resolution"]),
        (RecordedResponse(response=Response.IN_PROGRESS, timely=True, disputed=False),
         ["operations-1", "propose_resolution"]),
        (RecordedResponse(response=Response.CLOSED, timely=True, disputed=True),
         ["propose_resolution", "record_callback"]),
    ],
)  # fmt: skip
def test_the_script_follows_the_recorded_response(recorded: RecordedResponse, acts: list[str]) -> None:
    assert [act.when for act in script_of(recorded).acts] == acts


async def test_a_sample_comes_to_its_end(server: Server) -> None:
    done: list[int] = []
    complaints = sample(_table(EXPLAINED, PAID, MENDED, LATE, OPEN, DISPUTED), 6)
    replayed = await replay(server.client, complaints, done.append)
    assert (replayed.complaints, len(done), replayed.troubles) == (6, 6, [])
    ended = {one.recorded: one for one in replayed.by_response}
    assert ended["closed_with_monetary_relief"].with_money == 1
    assert ended["untimely_response, late"].answered_late == 1
    explained = ended["closed_with_explanation"]
    assert (explained.complaints, explained.answered_again, explained.with_money) == (2, 1, 0)
    assert sum(one.answered_late for one in replayed.by_response) == 1
    mended: Outcomes = ended["closed_with_non_monetary_relief"]
    assert mended.outcomes == {"satisfied": 1}
    assert [one["request"]["kind"] for one in server.bank.inspect("requests", "cfpb-9000003") if one["kind"] == "remedy"
            ] == ["correction"]  # fmt: skip


async def test_a_complaint_that_goes_astray_is_named(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    astray = [Act(when="verify_identity", say={"method": ""}, refused="not_owner")]
    monkeypatch.setattr("demo.recorded.script_of", lambda response: script_of(response).model_copy(
        update={"acts": astray}))  # fmt: skip
    replayed = await replay(server.client, sample(_table(EXPLAINED, first=9_100_001), 1), lambda done: None)
    assert replayed.complaints == 0
    assert "verify_identity should be refused with not_owner, and was unreadable" in replayed.troubles[0]
