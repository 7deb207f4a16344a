"""Whether a rule pack can be applied to a complaint, and what it comes to then."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from activities.calendars import years_around
from activities.pack_files import LoadedPack
from domain.calendar import Calendar
from domain.complaint import Complaint
from domain.model import Language
from domain.pinned import PROCEDURE, PinnedRules, leading


class NotApplicable(Exception):
    """A pack cannot be applied to a complaint: a code for machines and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def calendar_for(loaded: LoadedPack, jurisdiction: str | None, received_at: datetime, *days: date) -> Calendar:
    """The calendar of a complaint under a pack, with the years around its receipt and around some days.

    Raises:
        NotApplicable: the pack has no calendar for the place, or was not in force yet when it was received.
    """
    pack = loaded.pack
    try:
        zone = ZoneInfo(loaded.place(jurisdiction).zone)
    except LookupError as error:
        raise NotApplicable("RulePackWrongPlace", str(error.args[0])) from None
    received = received_at.astimezone(zone).date()
    if received < pack.valid_from:
        raise NotApplicable(
            "RulePackNotYetValid",
            f"rule pack {pack.name} is valid from {pack.valid_from}; the complaint was received on {received}",
        )
    return loaded.calendar(jurisdiction, years_around(received, *days))


def check_kind(kind: str | None, packs: list[LoadedPack]) -> None:
    """Raise NotApplicable when none of the packs knows a kind of complaint."""
    known = sorted({known for loaded in packs for known in loaded.pack.kinds})
    if kind is not None and kind not in known:
        names = " and ".join(loaded.pack.name for loaded in packs)
        kinds = ", ".join(known) or "none"
        raise NotApplicable("ComplaintKindUnknown", f"{names} knows no kind of complaint {kind}; it knows {kinds}")


def spoken(loaded: LoadedPack, language: Language | None) -> Language:
    """The language of the letters: the one asked for, else the pack's own. NotApplicable where it has none in it."""
    wanted = language or loaded.pack.language
    if wanted not in loaded.pack.letters:
        raise NotApplicable("RulePackLanguageMissing", f"rule pack {loaded.pack.name} has no letters in {wanted!s}")
    return wanted


def alone(loaded: LoadedPack, complaint: Complaint) -> PinnedRules:
    """The rules of a complaint under one pack alone, whatever packs it names.

    Raises:
        NotApplicable: the pack cannot be applied to it.
    """
    check_kind(complaint.kind, [loaded])
    calendar = calendar_for(loaded, complaint.jurisdiction, complaint.received_at)
    language = spoken(loaded, complaint.complainant.language)
    pack = leading(loaded.pack, complaint.kind, language)
    return PinnedRules(pack=pack, calendar=calendar, language=language, procedure=PROCEDURE)
