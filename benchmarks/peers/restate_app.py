"""The standard life in Restate: ``python -m benchmarks.peers.restate_app --port N`` serves it to Restate's server.

The same stimuli, effects and texts as the floor (``benchmarks.lifecycle.floor``), as Restate is made for them: a
workflow whose handlers resolve durable promises that the story waits for; an effect is a ``ctx.run``; the reply
deadline and the alarm are durable sleeps, which cannot be cancelled and are left to lapse. It runs with the peers' own
Python, without Temporal.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
from datetime import timedelta
from typing import Any

import restate
from hypercorn.asyncio import serve
from hypercorn.config import Config

from benchmarks.lifecycle.life import DEPARTMENTS
from benchmarks.lifecycle.told import Teller

Said = dict[str, str]
REPLY_WITHIN = timedelta(days=12)
ALARM = timedelta(hours=4)
_tellers: list[Teller] = []
life = restate.Workflow("life")


def _teller() -> Teller:
    if not _tellers:
        _tellers.append(Teller())
    return _tellers[0]


def do(ctx: restate.WorkflowContext, reference: str, what: str, text: str = "") -> Any:
    """Begin an effect; what it gives can be awaited."""
    return ctx.run_typed(what, functools.partial(carry_out, reference, what, text))


def carry_out(reference: str, what: str, text: str) -> Said:
    """Do nothing, and tell the driver."""
    _teller().tell(reference, what)
    return {"proof": f"{what} done"}


@life.main()
async def run(ctx: restate.WorkflowContext, opening: Said) -> Said:
    """Live it to its end."""
    reference = opening["reference"]
    timers = [ctx.sleep(REPLY_WITHIN), ctx.sleep(ALARM)]
    received = [do(ctx, reference, what) for what in ("look-up", "letter acknowledgement")]
    # Effects go on only while somebody waits for them too.
    await restate.gather(*received, ctx.promise("verify_identity").value())
    await ctx.promise("assess")
    said = await ctx.promise("request_investigation technology")
    technology = do(ctx, reference, "investigation technology", said["text"])
    asked = ctx.promise("request_investigation operations").value()
    await restate.gather(technology, asked)
    operations = do(ctx, reference, "investigation operations", (await asked)["text"])
    findings = [ctx.promise(f"investigation_result {department}").value() for department in DEPARTMENTS]
    await restate.gather(operations, *findings)
    await ctx.promise("propose_resolution")
    await do(ctx, reference, "notice approval")
    await ctx.promise("decide_compensation")
    await do(ctx, reference, "letter offer")
    await ctx.promise("record_customer_answer")
    await do(ctx, reference, "payout")
    await do(ctx, reference, "letter final_response")
    await do(ctx, reference, "notice callback")
    await ctx.promise("record_callback")
    done: Said = await do(ctx, reference, "archive")
    assert len(timers) == 2
    return done


def handler(step: str) -> Any:
    """What hears a message, passes it on to the story and answers."""

    async def heard(ctx: restate.WorkflowSharedContext, said: Said) -> Said:
        await ctx.promise(f"{step} {said['by']}" if step in BY_DEPARTMENT else step).resolve(said)
        return {"reference": ctx.key(), "step": step}

    return life.handler(name=step)(heard)


BY_DEPARTMENT = ("request_investigation", "investigation_result")
"""Messages that several people send."""
HANDLERS = {
    step: handler(step)
    for step in (
        "verify_identity", "assess", *BY_DEPARTMENT, "propose_resolution", "decide_compensation",
        "record_customer_answer", "record_callback",
    )
}  # fmt: skip


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    config = Config()
    config.bind = [f"127.0.0.1:{parser.parse_args().port}"]
    asyncio.run(serve(restate.app([life]), config))


if __name__ == "__main__":
    main()
