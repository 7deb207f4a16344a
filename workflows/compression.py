"""How large documents are recorded when they are payloads of their own: as what zlib makes of their JSON."""

from __future__ import annotations

import json
import zlib
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.converter import EncodingPayloadConverter

from domain.compressed import Compressed

ENCODING = "binary/zlib"


class CompressedDocuments(EncodingPayloadConverter):
    """Half the size of the same in a JSON text."""

    @property
    def encoding(self) -> str:
        """The name by which readers know it."""
        return ENCODING

    def to_payload(self, value: Any) -> Payload | None:
        """The payload of a large document; nothing for all else."""
        if not isinstance(value, Compressed):
            return None
        return Payload(metadata={"encoding": ENCODING.encode()}, data=value.compressed())

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The document; its JSON where nobody says what it is."""
        if isinstance(type_hint, type) and issubclass(type_hint, Compressed):
            return type_hint.uncompressed(payload.data)
        return json.loads(zlib.decompress(payload.data))
