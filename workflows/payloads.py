"""Payloads as they arrive: anything can be sent, and nothing may stop the workflow."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from domain.reading import Unreadable

NO_PAYLOAD = RawValue(Payload())
"""What a handler gets when the sender sent nothing, as the Temporal UI does for an empty form."""

SEVERAL = RawValue(Payload())
"""What a workflow begins with when it was started with several payloads, of which none can be trusted to be it."""


def any_number_of_payloads(init: Callable[[Any, RawValue], None]) -> Callable[[Any, RawValue], None]:
    """Begin a workflow with whatever it was started with: an exception there would stop it for ever."""

    @functools.wraps(init)
    def begin(self: Any, *payloads: RawValue) -> None:
        init(self, *payloads if len(payloads) < 2 else (SEVERAL,))

    return begin


def content(value: object) -> bytes:
    """The JSON text of a payload.

    Raises:
        Unreadable: when there is no payload, or it is not JSON.
    """
    if value is SEVERAL:
        raise Unreadable("there are several payloads; send one JSON object")
    if not isinstance(value, RawValue) or not value.payload.metadata:
        raise Unreadable("the message is empty; send one JSON object")
    encoding = value.payload.metadata.get("encoding", b"").decode("ascii", "replace")
    if not encoding.startswith("json/"):
        raise Unreadable(f"the message is encoded as {encoding}; send one JSON object")
    return value.payload.data
