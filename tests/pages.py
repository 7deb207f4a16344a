"""Pages of the documentation whose commands are run as they stand, and whose answers are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker


def steps(page: str) -> Iterator[tuple[str, str]]:
    """Every block of commands with the answer shown after it, in which ``...`` stands for what differs each time."""
    yield from re.findall(r"^```sh\n(.*?)^```\n\n```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def same(shown: str, said: str) -> bool:
    """Whether a program said what the page shows."""
    return OutputChecker().check_output(shown, said, ELLIPSIS | NORMALIZE_WHITESPACE)
