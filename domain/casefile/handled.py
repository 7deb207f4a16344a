"""Which messages a complaint has accepted: sixteen characters for each, in the order in which they came."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Any

from pydantic import RootModel, model_serializer, model_validator

ID, CONTENT = 12, 4
"""Characters of a message's id and of its content: 72 and 24 bits of their checksums."""
EACH = ID + CONTENT


class Handled(RootModel[dict[str, str]]):
    """The accepted messages, by the checksum of their ids. Stored as one string.

    Among 20,000 messages, two different ids look the same once in 20 million million complaints; the later message then
    goes to the quarantine. Other content under an id that was used goes unnoticed once in 16 million times.
    """

    root: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, stored: Any) -> Any:
        if isinstance(stored, str):
            starts = range(0, len(stored), EACH)
            return {stored[at : at + ID]: stored[at + ID : at + EACH] for at in starts}
        if isinstance(stored, dict):  # ids and digests in full, as an earlier version carried them
            return {_short_id(message_id): _short(bytes.fromhex(digest)) for message_id, digest in stored.items()}
        return stored

    @model_serializer
    def _pack(self) -> str:
        return "".join(message_id + content for message_id, content in self.root.items())

    def __contains__(self, message_id: str) -> bool:
        return _short_id(message_id) in self.root

    def __len__(self) -> int:
        return len(self.root)

    def same(self, message_id: str, digest: bytes) -> bool | None:
        """Whether the message accepted under this id had this content; nothing when none was."""
        known = self.root.get(_short_id(message_id))
        return None if known is None else known == _short(digest)

    def enter(self, message_id: str, digest: bytes) -> None:
        """Remember an accepted message."""
        self.root[_short_id(message_id)] = _short(digest)

    def forget_all_but(self, latest: int) -> None:
        """Remember the latest ones only."""
        for message_id in list(self.root)[: max(0, len(self.root) - latest)]:
            del self.root[message_id]


def _short_id(message_id: str) -> str:
    return b64encode(sha256(message_id.encode()).digest()[: ID * 6 // 8]).decode()


def _short(digest: bytes) -> str:
    return b64encode(digest[: CONTENT * 6 // 8]).decode()
