"""Words that no letter to a customer may contain, and the blanks that a letter template may leave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from string import Template

from domain.clockrules import ClockKind
from domain.effects import LetterKind
from domain.model import Language
from domain.rulepack import Letter, RulePack
from domain.toml_lines import KeyPath

Problem = tuple[KeyPath, str]
"""Where it is written, and a sentence that says how to mend it."""

PLACEHOLDERS = frozenset(
    {
        "name",
        "reference",
        "summary",
        "reply_by",
        "next_word",
        "law_by",
        "contact",
        "outside_remedies",
        "position",
        "reasons",
        "answers",
        "remedies",
        "offer_by",
        "progress",
        "reason",
        "bank_says",
        "credit",
        "credited_on",
        "debit",
        "debited_on",
    }
)
"""Everything that may be filled into a letter."""

_FINAL = {"reasons", "answers", "remedies", "outside_remedies", "contact"}
REQUIRED: dict[LetterKind, set[str]] = {
    LetterKind.ACKNOWLEDGEMENT: {"summary", "reply_by", "contact"},
    LetterKind.PROGRESS: {"progress", "contact"},
    LetterKind.EXTENSION_NOTICE: {"reason", "reply_by"},
    LetterKind.OFFER: {"remedies", "offer_by"},
    LetterKind.FINAL_RESPONSE: _FINAL,
    LetterKind.FINAL_POSITION: _FINAL,
    LetterKind.PAUSE_NOTICE: {"reason"},
    LetterKind.SHORT_SETTLEMENT: {"remedies", "outside_remedies"},
    LetterKind.PROVISIONAL_CREDIT: {"credit", "credited_on"},
    LetterKind.CREDIT_REVERSAL: {"debit", "debited_on", "reasons"},
}
"""What each letter must say, beside the customer's name and the reference."""


SPECIAL = frozenset(
    {LetterKind.PAUSE_NOTICE, LetterKind.SHORT_SETTLEMENT, LetterKind.PROVISIONAL_CREDIT, LetterKind.CREDIT_REVERSAL}
)
"""Letters that only some packs need."""


def words_to_avoid(text: str, words: Iterable[str]) -> list[str]:
    """Those of the words that stand in a text: whole words where the script has spaces, anywhere in Chinese."""
    return [word for word in words if _pattern(word).search(text)]


@cache
def _pattern(word: str) -> re.Pattern[str]:
    before = r"\b" if word[0].isascii() else ""
    after = r"\b" if word[-1].isascii() else ""
    return re.compile(before + r"\s+".join(map(re.escape, word.split())) + after, re.IGNORECASE)


def check_wording(pack: RulePack) -> Iterator[Problem]:
    """What is wrong with the letters of a pack, and with the texts that go into them."""
    if pack.language not in pack.letters:
        yield ("language",), f"is {pack.language!s}, but the pack has no letters in it: add them, or name another"
    reply = pack.reply
    for language in reply.outside_remedies.keys() ^ reply.contact.keys():
        field = "contact" if language in reply.outside_remedies else "outside_remedies"
        yield ("reply", field), f"has no text in {language!s}: add it, both texts go into every final response"
    for field, texts in (("outside_remedies", reply.outside_remedies), ("contact", reply.contact)):
        for language, text in texts.items():
            yield from _avoided(pack, language, ("reply", field, language), text)
    for language in sorted(reply.outside_remedies.keys() | reply.contact.keys() | pack.letters.keys()):
        yield from _check_language(pack, language)


def _check_language(pack: RulePack, language: Language) -> Iterator[Problem]:
    letters = pack.letters.get(language, {})
    if language not in pack.reply.outside_remedies:
        yield ("letters", language), f"are in {language!s}, but reply.outside_remedies is not: add it there"
    for kind in LetterKind:
        if kind in letters:
            yield from _check_letter(pack, language, kind, letters[kind])
        elif kind not in SPECIAL:
            yield ("letters", language, kind), f"is missing: every letter must exist in {language!s}"
        elif why := _needed(pack, kind):
            yield ("letters", language, kind), f"is missing in {language!s}: {why}"
    if language in pack.letters:
        yield from _check_elements(pack, language)


def _needed(pack: RulePack, kind: LetterKind) -> str | None:
    """Why a pack needs a letter that not every pack needs."""
    if kind is LetterKind.PAUSE_NOTICE:
        tells = any(pause.tell for clock in pack.clocks.values() for pause in clock.pause_rules)
        return "a clock may pause for a reason that the complainant must be told" if tells else None
    if kind is LetterKind.SHORT_SETTLEMENT:
        window = ClockKind.SHORT_SETTLEMENT in pack.clocks
        return "complaints may be settled within the clock short_settlement" if window else None
    return "the pack has rules of provisional credits" if pack.provisional_credit else None


def _check_elements(pack: RulePack, language: Language) -> Iterator[Problem]:
    """What letters must say stands in every letter that it names."""
    for at, element in enumerate(pack.reply.elements):
        path: KeyPath = ("reply", "elements", at, "text")
        wanted = element.text.get(language)
        if wanted is None:
            yield path, f"has no text in {language!s}, but the pack has letters in it: add it"
            continue
        for kind in element.letters:
            letter = pack.letters[language].get(kind)
            if letter and _plain(wanted) not in _plain(_filled(pack, language, letter.body)):
                where: KeyPath = ("letters", language, kind, "body")
                yield where, f'must say "{wanted.strip()}" ({element.name}: {element.source.citation}): add it'


def _filled(pack: RulePack, language: Language, body: str) -> str:
    texts = {"$outside_remedies": pack.reply.outside_remedies, "$contact": pack.reply.contact}
    for placeholder, text in texts.items():
        body = body.replace(placeholder, text.get(language, ""))
    return body


def _plain(text: str) -> str:
    return " ".join(text.split())


def _check_letter(pack: RulePack, language: Language, kind: LetterKind, letter: Letter) -> Iterator[Problem]:
    path: KeyPath = ("letters", language, kind)
    used: set[str] = set()
    for field, text in (("subject", letter.subject), ("body", letter.body)):
        template = Template(text)
        if not template.is_valid():
            yield (*path, field), "has a $ that starts no placeholder: write $$ for the sign itself"
            continue
        used |= set(template.get_identifiers())
        for unknown in sorted(set(template.get_identifiers()) - PLACEHOLDERS):
            yield (*path, field), f"${unknown} is not a placeholder: use one of {_list(PLACEHOLDERS)}"
        yield from _avoided(pack, language, (*path, field), text)
    for lacking in sorted((REQUIRED[kind] | {"name", "reference"}) - used):
        yield (*path, "body"), f"must contain ${lacking}: the {kind.replace('_', ' ')} may not go out without it"


def _avoided(pack: RulePack, language: Language, path: KeyPath, text: str) -> Iterator[Problem]:
    for word in words_to_avoid(text, pack.reply.avoid_words.get(language, [])):
        yield path, f'contains "{word}", which is on the list of words to avoid: name the date or the fact instead'


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names))
