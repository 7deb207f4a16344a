"""What the shell offers behind the Tab key. Whatever goes wrong, it offers nothing and says nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from temporalio.client import Client

    from domain.rulepack import RulePack

PATIENCE = 2.0
"""Seconds that somebody who pressed Tab waits for the server."""
OFFERED = 100
"""References offered at most."""

Offer = Iterator[tuple[str, str]]
"""Words with what each means."""


def messages(incomplete: str) -> Offer:
    """Names of messages."""
    from cli.messages import described
    from domain.decisions import DECISIONS
    from domain.facts import FACTS

    return ((name, described(name).meaning) for name in (*DECISIONS, *FACTS) if name.startswith(incomplete))


def stages(incomplete: str) -> list[str]:
    """Stages of a complaint."""
    from domain.model import Stage

    return [stage for stage in Stage if stage.startswith(incomplete)]


def natures(incomplete: str) -> list[str]:
    """What a complaint can be about."""
    from domain.model import Nature

    return [nature for nature in Nature if nature.startswith(incomplete)]


def references(incomplete: str) -> list[str]:
    """Open complaints, the most urgent first."""
    from client.listing import Wanted, find

    async def known(client: Client) -> list[str]:
        found = await find(client, Wanted(reference_begins=incomplete), OFFERED)
        return [one.reference for one in found.complaints]

    return _asked(known)


def clocks(ctx: typer.Context, incomplete: str) -> list[str]:
    """Clocks of the complaint that was named before."""
    from client.gateway import deadlines

    async def known(client: Client) -> list[str]:
        clocks = await deadlines(client, _first(ctx, "reference"))
        return [clock.id for clock in clocks if clock.id.startswith(incomplete)]

    return _asked(known)


def packs(incomplete: str) -> list[str]:
    """Rule packs."""
    from cli.law.shelf import names

    return [name for name in names() if name.startswith(incomplete)]


def kinds(ctx: typer.Context, incomplete: str) -> list[str]:
    """Kinds of complaint of the pack that was named before."""
    return _of_pack(ctx, incomplete, lambda pack: pack.kinds)


def places(ctx: typer.Context, incomplete: str) -> list[str]:
    """Places of which the pack that was named before has a calendar."""
    return _of_pack(ctx, incomplete, lambda pack: [pack.calendar.country, *pack.calendar.places])


def clock_kinds(ctx: typer.Context, incomplete: str) -> list[str]:
    """Clocks of the pack that was named before."""
    return _of_pack(ctx, incomplete, lambda pack: [*pack.clocks, "all"])


def _of_pack(ctx: typer.Context, incomplete: str, words: Callable[[RulePack], Iterable[str]]) -> list[str]:
    from cli.law.shelf import taken

    try:
        known = words(taken(_first(ctx, "pack")).pack)
    except Exception:
        return []
    return [str(word) for word in known if word.startswith(incomplete)]


def _first(ctx: typer.Context, name: str) -> str:
    """The first argument: behind an option that lacks its word yet, it is not read as an argument."""
    return str(ctx.params.get(name) or next(iter(ctx.args), ""))


def _asked(question: Callable[[Client], Awaitable[list[str]]]) -> list[str]:
    import asyncio

    from client.connection import connect

    async def answer() -> list[str]:
        async with asyncio.timeout(PATIENCE):
            return await question(await connect(quiet=True))

    try:
        return asyncio.run(answer())
    except Exception:
        return []
