"""What the command line tells people and machines, and the exit codes that go with it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text
from temporalio.client import Client

from cli.harmless import Harmless, harmless
from client.connection import ServerNotThere, connect
from client.failures import ArchiveNotThere, Refused, WorkerNotThere
from client.tracing import send_the_rest
from domain.reading import Unreadable

PIPED_WIDTH = 200
"""Columns of a table that no terminal limits."""


class WrongUsage(Exception):
    """What was asked for cannot be done so. The text is one sentence."""


def content(file: str) -> bytes:
    """A file, or standard input for ``-``."""
    return _standard_input() if file == "-" else Path(file).read_bytes()


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise OSError("standard input is closed")
    # asyncio answers Ctrl-C by cancelling the task, which somebody waiting for input would never notice.
    asyncios = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return sys.stdin.buffer.read()
    finally:
        signal.signal(signal.SIGINT, asyncios)


def console() -> Console:
    """For people: hints and refusals do not mix with the answer on standard output."""
    # In a terminal lines end between words; whatever else reads them gets a sentence per line.
    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


def say(value: Any, shown: RenderableType, *, as_json: bool) -> None:
    """The answer: a table or sentence for people, JSON for machines."""
    if as_json:
        ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
        sys.stdout.write(json.dumps(value, ensure_ascii=ascii_only, indent=2, default=_jsonable) + "\n")
    else:
        width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
        out = Console(highlight=False, width=width)
        # Commands that are shown to be pasted must not be broken; a sentence is, between words.
        if isinstance(shown, str):
            out.print(Text(harmless(shown)), soft_wrap=not sys.stdout.isatty())
        else:
            out.print(Harmless(shown), soft_wrap=True)
    sys.stdout.flush()


def hint(sentence: str) -> None:
    """A remark beside the answer, for people."""
    console().print(Text(sentence, style="dim"))


def outcome(work: Callable[[Client], Awaitable[int]], *, as_json: bool) -> int:
    """Connect, work, and turn everything that can go wrong into one sentence and an exit code."""

    async def connected() -> int:
        return await work(await connect(quiet=True))

    return plainly_ended(connected, as_json=as_json)


def plainly_ended(work: Callable[[], Awaitable[int]], *, as_json: bool) -> int:
    """Work, and turn everything that can go wrong into one sentence and an exit code."""
    try:
        return asyncio.run(_until_told(work))
    except Refused as refused:
        return _refused(refused.code, refused.sentence, as_json)
    except Unreadable as reason:
        return _refused("unreadable", f"This file cannot be read: {reason}.", as_json)
    except (WrongUsage, ServerNotThere, WorkerNotThere, ArchiveNotThere) as reason:
        return _failed(2, type(reason).__name__, str(reason), as_json)
    except BrokenPipeError:
        return _nobody_reads_on()
    except OSError as reason:
        where = reason.filename or "What was named"
        return _failed(2, "OSError", f"{where} cannot be used: {reason.strerror or reason}.", as_json)
    except KeyboardInterrupt:
        return _failed(130, "Interrupted", "Interrupted.", as_json)
    except Exception as trouble:
        sentence = f"Something unexpected happened ({type(trouble).__name__}); this should be reported."
        return _failed(3, "Unexpected", sentence, as_json)
    finally:
        send_the_rest()


async def _until_told(work: Callable[[], Awaitable[int]]) -> int:
    """Work until Ctrl-C: the SDK may report the request that this cuts off as one that failed."""
    try:
        return await work()
    except Exception:
        task = asyncio.current_task()
        if task and task.cancelling():
            raise asyncio.CancelledError from None
        raise


def _refused(code: str, sentence: str, as_json: bool) -> int:
    if as_json:
        say({"refused": {"code": code, "sentence": sentence}}, "", as_json=True)
    _tell(f"Refused ({code}): {sentence}")
    return 1


def _failed(code: int, kind: str, sentence: str, as_json: bool) -> int:
    if as_json:
        say({"failed": {"exit_code": code, "kind": kind, "sentence": sentence}}, "", as_json=True)
    _tell(sentence)
    return code


def _nobody_reads_on() -> int:
    """Whoever read the output (``| head``) has seen enough; Python must not complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _tell(sentence: str) -> None:
    console().print(Text(sentence))


def _jsonable(value: Any) -> Any:
    return value.model_dump(mode="json")
