"""``make run`` shows each of the eight cases at a stage of its own, and leaves it there on its own clock."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from bank.script import Act, Script
from bank.staff import ScriptedStaff
from demo.cases import the_eight_cases
from demo.play import Played, present
from demo.screen import progress_table, summary_table
from tests.server import Server, running_server


async def test_each_case_is_left_where_it_shows_something_of_its_own(tmp_path: Path) -> None:
    said: list[str] = []
    async with running_server(tmp_path) as server:
        await present(server.client, server.bank.url, said.append)
        first = await _stages(server)
        await present(server.client, server.bank.url, said.append)
        assert await _stages(server) == first, "an interrupted start is taken up again"
    assert first == {case.reference: (case.seen_at.value, case.seen_in_cycle) for case in the_eight_cases()}
    assert len(said) == 16


async def _stages(server: Server) -> dict[str, tuple[str, int]]:
    looks = {
        case.reference: await ScriptedStaff(server.client, case.reference, case.script).look()
        for case in the_eight_cases()
    }
    return {reference: (view.stage, max(view.cycle, 1)) for reference, view in looks.items()}


async def test_the_tables_show_how_a_case_stands_and_what_is_not_as_told(server: Server) -> None:
    case = the_eight_cases()[0]
    complaint = case.complaint | {"reference": "SHOWN-1"}
    staff = ScriptedStaff(server.client, "SHOWN-1", Script(acts=[Act(when="verify_identity", after="law-1")]))
    one = Played(case, staff)
    assert "is opened" in _text(one)
    await server.open(complaint)
    await staff.work()
    one.troubles = ["tier 1 instead of 2"]
    assert all(words in _text(one) for words in ("acknowledged", "tier 1 instead of 2"))


def _text(one: Played) -> str:
    console = Console(file=StringIO(), width=200)
    with console.capture() as captured:
        console.print(progress_table([one]), summary_table([one]))
    return captured.get()
