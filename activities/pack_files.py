"""Rule packs and the selection table as files: read again when a file changes."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from activities.calendars import calendar, holiday_data
from activities.settings import SettingsError
from domain.calendar import Calendar
from domain.packs import PackError, parse_pack
from domain.rulepack import Place, RulePack
from domain.selection import Selection
from domain.selection_file import parse_selection
from domain.toml_lines import TomlLines

SELECTION = "selection.toml"
"""The table that says which packs apply to which complaints; it lies beside the packs."""
Stamp = tuple[tuple[str, int], ...]


class LoadedPack:
    """A rule pack with the calendars that were made of it."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        self._calendars: dict[tuple[str | None, tuple[int, ...]], Calendar] = {}

    def place(self, jurisdiction: str | None) -> Place:
        """Where a complaint's days are counted.

        Raises:
            LookupError: the pack has no calendar for the place.
        """
        rule = self.pack.calendar
        if jurisdiction is None or jurisdiction in (rule.country, f"{rule.country}-{rule.region}"):
            return rule
        country = jurisdiction.partition("-")[0]
        if found := rule.places.get(jurisdiction) or rule.places.get(country):
            return found
        if country == rule.country and not any(code.startswith(f"{country}-") for code in rule.places):
            return rule  # the pack does not tell the parts of its country apart
        known = ", ".join(sorted({rule.country, *rule.places}))
        raise LookupError(f"rule pack {self.pack.name} has no calendar for {jurisdiction}; it has {known}")

    def calendar(self, jurisdiction: str | None, years: tuple[int, ...]) -> Calendar:
        """The calendar of some years in a place. Shared by all complaints that need the same one, and never changed."""
        if (jurisdiction, years) not in self._calendars:
            made = calendar(self.pack.calendar, self.place(jurisdiction), years)
            self._calendars[jurisdiction, years] = made
        return self._calendars[jurisdiction, years]


def pack_paths(directory: Path) -> list[Path]:
    """The rule packs of a directory, in the order of their names."""
    return sorted(file for file in directory.glob("[!.]*.toml") if file.name != SELECTION)


def read_packs(directory: Path) -> list[RulePack]:
    """Every rule pack of a directory.

    Raises:
        SettingsError: there is none, or one of them cannot be used.
    """
    files = pack_paths(directory)
    if not files:
        raise SettingsError(
            f"There is no rule pack in {directory.absolute()}; set COMPLAINTS_RULEPACKS to their directory."
        )
    return [read_pack(file) for file in files]


def read_pack(file: Path) -> RulePack:
    """One rule pack, or SettingsError with the line that is wrong."""
    return usable(file).pack


def usable(file: Path) -> LoadedPack:
    """One rule pack with its calendars, or SettingsError with the line that is wrong."""
    try:
        return load(file)
    except PackError as wrong:
        raise SettingsError(f"The rule pack {file.stem} cannot be used: {_first(wrong)}.") from None
    except OSError as wrong:
        raise SettingsError(f"The rule pack {file} cannot be read: {(wrong.strerror or 'unknown').lower()}.") from None


def load(path: Path) -> LoadedPack:
    """One rule pack, read once per state of the files that it may be made of.

    Raises:
        FileNotFoundError: there is none.
        PackError: it cannot be used.
    """
    path.stat()
    return _load(path, _stamp(path.parent))


def load_selection(directory: Path) -> Selection:
    """The selection table of a directory.

    Raises:
        FileNotFoundError: there is none.
        PackError: it cannot be used, or it names a pack that is not there.
    """
    path = directory / SELECTION
    path.stat()
    return _load_selection(path, _stamp(directory))


def check_selection(directory: Path) -> None:
    """Raise SettingsError when the selection table of a directory cannot be used. None at all is no fault."""
    try:
        load_selection(directory)
    except FileNotFoundError:
        return
    except PackError as wrong:
        raise SettingsError(f"The selection table cannot be used: {_first(wrong)}.") from None


def _first(wrong: PackError) -> str:
    first, *more = wrong.problems
    return f"{first} (and {len(more)} more)" if more else first


def _stamp(directory: Path) -> Stamp:
    # Taken for every complaint: ``Path`` would take twice as long.
    paths = (os.path.join(where, name) for where, _, names in os.walk(directory) for name in names)
    return tuple(sorted((path, _changed(path)) for path in paths if path.endswith(".toml")))


def _changed(path: str) -> int:
    """When a file was changed; nothing where it is gone, or is a link to none, as editors leave beside it."""
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return 0


@lru_cache(maxsize=64)
def _load(path: Path, stamp: Stamp) -> LoadedPack:
    return read_file(path)


def read_file(path: Path, shared: Path | None = None, any_name: bool = False) -> LoadedPack:
    """One rule pack as its file is now.

    Args:
        path: the file.
        shared: where files that it includes lie, unless they lie beside it.
        any_name: whether the file may be called otherwise than the pack.

    Raises:
        OSError: it cannot be read.
        PackError: it cannot be used.
    """

    def include(name: str) -> str:
        beside = path.parent / name
        return _text(beside if shared is None or beside.is_file() else shared / name)

    text = _text(path)
    pack = parse_pack(text, str(path), include, any_name)
    _check_places(pack, path, text)
    return LoadedPack(pack)


def _check_places(pack: RulePack, path: Path, text: str) -> None:
    """Holidays are known for every place of a pack."""
    for code, place in ((None, pack.calendar), *pack.calendar.places.items()):
        try:
            holiday_data(place, (pack.valid_from.year,), pack.calendar.bank_holidays)
        except NotImplementedError as error:
            where = ("calendar", "places", code) if code else ("calendar", "country")
            line, at = TomlLines(text).of(where), f"places.{code}" if code else "country"
            raise PackError([f"{path}:{line}: calendar.{at}: no holidays are known for it: {error}"]) from None


@lru_cache(maxsize=8)
def _load_selection(path: Path, stamp: Stamp) -> Selection:
    return parse_selection(_text(path), str(path), [file.stem for file in pack_paths(path.parent)])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PackError([f"{path}:1: is not UTF-8 ({error.reason}): save it in that encoding"]) from None
