"""Runs the stand-in on loopback: ``python -m bank --port 8090 --data bank.db``."""

from __future__ import annotations

import argparse
import os
import socket
from pathlib import Path

import uvicorn

from bank.app import create_app


def listen(port: int) -> socket.socket:
    """A socket of loopback that takes connections from now on; port 0 takes a free one."""
    listening = socket.create_server(("127.0.0.1", port))
    # asyncio sets this only where the protocol was named; without it, every answer waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def main() -> None:
    """Serve until interrupted; port 0 takes a free one. The address is the first line printed."""
    parser = argparse.ArgumentParser(prog="python -m bank", description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--data", type=Path, default=Path("bank.db"))
    options = parser.parse_args()
    # The same variable that the worker reads: with a token in it, the stand-in asks for that token.
    app = create_app(options.data, os.environ.get("COMPLAINTS_BANK_TOKEN") or None)
    with listen(options.port) as listening:
        print(f"The bank answers at http://127.0.0.1:{listening.getsockname()[1]}", flush=True)  # noqa: T201  # whoever starts it reads this line
        # A keep-alive longer than the client's, so that the server never hangs up on a request being sent.
        config = uvicorn.Config(app, access_log=False, log_level="warning", timeout_keep_alive=60)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
