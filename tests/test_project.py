"""A newcomer needs two commands, and what they install is exactly what was tested.

- The README gives both in a block; the CI entry runs the one that the README gives.
- The lock files name every dependency with a version and hashes, and no address.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PEERS = Path("benchmarks") / "peers"
"""What the benchmarks compare with; it is installed beside the project."""


def blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE)


def locked(lock: str) -> dict[str, str]:
    """What a lock file pins, with everything that stands below it."""
    found = re.findall(r"^(\S+?)==([^\n]*(?:\n    [^\n]*)*)", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(found)


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_readme_gives_the_command(command: str) -> None:
    lines = [line for block in blocks() for line in block.splitlines()]
    assert any(re.match(rf"{command}( |$)", line) for line in lines)


def test_ci_runs_the_command_of_the_readme(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    shutil.copy(ROOT / "README.md", tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "make").write_text('#!/bin/sh\necho "made: $*" in "$PWD"\nexit 7\n')
    (programs / "make").chmod(0o755)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    path = f"{programs}:/usr/local/bin:/usr/bin:/bin"
    done = subprocess.run(
        [str(tmp_path / ".ci" / "run")], env={"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"+ make test\nmade: test in {tmp_path}\n"
    assert done.returncode == 7


@pytest.mark.parametrize("lock", [*LOCKS, str(PEERS / "requirements.lock")])
def test_every_pin_has_a_hash_and_no_address(lock: str) -> None:
    pins = locked(lock)
    assert len(pins) > 20
    assert all("--hash=sha256:" in pin for pin in pins.values())
    assert "://" not in (ROOT / lock).read_text()
    assert not re.search(r"^(-|--)", (ROOT / lock).read_text(), re.MULTILINE)


def test_what_is_needed_is_locked_and_both_locks_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, dev = (locked(lock) for lock in LOCKS)
    name = re.compile(r"[A-Za-z0-9_-]+")
    assert {found[0] for line in project["dependencies"] if (found := name.match(line))} <= set(run)
    assert {found[0] for line in project["optional-dependencies"]["dev"] if (found := name.match(line))} <= set(dev)
    assert run.items() <= dev.items()


def test_the_peers_are_no_dependencies_of_the_project() -> None:
    peers = {
        line.partition("==")[0].partition("[")[0] for line in (ROOT / PEERS / "requirements.in").read_text().split()
    }
    assert peers and peers <= set(locked(str(PEERS / "requirements.lock")))
    assert not peers & set(locked("requirements-dev.lock"))


def test_every_package_of_a_peers_server_has_a_hash_and_no_address() -> None:
    text = (ROOT / PEERS / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    named = packages.pop("")["dependencies"]
    assert named and all(f"node_modules/{name}" in packages for name in named)
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in text
