"""The stand-in bank as a process that tells the driver what it was ordered: ``python -m benchmarks.lifecycle.bank``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bank.__main__ import listen
from bank.app import create_app
from benchmarks.lifecycle.told import Teller

WHAT = {
    "/letters": lambda order: f"letter {order['kind']}",
    "/departments/notices": lambda order: f"notice {order['kind']}",
    "/departments/investigations": lambda order: f"investigation {order['department']}",
}
"""What is told of an order, by the path that it came to."""


class Telling:
    """Tells of every order once it is answered."""

    def __init__(self, app: ASGIApp, teller: Teller) -> None:
        self._app = app
        self._teller = teller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        body = bytearray()

        async def reading() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        await self._app(scope, reading, send)
        if scope["type"] == "http" and scope["method"] == "POST" and (what := WHAT.get(scope["path"])):
            order = json.loads(body)
            self._teller.tell(order["reference"], what(order))


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    app = Telling(create_app(options.data), Teller())
    with listen(options.port) as listening:
        config = uvicorn.Config(app, access_log=False, log_level="warning", timeout_keep_alive=60)
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
