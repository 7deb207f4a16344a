"""The files of the deployment, read as the programs that use them read them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
PUBLISH_FRONTEND = ROOT / "deploy" / "publish-frontend.yml"
ENV_EXAMPLE = ROOT / ".env.example"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?:(?P<operator>:[-?])(?P<rest>[^}]*))?\}")
SETTING = re.compile(r"^(?P<off>#?)(?P<name>[A-Z][A-Z0-9_]+)=(?P<value>.*)$", re.MULTILINE)
SECRET = re.compile(r"PASSWORD|PWD|SECRET|TOKEN")

Service = dict[str, Any]


class Variable(NamedTuple):
    """One use of a variable in the compose file."""

    name: str
    operator: str | None
    rest: str | None


def services(file: Path = COMPOSE) -> dict[str, Service]:
    """Every service by name."""
    found: dict[str, Service] = parsed(file)["services"]
    return found


def parsed(file: Path) -> dict[str, Any]:
    """A YAML file."""
    document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return document


def variables(file: Path) -> set[Variable]:
    """Every use of a variable, outside of comments."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    return {Variable(*used.group("name", "operator", "rest")) for used in VARIABLE.finditer("\n".join(lines))}


def settings(text: str, *, commented: bool = False) -> dict[str, str]:
    """What an .env file sets; with ``commented``, what it offers in a comment."""
    return {one["name"]: one["value"] for one in SETTING.finditer(text) if bool(one["off"]) is commented}


def filled(values: dict[str, str], document: object) -> Any:
    """A part of the compose file with its variables replaced."""
    match document:
        case str():
            return VARIABLE.sub(lambda used: values.get(used["name"]) or used["rest"] or "", document)
        case dict():
            return {key: filled(values, value) for key, value in document.items()}
        case list():
            return [filled(values, one) for one in document]
        case _:
            return document


def tracked() -> set[str]:
    """The files of the repository, and those that are about to join it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}
