"""The settings of this machine, with the rule packs and the secret. What they do not name is not checked here."""

from __future__ import annotations

import os
from asyncio import to_thread
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from pydantic import SecretStr, model_validator

from activities.pack_files import LoadedPack, pack_paths, usable
from activities.settings import PREFIX, SETTINGS_FILE, BankSettings, SettingsError, read_settings
from cli.checks.finding import Check, Finding, NotChecked, failed, ok, warning
from domain.clockrules import SourceStatus

SHORTEST_SECRET = 32
AHEAD = timedelta(days=92)
"""So far ahead deadlines are made; a year within it should have its holidays."""


class SettingsHere(BankSettings):
    """The settings of the worker, of which this machine may have a part."""

    customer_key_secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _every_system_has_an_address(self) -> Self:
        return self


def settings_here() -> SettingsHere:
    """Whatever is set; when something of it cannot be used, nothing that depends on it is checked."""
    try:
        return read_settings(SettingsHere)
    except SettingsError:
        raise NotChecked("the settings cannot be used") from None


def machine_checks() -> list[Check]:
    """Everything that can be seen without a server."""
    return [
        Check("worker settings", _settings),
        Check("rule packs", _packs),
        Check("customer key", _secret),
    ]


async def _settings() -> list[Finding]:
    named = sorted(name for name in os.environ if name.startswith(PREFIX) and name != SETTINGS_FILE)
    file = os.environ.get(SETTINGS_FILE)
    if not named and not file:
        raise NotChecked("this machine has no COMPLAINTS_* settings", f"set {SETTINGS_FILE} to the worker's")
    try:
        read_settings(SettingsHere)
    except SettingsError as wrong:
        return [failed("worker settings", str(wrong), "correct it; the worker would not start")]
    return [ok("worker settings", f"from {', '.join([file, *named] if file else named)}")]


async def _packs() -> list[Finding]:
    settings = settings_here()
    files = pack_paths(settings.rulepacks)
    if not files and "rulepacks" not in settings.model_fields_set:
        raise NotChecked("there are none in this directory", f"set {PREFIX}RULEPACKS")
    if not files:
        return [failed("rule packs", f"there is none in {settings.rulepacks}", f"correct {PREFIX}RULEPACKS")]
    return [await to_thread(_pack, file, datetime.now(UTC).date()) for file in files]


def _pack(file: Path, today: date) -> Finding:
    try:
        return pack_finding(usable(file), today)
    except SettingsError as wrong:
        where = str(wrong).partition(" cannot be used: ")[2] or str(wrong)
        return failed(f"rule pack {file.stem}", where, "correct that line; open complaints keep their rules")


def pack_finding(loaded: LoadedPack, today: date) -> Finding:
    """How much of a pack is certain: its holidays, and where its numbers come from."""
    pack, years = loaded.pack, (today.year, today.year + 1)
    check, published = f"rule pack {pack.name}", loaded.calendar(None, years).published
    holidays = ", ".join(f"{year} {'published' if year in published else 'provisional'}" for year in years)
    counted = Counter(_statuses(pack.model_dump(mode="json")))
    sources = ", ".join(f"{counted[status]} {status}" for status in SourceStatus if counted[status])
    said = f"version {pack.version}; holidays {holidays}; sources {sources}"
    if {today.year, (today + AHEAD).year} - set(published):
        advice = "take a newer version of the package 'holidays' once they are announced; deadlines there may move"
        return warning(check, said, advice)
    if counted[SourceStatus.UNCONFIRMED]:
        return warning(check, said, "have a lawyer read the rules that are unconfirmed")
    return ok(check, said)


def _statuses(part: Any) -> Iterator[str]:
    """The status of every source in a pack."""
    match part:
        case {"citation": _, "status": str(status)}:
            yield status
        case dict():
            for value in part.values():
                yield from _statuses(value)
        case list():
            for value in part:
                yield from _statuses(value)


async def _secret() -> list[Finding]:
    secret = settings_here().customer_key_secret.get_secret_value()
    if not secret:
        raise NotChecked("not set here", f"set {PREFIX}CUSTOMER_KEY_SECRET to the worker's")
    if len(secret) < SHORTEST_SECRET:
        said = f"the secret has {len(secret)} characters; {SHORTEST_SECRET} are needed"
        return [failed("customer key", said, "make one with 'openssl rand -hex 32', and keep it for good")]
    return [ok("customer key", "the secret is set and long enough")]
