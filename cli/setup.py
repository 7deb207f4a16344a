"""Setting a server up for complaints. The command returns its exit code."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from typing import TypeVar

from pydantic import BaseModel
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion

from cli.spans import lasting
from cli.terminal import console, say
from client.attributes import WANTED, register_attributes
from client.connection import AccessDenied, ServerNotThere, connect_config, describe_namespace, reach
from client.deployment import NotYet, routing, set_current, written
from client.failures import Refused
from client.namespace import RETENTION, change_retention, make_namespace, retention_of, usable
from client.patrol import set_patrol

PAUSE = timedelta(milliseconds=500)
T = TypeVar("T")


class SetUp(BaseModel):
    """What was made, and what was there."""

    namespace: str
    """Its name."""
    made: bool
    """Whether this call made it."""
    retention: timedelta
    """How long it keeps closed complaints."""
    retention_before: timedelta | None
    """What this call changed it from."""
    registered: list[str]
    """Search attributes that were missing."""
    present: list[str]
    """Search attributes that were there."""
    patrol_every: timedelta
    """How often complaints that ended by a side door are looked for."""
    patrol_every_before: timedelta | None
    """What this call changed it from."""
    current_version: str | None = None
    """Who is given complaints, where this call was to say so."""
    current_version_before: str | None = None
    """Who was given them until now."""


async def set_up(
    retention: timedelta | None, patrol: timedelta | None, wait: timedelta, version: str | None, json: bool
) -> int:
    """Make what is missing, and wait until it can be used."""
    build = _named(version) if version is not None else None
    connect_config()  # settings that cannot be read are not waited for
    until = monotonic() + wait.total_seconds()
    client = await _patiently(lambda: reach(quiet=True), until)
    done = await _prepared(client, retention, patrol, until)
    await _until(
        lambda: usable(client),
        until,
        f"The server does not know the namespace {done.namespace} everywhere yet; try again",
    )
    if build:
        before = await _routed(client, *build, until)
        done = done.model_copy(update={"current_version": version, "current_version_before": before})
    say(done, "\n".join(_told(done, changed=retention is not None)), as_json=json)
    return 0


def _named(version: str) -> tuple[str, str]:
    deployment, colon, build = version.partition(":")
    if not (deployment and colon):
        raise Refused("current_version", f"{version!r} is not a version of the worker; write it as DEPLOYMENT:BUILD.")
    return deployment, build


async def _prepared(client: Client, retention: timedelta | None, patrol: timedelta | None, until: float) -> SetUp:
    made = await _patiently(lambda: make_namespace(client, retention or RETENTION), until)
    kept = retention_of(await _patiently(lambda: describe_namespace(client), until))
    changing = retention is not None and retention != kept
    if retention is not None and changing:
        await change_retention(client, retention)
    registered = await _patiently(lambda: register_attributes(client), until)
    every, before = await _patiently(lambda: set_patrol(client, patrol), until)
    return SetUp(
        namespace=client.namespace,
        made=made,
        retention=kept if retention is None else retention,
        retention_before=kept if changing else None,
        registered=registered,
        present=sorted(set(WANTED) - set(registered)),
        patrol_every=every,
        patrol_every_before=before,
    )


async def _patiently(work: Callable[[], Awaitable[T]], until: float) -> T:
    """Try again while the server is not there; what waiting cannot mend is raised at once."""
    told = ""
    while True:
        try:
            return await work()
        except AccessDenied:
            raise
        except ServerNotThere as reason:
            if monotonic() > until:
                raise
            if told != (told := str(reason)):
                console().print(f"{told} Waiting for it.", markup=False)
        await asyncio.sleep(PAUSE.total_seconds())


async def _until(state: Callable[[], Awaitable[bool]], until: float, otherwise: str) -> None:
    while not await state():
        if monotonic() > until:
            raise ServerNotThere(f"{otherwise}, or wait longer with --wait.")
        await asyncio.sleep(PAUSE.total_seconds())


async def _routed(client: Client, deployment: str, build: str, until: float) -> str:
    """Give complaints to this version as soon as its workers have come, and say who had them."""

    async def known() -> bool:
        return (await routing(client)).serves(WorkerDeploymentVersion(deployment, build) if build else None)

    before = await _given(client, deployment, build, until)
    await _until(known, until, f"The server does not give complaints to {deployment}:{build} yet; try again")
    return written(before)


async def _given(client: Client, deployment: str, build: str, until: float) -> WorkerDeploymentVersion | None:
    while True:
        try:
            return await set_current(client, deployment, build)
        except NotYet as reason:
            if monotonic() > until:
                raise ServerNotThere(f"{reason}, or wait longer with --wait.") from None
        await asyncio.sleep(PAUSE.total_seconds())


def _told(made: SetUp, changed: bool) -> list[str]:
    kept = lasting(made.retention)
    if made.retention_before is not None:
        kept = f"{kept} (before: {lasting(made.retention_before)})"
    hint = "" if made.made or changed else "; --retention changes that"
    lines = [
        f"Namespace {made.namespace}: {'made' if made.made else 'there already'}.",
        f"It keeps closed complaints for {kept}{hint}.",
        f"Search attributes: {len(made.registered)} registered, {len(made.present)} there already.",
    ]
    patrol = lasting(made.patrol_every)
    if made.patrol_every_before is not None:
        patrol = f"{patrol} (before: {lasting(made.patrol_every_before)})"
    lines.append(f"Complaints that ended by a side door are looked for every {patrol}.")
    if made.current_version is not None:
        lines.append(f"Complaints are given to {made.current_version} (before: {made.current_version_before}).")
    return lines
