"""Which tests stay together, and which begin, when several processes run them."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

TOGETHER = {
    "the browser": ("tests/ui/",),
    "one long look at a worker": tuple(f"tests/service/test_{what}.py" for what in ("log", "metrics", "traces")),
    "port 7233": ("tests/embedded/", "tests/test_tour.py", "tests/cli/test_doctor.py"),
}
"""Tests that share what takes long to make, or what a machine has only once. Otherwise a file stays together."""
FIRST = ("tests/ui/", "tests/chaos/", "tests/workflows/", "tests/service/")
LAST = "tests/domain/"


class Together(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """Gives a process what has to stay together, in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return next((what for what, places in TOGETHER.items() if nodeid.startswith(places)), nodeid.split("::")[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """How tests are given to processes."""
    config.option.loadscopereorder = False
    return Together(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long begins, and what can be shared out finely is last: so the processes end together."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _turn(item.nodeid))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name at once what fails: reasons are told at the end, and a run may be ended before."""
    if report.failed and (process := getattr(report, "node", None)):
        process.config.get_terminal_writer().line(f" {report.nodeid} failed")


def _turn(nodeid: str) -> int:
    if nodeid.startswith(LAST):
        return len(FIRST) + 1
    return next((turn for turn, place in enumerate(FIRST) if nodeid.startswith(place)), len(FIRST))
