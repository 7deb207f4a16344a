"""``worker.py`` of the build after this one: with the change that ``docs/upgrades.md`` works out, under its patch."""

from __future__ import annotations

import logging
import os

from tests.upgrades.guide import upgrade
from worker import main

if __name__ == "__main__":
    upgrade("patched")
    code = main()
    logging.shutdown()
    os._exit(code)
