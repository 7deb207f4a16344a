"""Large documents that stay in a complaint's history for as long as it is kept: compressed wherever they are recorded.

One that is a payload of its own is recorded as what zlib makes of its JSON (``workflows.compression``); one within
another document as base64 of that.
"""

from __future__ import annotations

import base64
import zlib
from functools import lru_cache
from typing import Any, Self

from pydantic import (
    ModelWrapValidatorHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from domain.model import Model

COMPRESSED = "zlib_base64"
"""Where the whole document is: base64 of what zlib makes of its JSON."""
_WHOLE = {"whole": True}


class Compressed(Model):
    """A document that is recorded compressed. Read from either form."""

    def compressed(self) -> bytes:
        """What zlib makes of its JSON."""
        return _compressed(self.model_dump_json(context=_WHOLE))

    @classmethod
    def uncompressed(cls, compressed: bytes) -> Self:
        """The document again."""
        return cls.model_validate_json(zlib.decompress(compressed))

    @model_serializer(mode="wrap", when_used="json")
    def _recorded(self, whole: SerializerFunctionWrapHandler, info: SerializationInfo) -> dict[str, Any]:
        if info.context == _WHOLE:
            plain: dict[str, Any] = whole(self)
            return plain
        return {COMPRESSED: base64.b64encode(self.compressed()).decode()}

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, recorded: Any, whole: ModelWrapValidatorHandler[Self]) -> Self:
        text = isinstance(recorded, dict) and recorded.get(COMPRESSED)
        return cls.uncompressed(base64.b64decode(text)) if text else whole(recorded)


@lru_cache(maxsize=16)
def _compressed(text: str) -> bytes:
    """The last ones are kept: the rules of most complaints are the same."""
    return zlib.compress(text.encode())
