"""Bringing a complaint back that was ended by force. The command returns its exit code."""

from __future__ import annotations

from temporalio.client import Client

from cli.terminal import say
from client import reopening


async def reopen(client: Client, reference: str, reason: str, by: str, json: bool) -> int:
    """Bring it back, and say in which run it goes on."""
    done = await reopening.reopen(client, reference, reason, by)
    say(done, f"{done.reference}: {done.note}", as_json=json)
    return 0
