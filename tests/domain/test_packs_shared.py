"""Guarantees proved here: each way of getting the files wrong that packs share is refused, where the fault stands."""

from __future__ import annotations

import pytest

from tests.domain.broken_packs import Broken, assert_refused

BROKEN = {
    "a shared file that is not there": Broken(
        '"shared/uk.toml"', '"shared/gb.toml"', "includes.1", "there is no file shared/gb.toml beside", pack="uk-disp"
    ),
    "shared files by one name": Broken(
        'includes = ["shared/house.toml", "shared/us.toml", "shared/letters-en.toml"]',
        'includes = "shared/house.toml"',
        "includes",
        'should be a list of files, such as ["shared/house.toml"]',
        pack="us-reg-e",
    ),
    "shared files by number": Broken(
        'includes = ["shared/house.toml", ',
        "includes = [1, ",
        "includes",
        "should be a list of files",
        pack="us-reg-e",
    ),
    "a shared file that shares": Broken(
        "[clocks.short_settlement]",
        'includes = ["shared/house.toml"]\n\n[clocks.short_settlement]',
        "includes",
        "is not allowed in an included file: name it in the pack",
        'includes = ["shared/house.toml"]',
        pack="uk-disp",
        file="shared/uk.toml",
    ),
    "a shared file that is not TOML": Broken(
        "attempts = 3", "attempts = three", "column", "is not valid TOML", pack="uk-disp", file="shared/house.toml"
    ),
    "a fault in what is shared": Broken(
        "attempts = 3",
        "attempts = 0",
        "call_back.attempts",
        "should be greater than or equal to 1, not 0",
        pack="au-rg271",
        file="shared/house.toml",
    ),
    "a contradiction in what is shared": Broken(
        "from_hour = 12, to_hour = 18",
        "from_hour = 11, to_hour = 18",
        "call_back.day_parts.1",
        "afternoon overlaps morning",
        pack="eu-psd2",
        file="shared/house.toml",
    ),
    "a shared number that the law overrules": Broken(
        "progress_every = { calendar_days = 5 }",
        "progress_every = { weeks = 3 }",
        "progress_every",
        "must hear of progress",
        pack="us-reg-e",
        file="shared/house.toml",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_pack_is_refused_with_its_line_and_its_remedy(broken: Broken) -> None:
    assert_refused(broken)
