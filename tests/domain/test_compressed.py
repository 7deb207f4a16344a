"""Guarantee: what is recorded compressed comes back as it was, and whatever was recorded plainly is still read."""

from __future__ import annotations

import base64
import json
import zlib
from random import Random

import pytest

from benchmarks.lives import Life
from domain.compressed import COMPRESSED, Compressed
from domain.pinned import PinnedRules
from tests.domain.cases import rules

DOCUMENTS: list[Compressed] = [rules(), Life(Random(1), "LIFE-1").play()]


def plain(document: Compressed) -> bytes:
    """The JSON that was recorded before anything was compressed."""
    text = zlib.decompress(document.compressed())
    assert set(json.loads(text)) == set(type(document).model_fields)
    return text


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: type(document).__name__)
def test_it_comes_back_as_it_was(document: Compressed) -> None:
    assert type(document).model_validate_json(document.model_dump_json()) == document
    assert type(document).uncompressed(document.compressed()) == document


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: type(document).__name__)
def test_what_was_recorded_plainly_is_still_read(document: Compressed) -> None:
    assert type(document).model_validate_json(plain(document)) == document


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: type(document).__name__)
def test_it_takes_less_than_half_within_another_and_less_than_a_third_by_itself(document: Compressed) -> None:
    recorded = json.loads(document.model_dump_json())
    assert list(recorded) == [COMPRESSED]
    assert base64.b64decode(recorded[COMPRESSED]) == document.compressed()
    assert len(recorded[COMPRESSED]) < len(plain(document)) / 2
    assert len(document.compressed()) < len(plain(document)) / 3


def test_complaints_with_the_same_rules_share_them() -> None:
    recorded = rules().model_dump_json()
    assert PinnedRules.model_validate_json(recorded) is PinnedRules.model_validate_json(recorded)
