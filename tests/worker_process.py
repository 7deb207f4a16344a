"""``worker.py`` in a process of its own, for tests."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from embedded.process import ROOT

BANK = {
    "COMPLAINTS_BANK_URL": "http://127.0.0.1:9",
    "COMPLAINTS_CUSTOMER_KEY_SECRET": "a secret of more than thirty-two characters",
}


def own_environment(**more: str) -> dict[str, str]:
    """This machine's environment without its settings of our programs."""
    ours = ("TEMPORAL_", "COMPLAINTS_", "OTEL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


@asynccontextmanager
async def worker_process(directory: Path, *program: str, **environment: str) -> AsyncIterator[Process]:
    """The worker, or another program, with its log in a pipe; killed at the end of the block if it still runs."""
    archive = {"COMPLAINTS_ARCHIVE_URL": f"sqlite:///{directory}/archive.db"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *(program or ("worker.py",))),
        env=own_environment(**(archive | environment)),
        cwd=ROOT,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def said(process: Process, message: str) -> dict[str, Any]:
    """Read its log until it says something, and give that line."""
    assert process.stderr
    async for line in process.stderr:
        told: dict[str, Any] = json.loads(line)
        if told["message"] == message:
            return told
    raise AssertionError(f"the worker ended without saying: {message}")
