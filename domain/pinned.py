"""The rules of one complaint, as they were resolved and recorded with it. Later edits of packs do not touch it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from domain.calendar import Calendar
from domain.clockrules import ClockKind, ClockRule
from domain.compressed import Compressed
from domain.effects import LetterKind
from domain.model import Identifier, Language, Model, ShortText
from domain.rulepack import Consent, Letter, ProvisionalCredit, RulePack, Text
from domain.wording import SPECIAL

PROCEDURE = 2
"""How complaints are handled, beyond what the packs say. It is raised with a change of what the domain or the story
decides, and recorded with the rules of each complaint: those that were opened before keep the old way to their end.

2. A regulator's later letters count, its clock goes on in a withdrawal, and it is counted from the day its letter came;
   no cooling-off outlasts it. Every contact of the customer has somebody who sees to it, nothing is proposed on a
   summary that they corrected, and no task stays open behind a closed complaint. A letter is given by hand with proof,
   and an acknowledgement that was given up is written again. An offer leaves time to answer, and a final position
   without anything to agree to is stated. What a credit left to the customer counts for authority.
"""
CLOCK_KINDS = frozenset(ClockKind)
DUTIES = (ClockKind.LAW, ClockKind.REFERRAL, ClockKind.SHORT_SETTLEMENT, ClockKind.CREDIT_NOTICE,
          ClockKind.CORRECTION, ClockKind.REPORT)  # fmt: skip
"""Clocks of a regime; the others are the firm's own, and the leading pack gives them."""


OF_A_REGIME = SPECIAL | {LetterKind.EXTENSION_NOTICE}
"""Letters that speak of a regime's own clocks, in the words that it asks for."""


class Beside(Model):
    """What a further rule pack adds to a complaint: its duties, counted by its own calendar."""

    name: Identifier
    """Its name."""
    version: ShortText
    """Its version."""
    clocks: dict[ClockKind, ClockRule]
    """Its duties."""
    calendar: Calendar
    """Its calendar."""
    outside_remedies: Text
    """Where the complainant can turn by it."""
    letters: dict[LetterKind, Letter]
    """The letters about its own clocks, and those that the leading pack has not."""
    provisional_credit: ProvisionalCredit | None
    """Its rules of provisional credits."""
    consent: Consent
    """Whether remedies wait for consent."""


class PinnedRules(Compressed):
    """The leading pack with its calendar, and the packs beside it."""

    pack: RulePack
    """The leading pack, for this kind of complaint, with the letters of the complainant's language only."""
    calendar: Calendar
    """Holidays of the years that the complaint may need."""
    beside: list[Beside] = []
    """Further packs whose clocks run too."""
    chosen: str = ""
    """Why these packs."""
    language: Language
    """Language of the letters."""
    procedure: int = 1
    """How the complaint is handled: ``PROCEDURE`` of the day on which its rules were resolved."""

    @classmethod
    def uncompressed(cls, compressed: bytes) -> PinnedRules:
        """The same object for the same bytes: rules are never changed, and those of most complaints are the same."""
        return _uncompressed(compressed)

    @property
    def packs(self) -> list[str]:
        """Name and version of every pack, the leading one first."""
        beside = (f"{one.name} {one.version}" for one in self.beside)
        return [f"{self.pack.name} {self.pack.version}", *beside]

    def clock_rule(self, pack: str, kind: str) -> ClockRule | None:
        """The rule of a clock; none for clocks that have their times elsewhere, such as departments."""
        clocks = next((one.clocks for one in self.beside if one.name == pack), self.pack.clocks)
        return clocks.get(ClockKind(kind)) if kind in CLOCK_KINDS else None

    def calendar_of(self, pack: str) -> Calendar:
        """The calendar by which a pack counts."""
        return next((one.calendar for one in self.beside if one.name == pack), self.calendar)

    def with_published(self, newer: Mapping[str, Calendar], years: Mapping[str, set[int]]) -> PinnedRules:
        """The same rules, with years of the calendars of some packs as they are published now."""

        def days(pack: str, calendar: Calendar) -> Calendar:
            return calendar.with_years(newer[pack], years[pack]) if years.get(pack) else calendar

        beside = [one.model_copy(update={"calendar": days(one.name, one.calendar)}) for one in self.beside]
        return self.model_copy(update={"calendar": days(self.pack.name, self.calendar), "beside": beside})

    def duties(self, kind: ClockKind) -> list[tuple[str, ClockRule]]:
        """The rules of one kind in all packs that have it, with the names of the packs; the leading one first."""
        packs = [(self.pack.name, self.pack.clocks), *((one.name, one.clocks) for one in self.beside)]
        return [(name, clocks[kind]) for name, clocks in packs if kind in clocks]

    @property
    def provisional_credit(self) -> ProvisionalCredit | None:
        """The rules of provisional credits, if any of the packs has some."""
        rules = (self.pack.provisional_credit, *(one.provisional_credit for one in self.beside))
        return next((rule for rule in rules if rule), None)

    @property
    def needs_consent(self) -> bool:
        """Whether remedies wait for consent: not if any regime forbids to wait."""
        return all(rule.needed for rule in (self.pack.consent, *(one.consent for one in self.beside)))

    @property
    def outside_remedies(self) -> str:
        """Where the complainant can turn by all packs."""
        texts = [self.pack.reply.outside_remedies[self.language], *(one.outside_remedies for one in self.beside)]
        return "\n\n".join(dict.fromkeys(text.strip() for text in texts))

    def letter(self, kind: LetterKind, pack: str = "") -> Letter | None:
        """The template of a letter: of a pack beside when it is about that one's clock, else the leading pack's."""
        about = [one for one in self.beside if one.name == pack]
        templates = [
            *(one.letters for one in about),
            self.pack.letters[self.language],
            *(o.letters for o in self.beside),
        ]
        return next((letters[kind] for letters in templates if kind in letters), None)


@lru_cache(maxsize=128)
def _uncompressed(compressed: bytes) -> PinnedRules:
    return super(PinnedRules, PinnedRules).uncompressed(compressed)


def leading(pack: RulePack, kind: str | None, language: Language) -> RulePack:
    """A pack as it leads a complaint of one kind, with the letters of one language."""
    letters = {language: pack.letters[language]}
    return pack.model_copy(update={"clocks": _clocks(pack, kind), "letters": letters})


def beside(pack: RulePack, calendar: Calendar, kind: str | None, language: Language) -> Beside:
    """What a pack adds to a complaint that another one leads; in its own language where it lacks the letters'."""
    spoken = language if language in pack.letters else pack.language
    return Beside(
        name=pack.name, version=pack.version, calendar=calendar,
        clocks={name: rule for name, rule in _clocks(pack, kind).items() if name in DUTIES},
        outside_remedies=pack.reply.outside_remedies[spoken],
        letters={name: letter for name, letter in pack.letters[spoken].items() if name in OF_A_REGIME},
        provisional_credit=pack.provisional_credit, consent=pack.consent,
    )  # fmt: skip


def _clocks(pack: RulePack, kind: str | None) -> dict[ClockKind, ClockRule]:
    for_kind = ((name, rule.for_kind(kind)) for name, rule in pack.clocks.items())
    return {name: rule for name, rule in for_kind if rule}
