"""The standard life in DBOS: ``DBOS_URL=postgresql://... python -m benchmarks.peers.dbos_app`` is its worker.

The same stimuli, effects and texts as the floor (``benchmarks.lifecycle.floor``), as DBOS is made for them: a workflow
that waits for messages by topic and answers a decision by an event that the sender waits for; an effect is a step; the
reply deadline and the alarm are sleeps beside the story. Every message waits as long as the complaint has to be
answered. It runs with the peers' own Python, without Temporal.
"""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import Any

from dbos import DBOS

from benchmarks.lifecycle.told import Teller
from benchmarks.peers import QUEUE

WORKFLOW = "life"
POLL = 0.1
"""Seconds between two looks for new lives. The default of one second would make each wait half a second to begin."""
REPLY_WITHIN = timedelta(days=12).total_seconds()
ALARM = timedelta(hours=4).total_seconds()
_tellers: list[Teller] = []


def _teller() -> Teller:
    if not _tellers:
        _tellers.append(Teller())
    return _tellers[0]


@DBOS.step(name="carry_out")
async def carry_out(reference: str, what: str, text: str = "") -> dict[str, str]:
    """Do nothing, and tell the driver."""
    _teller().tell(reference, what)
    return {"proof": f"{what} done"}


async def told(reference: str, step: str) -> dict[str, str]:
    """Wait for a decision, and answer it."""
    said: dict[str, str] = await DBOS.recv_async(step, timeout_seconds=REPLY_WITHIN)
    name = f"{step} {said['by']}"
    await DBOS.set_event_async(name, {"reference": reference, "step": name})
    return said


async def asked(reference: str) -> asyncio.Task[dict[str, str]]:
    """Wait until a department is to be asked, and ask it."""
    said = await told(reference, "request_investigation")
    return asyncio.create_task(carry_out(reference, f"investigation {said['by']}", said["text"]))


@DBOS.workflow(name=WORKFLOW)
async def life(opening: dict[str, str]) -> dict[str, str]:
    """Live it to its end."""
    reference = opening["reference"]
    deadline = asyncio.create_task(DBOS.sleep_async(REPLY_WITHIN))
    alarm = asyncio.create_task(DBOS.sleep_async(ALARM))
    received = [asyncio.create_task(carry_out(reference, what)) for what in ("look-up", "letter acknowledgement")]
    await told(reference, "verify_identity")
    await told(reference, "assess")
    dispatched = [await asked(reference), await asked(reference)]
    findings: list[Any] = [await DBOS.recv_async("investigation_result", REPLY_WITHIN) for _ in dispatched]
    assert all(findings)
    await asyncio.gather(*received, *dispatched)
    await told(reference, "propose_resolution")
    await carry_out(reference, "notice approval")
    await told(reference, "decide_compensation")
    await carry_out(reference, "letter offer")
    await told(reference, "record_customer_answer")
    await carry_out(reference, "payout")
    await carry_out(reference, "letter final_response")
    deadline.cancel()
    await carry_out(reference, "notice callback")
    await told(reference, "record_callback")
    done: dict[str, str] = await carry_out(reference, "archive")
    assert alarm.cancel()
    return done


async def main() -> None:
    """Work until killed."""
    DBOS(config={"name": "peers", "system_database_url": os.environ["DBOS_URL"], "log_level": "WARNING"})
    DBOS.launch()
    await DBOS.register_queue_async(QUEUE, polling_interval_sec=POLL)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
