"""How often programs force their data to the disk."""

from __future__ import annotations

import asyncio
import shutil
import signal
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any


async def forced(pids: Iterable[int], work: Coroutine[Any, Any, object]) -> int | None:
    """How often these processes, with what they start meanwhile, do so while something is done.

    Unknown without ``strace``, which stops them at every system call: so little should be done, and no time be taken.
    """
    strace = shutil.which("strace")
    if strace is None:
        work.close()
        return None
    with tempfile.TemporaryDirectory(prefix="strace-") as directory:
        trace = Path(directory) / "trace"
        words = [strace, "-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-o", str(trace)]
        words += [word for pid in pids for word in ("-p", str(pid))]
        tracing = await asyncio.create_subprocess_exec(*words, stdout=DEVNULL, stderr=DEVNULL)
        await work
        if tracing.returncode is None:
            tracing.send_signal(signal.SIGINT)
        await tracing.wait()
        lines = await asyncio.to_thread(trace.read_text)
    return sum("sync(" in line for line in lines.splitlines())
