"""Who sends hostile messages: a program with the Python client, and somebody with the ``temporal`` command line."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError

from client.failures import through_a_roll_over
from tests.temporal_server import TEMPORAL
from tests.workflows.case import Case
from tests.workflows.hostile.messages import Sent

PATIENCE = timedelta(seconds=60)
RECEIVED = ""
"""The code of what was not refused."""


@dataclass(frozen=True)
class Answer:
    """What the sender got to know."""

    code: str
    """Of the refusal; by whom, where it was not the complaint. Empty for what was received."""
    receipt: dict[str, Any] | None = None
    """Of an update that was accepted."""


class Sender(Protocol):
    """Sends one message after the other."""

    async def send(self, case: Case, message: Sent) -> Answer:
        """Send a message and wait for the answer."""


class Program:
    """The Python client."""

    async def send(self, case: Case, message: Sent) -> Answer:
        """Send payloads as they are; an update again that the server lost between two runs, as its answer asks for."""
        try:
            if not message.update:
                await case.handle.signal(message.name, args=message.payloads, rpc_timeout=PATIENCE)
                return Answer(RECEIVED)
            return Answer(RECEIVED, await through_a_roll_over(lambda: self._update(case, message)))
        except WorkflowUpdateFailedError as refused:
            return Answer(getattr(refused.cause, "type", "no reason"))
        except RPCError as refused:
            return Answer(f"server: {refused.status.name}")

    async def _update(self, case: Case, message: Sent) -> dict[str, Any]:
        receipt: dict[str, Any] = await case.handle.execute_update(
            message.name, args=message.payloads, id=message.id, rpc_timeout=PATIENCE
        )
        return receipt


class CommandLine:
    """The ``temporal`` command line, with every payload in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, case: Case, message: Sent) -> Answer:
        """Run the command and read what it says."""
        where = [f"--address={case.client.service_client.config.target_host}", f"--workflow-id={case.handle.id}"]
        what = ["update", "execute", f"--update-id={message.id}"] if message.update else ["signal"]
        words = ["workflow", *what, f"--name={message.name}", "--output=json", *where, *self._payloads(message)]
        code, out, err = await run_temporal(*words)
        if code == 0:
            return Answer(RECEIVED, json.loads(out)["result"] if message.update else None)
        return Answer(next((code for said, code in SAID.items() if said in err), "") or _type(err))

    def _payloads(self, message: Sent) -> list[str]:
        words = []
        for number, payload in enumerate(value.payload for value in message.payloads):
            file = self._folder / f"{number}"
            file.write_bytes(payload.data)
            words.append(f"--input-file={file}")
            if (encoding := payload.metadata["encoding"]) != b"json/plain":
                words.append(f"--input-meta=encoding={encoding.decode(errors='replace')}")
        return words


SAID = {
    "is not valid JSON": "command line: no JSON",
    "is not set on request": "server: INVALID_ARGUMENT",
    "exceeds limit": "server: INVALID_ARGUMENT",
    "workflow execution already completed": "server: NOT_FOUND",
}
"""What stands in its errors that are no refusals by the complaint."""


def _type(error: str) -> str:
    found = re.search(r"\(type: (\w+)", error)
    return found[1] if found else error


async def run_temporal(*words: str) -> tuple[int, str, str]:
    """Run the command line: exit code, output, errors."""
    process = await asyncio.create_subprocess_exec(
        TEMPORAL, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode(errors="replace")
