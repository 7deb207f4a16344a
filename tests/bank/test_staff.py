"""The scripted staff: does what the script says and no more, says what went otherwise, and can be interrupted."""

from __future__ import annotations

import pytest
from temporalio.testing import TimeSkipper

from bank.script import Act, Script
from bank.staff import NotAsTold, ScriptedStaff
from tests.server import Server, complaint


def _staff(server: Server, reference: str, *acts: Act, skipping: bool = False) -> ScriptedStaff:
    skipper = TimeSkipper(server.client) if skipping else None
    return ScriptedStaff(server.client, reference, Script(acts=list(acts)), skipper)


async def test_without_a_time_skipper_it_stops_when_nothing_is_to_be_done(server: Server) -> None:
    await server.open(complaint("STAFF-1"))
    view = await _staff(server, "STAFF-1", Act(when="assess", after="law-1")).work()
    assert (view.stage, [task["id"] for task in view.tasks]) == ("identity_verified", ["assess"])


async def test_it_stops_when_it_is_enough(server: Server) -> None:
    await server.open(complaint("STAFF-2"))
    view = await _staff(server, "STAFF-2", skipping=True).work(lambda view: view.stage == "investigating")
    assert view.stage == "investigating"


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (Act(when="assess", refused="not_owner"), "assess should be refused with not_owner, and was accepted"),
        (Act(when="assess", by="SP-0107", role="specialist"), "assess should be accepted, and was not_owner"),
        (Act(when="assess", by="SP-0107", role="specialist", refused="role_may_not"),
         "assess should be refused with role_may_not, and was not_owner"),
    ],
    ids=["accepted", "refused", "for another reason"],
)  # fmt: skip
async def test_what_is_not_as_told_is_said(server: Server, request: pytest.FixtureRequest, act: Act, told: str) -> None:
    reference = f"STAFF-3-{request.node.callspec.id.replace(' ', '-')}"
    await server.open(complaint(reference))
    with pytest.raises(NotAsTold, match=told):
        await _staff(server, reference, act).work()


async def test_foreseen_refusals_are_kept(server: Server) -> None:
    await server.open(complaint("STAFF-4"))
    staff = _staff(server, "STAFF-4", Act(when="assess", by="SP-0107", role="specialist", refused="not_owner"),
                   Act(when="assess", after="law-1"))  # fmt: skip
    await staff.work()
    assert staff.refusals == ["not_owner"]
    assert "it is FL-0021" in staff.last_event


async def test_whoever_goes_on_after_an_interruption_repeats_nothing(server: Server) -> None:
    case = await server.open(complaint("STAFF-5"))
    acts = (
        Act(when="assess", send="add_note", say={"text": "first"}),
        Act(when="assess", send="customer_contacted_us", say={"channel": "phone", "summary": "asks"}),
        Act(when="assess", after="law-1"),
    )
    await _staff(server, "STAFF-5", *acts).work()
    await _staff(server, "STAFF-5", *acts).work()
    journal = [entry["what"] for entry in (await case.file())["journal"]]
    assert journal.count("add_note") == journal.count("customer_contacted_us") == 1


async def test_nobody_is_called_at_night(server: Server) -> None:
    case = await server.open(complaint("STAFF-6"))
    await _staff(server, "STAFF-6", Act(when="record_callback", hour=19), skipping=True).work()
    (call,) = (await case.file())["cycles"][0]["calls"]
    assert call["day_part"] == "evening"
