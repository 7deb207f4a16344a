"""The words of a report in English and Chinese. A code that has no word here is shown as it is."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from domain.model import Language
from reporting.codes import CODES
from reporting.results import Share
from reporting.vocabulary import VOCABULARY

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Words:
    """What things are called in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._place = list(Language).index(language)

    def __getitem__(self, code: str) -> str:
        """The word for a code; for one of the rule pack, such as a department's, the code itself."""
        known = VOCABULARY.get(code) or CODES.get(code)
        return known[self._place] if known else code

    def about(self, measure: str) -> str:
        """What a figure means, in plain words."""
        return self[f"about {measure}"]

    def duration(self, time: timedelta | None) -> str:
        """A length of time in its two largest units."""
        if time is None:
            return self["n/a"]
        days, rest = divmod(time, DAY)
        hours, minutes = rest // HOUR, rest % HOUR // timedelta(minutes=1)
        if days:
            return f"{days:,} {self['d']} {hours} {self['h']}"
        return f"{hours} {self['h']} {minutes} {self['min']}" if hours else f"{minutes} {self['min']}"

    def percent(self, share: Share | None) -> str:
        """A share in per cent; never a number that nobody counted."""
        return self["n/a"] if share is None or share.share is None else f"{share.share:.1%}"

    def of(self, share: Share | None) -> str:
        """The two numbers of a share."""
        return "" if share is None or not share.of else f"{share.count:,} / {share.of:,}"

    def change(self, now: Share, before: Share | None) -> str:
        """By how many percentage points a share has changed."""
        if now.share is None or before is None or before.share is None:
            return ""
        return f"{100 * (now.share - before.share):+.1f} {self['points']}"

    def part(self, part: timedelta, whole: timedelta) -> str:
        """How much of the whole time a part of it is."""
        return f"{part / whole:.1%}" if whole else self["n/a"]


def amount(number: Decimal) -> str:
    """An amount of money with separators."""
    return f"{number:,f}"
