"""What no schema allows: values that break readers, bytes that are no text, payloads that are no message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from tests.any_text import EVERYTHING_SHORT

Json = dict[str, Any]
DEEP = 10_000

NUMBERS = [
    "-1", "0", "1e400", "-1e-400", "NaN", "-Infinity", "1" + "0" * 4_000, "1" + "0" * 5_000, "9" * 18 + ".999",
    '"1e1000000"', '"-1e-1000000"', '"NaN"', '"0x10"', '"１２"',
]  # fmt: skip
TIMES = [
    '"0000-00-00T00:00:00Z"', '"0001-01-01T00:00:00+14:00"', '"1900-01-01T00:00:00-12:00"', '"2026-03-02T10:00:00"',
    '"2026-02-30T24:61:61Z"', '"2026-03-02T10:00:00.123456789123456789Z"', '"2199-12-31T23:59:59+14:00"',
    '"9999-12-31T23:59:59-14:00"', '"+12026-03-02T10:00:00Z"', "253402300799", "-1e18", '"today"',
]  # fmt: skip
TEXTS = [
    '""', '" "', '"<why>"', r'"\ud83d"', r'"\u0000"', '"\x00"', r'"\ud800\ud800"', '"a\nb"', '"../../etc"',
    '"' + "x" * 10_000 + '"', '"' + "钱" * 30_000 + '"', '"' + "\u202e" * 80 + '"', json.dumps(EVERYTHING_SHORT),
]  # fmt: skip
SHAPES = [
    "null", "true", "[]", "{}", "[[]]", '{"a": 1, "a": 2}', "", "undefined", "[" * DEEP, "[" * DEEP + "]" * DEEP,
    '{"a":' * DEEP + "1" + "}" * DEEP, '{"a":' * 150 + "1" + "}" * 150,
]  # fmt: skip
VALUES = [*NUMBERS, *TIMES, *TEXTS, *SHAPES]
"""JSON that stands where another value is expected, and what only looks like JSON."""

NAMES = ["", "x" * 10_000, "\0", "<why>", "钱", "__proto__", "by "]
"""Of fields that no message has."""
BYTES = [
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xc0\x80",
    b"\\",
    b'"',
    b"{",
    b"]",
    b",,",
    b"1e",
    b"\r\n",
]
ENCODINGS = [
    b"binary/plain",
    b"binary/null",
    b"binary/protobuf",
    b"json/protobuf",
    b"json",
    b"",
    b"\xff\xfe",
    b"pigeon",
]
CODECS = ["utf-16", "utf-32-le", "utf-7", "utf-8-sig", "cp037"]
HERE = "here stands an odd value"


def raw(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    """Bytes as a payload."""
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a message: the object or list, and the key in it."""
    for key in [*value] if isinstance(value, dict) else range(len(value)):
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


def with_an_odd_value(message: Json, chance: Random) -> bytes:
    """A message in which one value is odd, or has an odd one of the same name before it, or of a name of its own."""
    message = json.loads(json.dumps(message))
    holder, key = chance.choice([*places(message)])
    value = chance.choice(VALUES)
    if isinstance(holder, dict) and chance.random() < 0.2:
        name = chance.choice([key, chance.choice(NAMES)])
        return json.dumps(message).replace("{", f"{{{json.dumps(name)}: {value}, ", 1).encode()
    holder[key] = HERE
    return json.dumps(message).replace(json.dumps(HERE), value).encode()


def mutated(data: bytes, chance: Random) -> bytes:
    """A message in which a few bytes were changed, lost, repeated or added, or whose end is missing."""
    page = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(page) or 1)
        span = slice(at, at + chance.randint(1, 20))
        match chance.choice(["change", "change", "lose", "repeat", "add", "add", "cut"]):
            case "change" if page:
                page[at] ^= 1 << chance.randrange(8)
            case "lose":
                del page[span]
            case "repeat":
                page[at:at] = page[span]
            case "cut":
                del page[at:]
            case _:
                page[at:at] = chance.choice([*BYTES, chance.randbytes(4)])
    return bytes(page)


def wrapped_wrongly(message: Json, chance: Random) -> tuple[RawValue, ...]:
    """A message that is encoded as something else, or comes with several payloads or none."""
    text = json.dumps(message)
    return chance.choice(
        [
            (raw(text.encode(), chance.choice(ENCODINGS)),),
            (raw(text.encode(chance.choice(CODECS))),),
            (raw(chance.randbytes(chance.randrange(60))),),
            (raw(json.dumps(text).encode()),),
            (RawValue(Payload(data=text.encode())),),
            (RawValue(Payload()),),
            (raw(text.encode()),) * chance.randint(2, 20),
            (),
        ]
    )
