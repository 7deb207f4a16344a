"""Addresses on which the worker answers operators."""

from __future__ import annotations

import ipaddress
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator
from pydantic_settings import NoDecode


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_address(text: object) -> object:
    """Read ``HOST:PORT``, with the host as a number."""
    if not isinstance(text, str):
        return text
    host, _, port = text.rpartition(":")
    try:
        host = str(ipaddress.ip_address(host.removeprefix("[").removesuffix("]")))
        if not 0 < int(port) < 65_536:
            raise ValueError
    except ValueError:
        raise ValueError("give an IP address and a port, such as 127.0.0.1:9464 or 0.0.0.0:9464") from None
    return Address(host, int(port))


Listening = Annotated[Address | None, NoDecode, BeforeValidator(read_address)]
"""A setting of the form ``HOST:PORT``, or none."""
