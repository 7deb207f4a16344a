"""What a check finds, and how checks are run beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel
from temporalio.service import RPCError

PATIENCE = 20.0
"""Seconds for one check; one that hangs must not hide the others."""

SHOWN = 3
"""Complaints and workers that are named; of the others, how many there are."""


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


class Finding(BaseModel):
    """One line of the doctor's answer."""

    check: str
    """What was looked at."""
    state: State
    """How bad it is."""
    found: str
    """What was found, without secrets and without a word of a complaint."""
    advice: str = ""
    """What to do next; empty when nothing is to be done."""


class NotChecked(Exception):
    """A check cannot be made here: why, and what would make it possible."""

    def __init__(self, why: str, advice: str = "") -> None:
        super().__init__(why)
        self.advice = advice


@dataclass(frozen=True)
class Check:
    """One look at one thing."""

    name: str
    look: Callable[[], Awaitable[list[Finding]]]


def ok(check: str, found: str) -> Finding:
    """All is well."""
    return Finding(check=check, state=State.OK, found=found)


def warning(check: str, found: str, advice: str) -> Finding:
    """It works, and should be seen to."""
    return Finding(check=check, state=State.WARNING, found=found, advice=advice)


def failed(check: str, found: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(check=check, state=State.FAILED, found=found, advice=advice)


def not_checked(check: str, reason: NotChecked) -> Finding:
    """It cannot be seen from here."""
    return Finding(check=check, state=State.NOT_CHECKED, found=str(reason), advice=reason.advice)


def few(names: Sequence[str], number: int) -> str:
    """The first of so many names, and how many there are besides."""
    return ", ".join(names[:SHOWN]) + (f" and {number - SHOWN} more" if number > SHOWN else "")


async def examine(checks: Iterable[Check]) -> list[Finding]:
    """All checks at once, their findings in order; whatever happens to one, the others are made."""
    found = await asyncio.gather(*(_made(check) for check in checks))
    return [finding for findings in found for finding in findings]


async def _made(check: Check) -> list[Finding]:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check.look()
    except NotChecked as reason:
        return [not_checked(check.name, reason)]
    except TimeoutError:
        return [failed(check.name, f"no answer within {PATIENCE:.0f} s", "see whether it is overloaded, and try again")]
    except RPCError as wrong:
        said = f"the server refused to say ({wrong.status.name.lower()})"
        return [failed(check.name, said, "see the server's log")]
    except Exception as trouble:
        said = f"the check itself broke ({type(trouble).__name__})"
        return [failed(check.name, said, "this should be reported")]
