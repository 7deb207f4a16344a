"""How the program begins and ends: whatever happens in between, an exit code, and never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from io import TextIOWrapper
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from temporalio.client import Client

PROGRAM = "starter.py"


def finish(work: Callable[[Client], Awaitable[int]], json: bool) -> None:
    """End a command that needs the server: with the exit code of its work, or of what went wrong."""
    # Imported here and in the commands, so that --help answers at once.
    from cli.terminal import outcome

    raise typer.Exit(outcome(work, as_json=json))


def alone(work: Callable[[], Awaitable[int]], json: bool) -> None:
    """The same for commands that find their way to the server themselves, or need none."""
    from cli.terminal import plainly_ended

    raise typer.Exit(plainly_ended(work, as_json=json))


def run(app: Callable[..., object]) -> int:
    """Run the commands, and give the exit code."""
    _make_streams_usable()
    try:
        code = _code_of(app)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BrokenPipeError:
        return 0  # whoever read the output (``| head``) has seen enough
    except OSError as reason:
        return _last_words(2, f"The output cannot be written: {reason.strerror or reason}.")
    return code


def _code_of(app: Callable[..., object]) -> int:
    try:
        app(prog_name=PROGRAM)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None  # to rich and typer a closed pipe is a failure
        return end.code if isinstance(end.code, int) else 2
    except OSError:
        raise
    except BaseException as trouble:
        return _last_words(3, f"Something unexpected happened ({type(trouble).__name__}); this should be reported.")
    return 0


def _make_streams_usable() -> None:
    """A closed stream swallows everything; one that cannot write Chinese writes escapes, and does not fail."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _last_words(code: int, sentence: str) -> int:
    try:
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
    except OSError:
        pass  # nobody listens
    return code
