"""Guarantees of the words of reports:

* Everything that the rules can say has a word in both languages: nobody reads a code.
* Every figure has its meaning in plain words, in both languages.
* Percentages come with their numbers, and nothing is said of nothing.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from activities.pack_files import read_packs
from domain.clockrules import ClockKind
from domain.decisions import RemedyKind
from domain.model import Language, Nature, Outcome, Stage
from domain.timeledger import Party
from reporting.codes import CODES
from reporting.results import Share
from reporting.sections import FLAGS
from reporting.tally import MEASURES
from reporting.vocabulary import VOCABULARY
from reporting.words import Words

ROOT = Path(__file__).parents[2]
PACKS = read_packs(ROOT / "rulepacks")
ENTRY = ("amount", "people", "contacts", "earlier_complaints", "regulator", "media", "vulnerable")
REASONS = (*ENTRY, "decision", "assessment", "dissatisfied", "withdrawal_not_confirmed", "department_silent",
           "law_breached", "referral_breached", "regulator_breached", "call_back_latest_breached",
           "promise_time_used_up", "tier_time_used_up")  # fmt: skip
SAID = {
    *Nature, *Outcome, *Stage, *Party, *ClockKind, *RemedyKind, *REASONS, *MEASURES, *FLAGS, "not_assessed",
    "investigation", "acceptance", "take_over", "tier",
    *(department for pack in PACKS for department in pack.departments),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(SAID))
def test_every_code_has_a_word(code: str) -> None:
    assert code in CODES or code in VOCABULARY
    assert all(Words(language)[code] for language in Language)


@pytest.mark.parametrize("measure", sorted(MEASURES))
def test_every_figure_has_a_meaning(measure: str) -> None:
    for language in Language:
        about = Words(language).about(measure)
        assert about != f"about {measure}"
        assert about.endswith((".", "。"))


def test_the_languages_stand_in_their_places() -> None:
    for chinese, english in (CODES | VOCABULARY).values():
        assert english.isascii()
        assert chinese
    assert (Words(Language.CHINESE)["customer"], Words(Language.ENGLISH)["customer"]) == CODES["customer"]


def test_a_department_of_the_firms_own_pack_is_shown_as_it_is() -> None:
    assert Words(Language.ENGLISH)["treasury_desk"] == "treasury_desk"


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        (None, "n/a"),
        (timedelta(), "0 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=3, minutes=5), "3 h 5 min"),
        (timedelta(days=1234, hours=7), "1,234 d 7 h"),
    ],
)
def test_durations(time: timedelta | None, shown: str) -> None:
    assert Words(Language.ENGLISH).duration(time) == shown


def test_shares_come_with_their_numbers() -> None:
    words = Words(Language.ENGLISH)
    third, nothing = Share(count=1, of=3), Share(count=0, of=0)
    assert (words.percent(third), words.of(third)) == ("33.3%", "1 / 3")
    assert (words.percent(nothing), words.of(nothing), words.percent(None)) == ("n/a", "", "n/a")
    assert words.change(third, Share(count=1, of=2)) == "-16.7 pp"
    assert words.change(third, nothing) == words.change(nothing, third) == ""
