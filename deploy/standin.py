"""The stand-in bank for the other containers; ``python -m bank`` serves this machine only.

It must have a token here: whoever reaches the network of the containers reaches it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import uvicorn

from bank.app import create_app


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m deploy.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    token = os.environ.get("COMPLAINTS_BANK_TOKEN")
    if not token:
        sys.exit("COMPLAINTS_BANK_TOKEN is not set.")
    app = create_app(options.data, token)
    # A keep-alive longer than the client's, as in bank/__main__.py.
    uvicorn.run(app, host="0.0.0.0", port=options.port, access_log=False, log_level="warning", timeout_keep_alive=60)  # noqa: S104  # inside a container


if __name__ == "__main__":
    main()
