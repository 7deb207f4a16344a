"""Checks made within this process, deaf to the settings of the machine."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test sets is all that is set."""
    for name in os.environ:
        if name.startswith(("COMPLAINTS_", "TEMPORAL_")):
            monkeypatch.delenv(name)
