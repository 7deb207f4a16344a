"""What processes have used so far, read from ``/proc``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
PARENT, OWN, WITH_DEAD_CHILDREN = 1, slice(11, 13), slice(11, 15)
"""Fields of ``stat`` after the name of the program, by ``man proc_pid_stat``."""


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    return _seconds(_stat(pid)[OWN])


def family(pid: int) -> Iterator[int]:
    """A process and everything that it started and that still runs."""
    parents = {}
    for entry in PROC.glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            parents[int(entry.name)] = int(_stat(int(entry.name))[PARENT])
    waiting = [pid]
    while waiting:
        yield (one := waiting.pop())
        waiting += [child for child, parent in parents.items() if parent == one]


def family_seconds(pid: int) -> float:
    """User and system time of a process, of everything that it started, and of what of that has ended."""
    taken = 0.0
    for one in family(pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            taken += _seconds(_stat(one)[WITH_DEAD_CHILDREN])
    return taken


def switches(pid: int) -> int:
    """How often one of the threads of a process has gone to sleep until something woke it."""
    return sum(_sum_of(task / "status", "voluntary_ctxt_switches") for task in (PROC / str(pid) / "task").iterdir())


def _sum_of(file: Path, field: str) -> int:
    """A field of a file of a process or thread that may have ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        found = (line.partition(":") for line in file.read_text().splitlines())
        return sum(int(value) for name, _, value in found if name == field)
    return 0


def _stat(pid: int) -> list[str]:
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _seconds(ticks: list[str]) -> float:
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
