"""The rule packs that are at hand: by name in the directory of the packs, or as a file that lies anywhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from activities.pack_files import LoadedPack

RULEPACKS = "COMPLAINTS_RULEPACKS"
SELECTION = "selection.toml"
"""What lies beside the packs and is none."""


def directory() -> Path:
    """Where the rule packs lie: where the worker is told, or beside this program."""
    return Path(os.environ.get(RULEPACKS) or Path(__file__).parents[2] / "rulepacks")


def names() -> list[str]:
    """The rule packs of the directory."""
    return sorted(file.stem for file in directory().glob("*.toml") if file.name != SELECTION)


def taken(pack: str) -> LoadedPack:
    """A rule pack by its name, or an edited copy by its file.

    Raises:
        WrongUsage: there is none, or it cannot be used.
    """
    from activities.pack_files import read_file
    from cli.terminal import WrongUsage
    from domain.packs import PackError

    own = directory() / f"{pack}.toml"
    is_name = pack in names()
    file = own if is_name else Path(pack)
    if not is_name and not (file.suffix == ".toml" and file.exists()):
        raise WrongUsage(f"There is no rule pack {pack}; known are: {', '.join(names()) or 'none'}.")
    try:
        return read_file(file, directory(), any_name=not is_name)
    except PackError as wrong:
        first, *more = wrong.problems
        also = f"; 'starter.py pack check {file}' names {len(more)} more" if more else ""
        raise WrongUsage(f"The rule pack {pack} cannot be used: {first}{also}.") from None
