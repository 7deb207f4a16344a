from __future__ import annotations

from datetime import timedelta

from tests.server import Server, complaint


async def test_time_passes_for_one_complaint_when_told(server: Server) -> None:
    case = await server.open(complaint("SERVER-1"))
    other = await server.open(complaint("SERVER-2"))
    assert await case.refused("assess", by={"id": "FL-0021", "role": "first_line"}, nature="other", summary="s",
                              points=["p"]) == "identity_first"  # fmt: skip
    await case.pass_time(timedelta(days=16))
    assert (await case.deadlines())["law-1"]["state"] == "breached"
    assert (await other.deadlines())["law-1"]["state"] == "running"
    assert server.bank.inspect("letters", "SERVER-1")[0]["kind"] == "acknowledgement"
