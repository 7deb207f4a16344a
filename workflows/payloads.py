"""Payloads as they arrive: anything can be sent, and nothing may stop the workflow."""

from __future__ import annotations

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from domain.reading import Unreadable

NO_PAYLOAD = RawValue(Payload())
"""What a handler gets when the sender sent nothing, as the Temporal UI does for an empty form."""


def content(value: object) -> bytes:
    """The JSON text of a payload.

    Raises:
        Unreadable: when there is no payload, or it is not JSON.
    """
    if not isinstance(value, RawValue) or not value.payload.metadata:
        raise Unreadable("the message is empty; send one JSON object")
    encoding = value.payload.metadata.get("encoding", b"").decode("ascii", "replace")
    if not encoding.startswith("json/"):
        raise Unreadable(f"the message is encoded as {encoding}; send one JSON object")
    return value.payload.data
