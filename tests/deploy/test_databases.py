"""The roles and the archive's database, on a real PostgreSQL (15; the compose file has 16).

- Temporal's role can make its databases and the extension of its schema, and nothing of the archive's.
- The archive opens with its own role.
- Without a password nothing is made.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.archive import Archive
from tests.deploy.files import ROOT, services
from tests.postgres import BINARIES, running_postgres

SCRIPT = ROOT / "deploy" / "postgres" / "databases.sql"
PASSWORDS = {"TEMPORAL_DB_PASSWORD": "it's temporal's", "ARCHIVE_DB_PASSWORD": 'say "archive"'}


def psql(url: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The client, and what it said."""
    return subprocess.run(
        [str(BINARIES / "psql"), "--no-psqlrc", "--tuples-only", "--no-align", url, *arguments],
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def as_role(url: str, role: str, database: str) -> str:
    return url.replace("//postgres@", f"//{role}@").removesuffix("postgres") + database


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_postgres() as url:
        refused = psql(url, "--file", str(SCRIPT), TEMPORAL_DB_PASSWORD="only one of them")
        assert refused.returncode != 0
        psql(url, "--command", "DROP ROLE IF EXISTS temporal")
        made = psql(url, "--file", str(SCRIPT), **PASSWORDS)
        assert made.returncode == 0, made.stderr
        yield url


def test_passwords_are_taken_as_they_are_and_kept_hashed(url: str) -> None:
    shown = psql(
        url, "--command", "SELECT rolname, rolpassword FROM pg_authid WHERE rolname IN ('temporal', 'archive')"
    )
    kept = dict(line.split("|") for line in shown.stdout.splitlines())
    assert set(kept) == {"temporal", "archive"}
    assert all(password.startswith("SCRAM-SHA-256$") for password in kept.values())


def test_temporal_makes_its_databases_and_its_extension(url: str) -> None:
    for database in ("temporal", "temporal_visibility"):
        made = psql(as_role(url, "temporal", "postgres"), "--command", f"CREATE DATABASE {database}")
        assert made.returncode == 0, made.stderr
    extended = psql(as_role(url, "temporal", "temporal_visibility"), "--command", "CREATE EXTENSION btree_gin")
    assert extended.returncode == 0, extended.stderr


def test_temporal_cannot_even_connect_to_the_archive(url: str) -> None:
    refused = psql(as_role(url, "temporal", "archive"), "--command", "SELECT 1")
    assert "permission denied for database" in refused.stderr


async def test_the_archive_opens_with_its_own_role_again_and_again(url: str) -> None:
    for _ in range(2):
        archive = await Archive.open(as_role(url, "archive", "archive"))
        assert await archive.look_up("NONE") is None
        await archive.close()


def test_the_roles_are_those_of_the_compose_file() -> None:
    given = services()
    assert set(PASSWORDS) <= set(given["postgres"]["environment"])
    assert given["temporal"]["environment"]["POSTGRES_USER"] == "temporal"
    mounted = [Path(mount.split(":")[0]) for mount in given["postgres"]["volumes"]]
    assert SCRIPT.relative_to(ROOT) in mounted
