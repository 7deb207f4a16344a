"""The peers' packages, in an environment of their own: they are no dependencies of the project."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embedded.process import ROOT

PINNED = Path(__file__).parent
"""Where the lists of packages are, with versions and hashes and without addresses."""
HOME = ROOT / ".data" / "peers"


class Missing(Exception):
    """A peer cannot be measured here. The text says in one sentence what is missing."""


@dataclass(frozen=True)
class Installed:
    """Where the programs are."""

    python: Path
    """An interpreter that has the libraries of both peers, and nothing of ours."""
    restate: Path
    """The launcher of Restate's server."""


def installed() -> Installed:
    """Install what is not there yet, as pinned; a minute, once.

    Raises:
        Missing: when it cannot be.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    found = Installed(HOME / "venv" / "bin" / "python", HOME / "node_modules" / ".bin" / "restate-server")
    if not _current("requirements.lock"):
        _run("a virtual environment of Python", sys.executable, "-m", "venv", "--clear", str(HOME / "venv"))
        lock = str(PINNED / "requirements.lock")
        options = ("--quiet", "--disable-pip-version-check", "--require-hashes", "--requirement", lock)
        _run("DBOS or Restate's library from PyPI", str(found.python), "-m", "pip", "install", *options)
        shutil.copy(lock, HOME)
    if not _current("package-lock.json"):
        shutil.copy(PINNED / "package.json", HOME)
        shutil.copy(PINNED / "package-lock.json", HOME / "npm-shrinkwrap.json")
        # Its packages' own scripts would only report that they were installed.
        _run("Restate's server from npm", "npm", "ci", "--silent", "--ignore-scripts", "--prefix", str(HOME))
        shutil.copy(PINNED / "package-lock.json", HOME)
    return found


def _current(lock: str) -> bool:
    kept = HOME / lock
    return kept.exists() and kept.read_bytes() == (PINNED / lock).read_bytes()


def _run(what: str, *command: str) -> None:
    said = _failure(command)
    if said is not None:
        raise Missing(f"The peers cannot be measured: {what} is missing and cannot be installed ({said}).")


def _failure(command: Sequence[str]) -> str | None:
    """The last line of what a command that failed had to say."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return f"there is no {command[0]}"
    if done.returncode == 0:
        return None
    return (done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}").splitlines()[-1]
