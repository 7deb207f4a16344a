"""Large documents that stay in a complaint's history for as long as it is kept: compressed where they are JSON."""

from __future__ import annotations

import base64
import json
import zlib
from functools import lru_cache
from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, SerializerFunctionWrapHandler, model_serializer, model_validator

from domain.model import Model

COMPRESSED = "zlib_base64"
"""Where the whole document is: base64 of what zlib makes of its JSON."""


class Compressed(Model):
    """A document that is recorded compressed, with what tells people what it is. Read from either form."""

    @property
    def shown(self) -> dict[str, Any]:
        """What stays readable beside it."""
        raise NotImplementedError

    @classmethod
    def uncompressed(cls, text: str) -> Self:
        """The document of a compressed text."""
        return cls.model_validate_json(zlib.decompress(base64.b64decode(text)))

    @model_serializer(mode="wrap", when_used="json")
    def _recorded(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return self.shown | {COMPRESSED: _compressed(json.dumps(whole(self), ensure_ascii=False))}

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, recorded: Any, whole: ModelWrapValidatorHandler[Self]) -> Self:
        text = isinstance(recorded, dict) and recorded.get(COMPRESSED)
        return cls.uncompressed(text) if text else whole(recorded)


@lru_cache(maxsize=16)
def _compressed(text: str) -> str:
    """The last ones are kept: the rules of most complaints are the same."""
    return base64.b64encode(zlib.compress(text.encode())).decode()
