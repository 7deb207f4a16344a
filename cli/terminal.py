"""What the command line tells people and machines, and the exit codes that go with it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text
from temporalio.client import Client

from client.connection import ServerNotThere, connect
from client.failures import Refused, WorkerNotThere
from domain.reading import Unreadable


def content(file: str) -> bytes:
    """A file, or standard input for ``-``."""
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def console() -> Console:
    """For people: hints and refusals do not mix with the answer on standard output."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def say(value: Any, shown: RenderableType, *, as_json: bool) -> None:
    """The answer: a table or sentence for people, JSON for machines."""
    if as_json:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_jsonable) + "\n")
    else:
        wide = None if sys.stdout.isatty() else 200
        Console(highlight=False, width=wide).print(Text(shown) if isinstance(shown, str) else shown, soft_wrap=True)


def outcome(work: Callable[[Client], Awaitable[int]], *, as_json: bool) -> int:
    """Connect, work, and turn everything that can go wrong into one sentence and an exit code."""

    async def connected() -> int:
        return await work(await connect(quiet=True))

    try:
        return asyncio.run(connected())
    except Refused as refused:
        return _refused(refused.code, refused.sentence, as_json)
    except Unreadable as reason:
        return _refused("unreadable", f"This file cannot be read: {reason}.", as_json)
    except (ServerNotThere, WorkerNotThere) as reason:
        _tell(str(reason))
        return 2
    except OSError as reason:
        _tell(f"{reason.filename or 'The file'} cannot be used: {reason.strerror or reason}.")
        return 2
    except KeyboardInterrupt:
        _tell("Interrupted.")
        return 130
    except Exception as trouble:
        _tell(f"Something unexpected happened ({type(trouble).__name__}); this should be reported.")
        return 3


def _refused(code: str, sentence: str, as_json: bool) -> int:
    if as_json:
        say({"refused": {"code": code, "sentence": sentence}}, "", as_json=True)
    _tell(f"Refused ({code}): {sentence}")
    return 1


def _tell(sentence: str) -> None:
    console().print(Text(sentence))


def _jsonable(value: Any) -> Any:
    return value.model_dump(mode="json")
