"""The peers side by side: medians with their spread, ratios, and whether we are ahead."""

from __future__ import annotations

from typing import Any

from benchmarks.lifecycle.report import Block, spread, spread_of_ratios
from benchmarks.peers.programs import DBOS

PARTS = ("server_ms", "worker_ms", "client_ms", "bank_ms", "total_ms", "engine_ms", "lives_per_second")
"""``engine_ms`` is server and worker, without the client, of which each engine has a different one."""


def summary(blocks: dict[str, list[Block]]) -> dict[str, Any]:
    """Every subject's figures, and as ratios to every other subject's of the same round."""
    found = {name: [_with_engine(one) for one in own] for name, own in blocks.items()}
    return {
        name: {
            "figures": {part: spread([one[part] for one in own]) for part in PARTS if part in own[0]},
            "ratio_to": {other: _ratios(own, theirs) for other, theirs in found.items() if other != name},
        }
        for name, own in found.items()
    }


def _with_engine(one: Block) -> Block:
    return one | {"engine_ms": one["server_ms"] + one["worker_ms"]}


def _ratios(own: list[Block], theirs: list[Block]) -> dict[str, dict[str, float]]:
    return {part: spread_of_ratios(own, theirs, part) for part in PARTS if part in own[0] and part in theirs[0]}


def verdict(summed: dict[str, Any]) -> dict[str, Any]:
    """Of everything else: whether it takes less CPU time for a life than DBOS, and lives more in a second."""
    ratios = {name: one["ratio_to"][DBOS] for name, one in summed.items() if name != DBOS}
    return {
        name: {
            "cpu": one["total_ms"]["median"] < 1, "cpu_without_client": one["engine_ms"]["median"] < 1,
            "rate": one["lives_per_second"]["median"] > 1,
        }
        for name, one in ratios.items()
    }  # fmt: skip


def table(title: str, summed: dict[str, Any]) -> str:
    """The figures as people read them: median, and least to most."""
    lines = [title, f"{'':<12}" + "".join(f"{part:>24}" for part in PARTS)]
    for name, one in summed.items():
        cells = [_cell(one["figures"].get(part)) for part in PARTS]
        lines.append(f"{name:<12}" + "".join(f"{cell:>24}" for cell in cells))
    return "\n".join(lines)


def _cell(value: dict[str, float] | None) -> str:
    return f"{value['median']:.1f} ({value['least']:.1f}-{value['most']:.1f})" if value else ""
