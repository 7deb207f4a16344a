"""The image holds what our programs import, and nothing that is not needed to run them.

The image itself was not built. What its COPY lines bring in is laid out in an empty directory, and the programs are
imported there.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tests.deploy.files import ROOT, tracked

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
PROGRAMS = ("worker.py", "starter.py", "deploy/standin.py")
NOT_IN_IMAGE = ("embedded/", "demo/")
"""What runs a server of its own on the developer's machine; the command line imports it for ``demo`` only."""


def instructions(word: str) -> list[str]:
    return re.findall(rf"^{word} +(.*)$", DOCKERFILE, re.MULTILINE)


def copies() -> list[tuple[list[str], str]]:
    """Sources and target of every COPY from the build context."""
    words = [shlex.split(line) for line in instructions("COPY")]
    return [(line[:-1], line[-1]) for line in words if not line[0].startswith("--from=")]


def copied() -> set[str]:
    sources = {source for given, _ in copies() for source in given}
    return {file for file in tracked() if any(file == one or file.startswith(f"{one}/") for one in sources)}


def imported(file: str, files: set[str]) -> Iterator[str]:
    """The files of ours that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                modules = [module, *(f"{module}.{alias.name}" for alias in names)]
            case _:
                continue
        for module in modules:
            path = module.replace(".", "/")
            yield from files & {f"{path}.py", f"{path}/__init__.py"}


def needed() -> set[str]:
    """Everything that the programs import, directly or not."""
    files, found, ahead = tracked(), set[str](), list(PROGRAMS)
    while ahead:
        file = ahead.pop()
        if file not in found and not file.startswith(NOT_IN_IMAGE):
            found.add(file)
            ahead += imported(file, files)
    return found


def test_every_module_that_a_program_imports_is_copied() -> None:
    assert needed() <= copied()
    assert len(needed()) > 50


def test_what_is_copied_exists_and_is_sent_to_the_builder() -> None:
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    for given, _ in copies():
        for source in given:
            assert source in tracked() or (ROOT / source).is_dir()
            assert not any(fnmatch(source, pattern) for pattern in ignored)
    assert any(fnmatch(".env", pattern) for pattern in ignored)


def test_every_copied_package_is_needed() -> None:
    packages = {file.split("/")[0] for file in copied() if "/" in file}
    assert packages - {file.split("/")[0] for file in needed()} == {"rulepacks"}


def test_the_programs_start_from_what_is_copied(tmp_path: Path) -> None:
    for given, target in copies():
        for source in given:
            place = tmp_path / target / Path(source).name if target.endswith("/") else tmp_path / target
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
            elif source != "requirements.lock":
                shutil.copy(ROOT / source, place)
    modules = ", ".join(program.removesuffix(".py").replace("/", ".") for program in PROGRAMS)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"}
    checked = subprocess.run(
        [sys.executable, "-c", f"import {modules}, activities; print(activities.__file__)"],
        cwd=tmp_path,
        env=environment | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.startswith(str(tmp_path))
    assert sorted(pack.name for pack in (tmp_path / "rulepacks").glob("*.toml")) == sorted(
        pack.name for pack in (ROOT / "rulepacks").glob("*.toml")
    )


def test_the_worker_is_the_first_process_of_nobody_important() -> None:
    assert json.loads(instructions("CMD")[-1]) == ["python", "worker.py"]
    assert instructions("STOPSIGNAL") == ["SIGTERM"]
    assert int(instructions("USER")[-1]) > 0
    assert set(instructions("FROM")) == {"python:3.12-slim AS packages", "python:3.12-slim"}


def test_packages_come_by_hash_and_none_for_development() -> None:
    install = " ".join(instructions("RUN"))
    assert "--require-hashes" in install
    assert "--requirement requirements.lock" in install
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)
    assert len(pins) > 20
    assert not {"pytest", "mypy", "ruff", "hypothesis", "selenium"} & set(pins)
    assert "://" not in DOCKERFILE + lock
