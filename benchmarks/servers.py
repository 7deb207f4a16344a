"""The embedded Temporal server with its data kept in different ways."""

from __future__ import annotations

from pathlib import Path

from embedded.process import free_port
from embedded.server import server_command

STORAGES = ("memory", "disk", "shipped")
"""In memory; in a file as ``make run`` has it; in a file as the server comes, without settings for it."""
TRIED = {
    "late-checkpoints": ("--sqlite-pragma", "wal_autocheckpoint=10000"),
    "checkpoints-3500": ("--sqlite-pragma", "wal_autocheckpoint=3500"),
    **{f"pages-{size}": ("--sqlite-pragma", f"page_size={size}") for size in (512, 1024, 2048, 8192)},
    "large-cache": ("--sqlite-pragma", "cache_size=-65536"),
    "mapped": ("--sqlite-pragma", "mmap_size=268435456"),
    "one-partition": (
        *("--dynamic-config-value", "matching.numTaskqueueReadPartitions=1"),
        *("--dynamic-config-value", "matching.numTaskqueueWritePartitions=1"),
    ),
    "many-collections": (),
    "shared": ("--sqlite-pragma", "locking_mode=NORMAL"),
    "more-pollers": (),
}
"""Settings that were tried one by one on top of ``disk``; none of them takes from its durability. ``many-collections``
and ``shared`` leave out one that it has."""
AS_SHIPPED = {"GOGC": "100", "GOMEMLIMIT": "off"}
ENVIRONMENT = {
    "memory": AS_SHIPPED,
    "shipped": AS_SHIPPED,
    "many-collections": AS_SHIPPED,
    "more-pollers": {"FLOOR_POLLERS": "20"},
}
"""What some of them say to the server or the worker by variables."""


def command(storage: str, data: Path, port: int, *namespaces: str) -> list[str]:
    """The command line of ``make run`` with another storage and further namespaces."""
    words = [*server_command(data, port, free_port(0)), *TRIED.get(storage, ())]
    if storage in ("memory", "shipped"):
        words = _without(words, "--sqlite-pragma")
    if storage == "memory":
        words = _without(words, "--db-filename")
    return [*words, *(word for name in namespaces for word in ("--namespace", name))]


def _without(words: list[str], option: str) -> list[str]:
    values = {number + 1 for number, word in enumerate(words) if word == option}
    return [word for number, word in enumerate(words) if word != option and number not in values]
