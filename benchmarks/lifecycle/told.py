"""How the driver learns what has gone out, without asking: whoever does it writes a line into a socket."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import defaultdict
from pathlib import Path

SOCKET = "LIFECYCLE_SOCKET"
"""Variable that names the socket to the programs."""


class Teller:
    """Tells the driver what was done for which complaint."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._path = os.environ[SOCKET]

    def tell(self, reference: str, what: str) -> None:
        """Say that something has gone out, such as ``letter offer``."""
        # Not connected: whoever listens there may be another program than a minute ago.
        self._socket.sendto(f"{reference} {what}".encode(), self._path)


class Told(asyncio.DatagramProtocol):
    """What the driver was told."""

    def __init__(self) -> None:
        self._happened: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Take a line in."""
        self._happened[data.decode()].set()

    async def wait(self, reference: str, what: str) -> None:
        """Wait until something has gone out."""
        line = f"{reference} {what}"
        await self._happened[line].wait()
        del self._happened[line]


async def listen(path: Path) -> Told:
    """Listen at a socket."""
    loop = asyncio.get_running_loop()
    _, told = await loop.create_datagram_endpoint(Told, sock=_bound(path))
    return told


def _bound(path: Path) -> socket.socket:
    """A socket at a path, which an earlier run on the same data may have left there."""
    path.unlink(missing_ok=True)
    receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    receiver.bind(str(path))
    return receiver
