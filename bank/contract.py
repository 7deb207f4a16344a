"""Writes the contract that a real bank implements: ``python -m bank.contract``."""

from __future__ import annotations

import json
from pathlib import Path

from bank.app import create_app

CONTRACT = Path(__file__).parent.parent / "docs" / "interface" / "bank-openapi.json"


def contract() -> str:
    """The OpenAPI document of the systems, without the stand-in's own switches."""
    app = create_app(":memory:")
    try:
        return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"
    finally:
        app.state.store.close()


if __name__ == "__main__":
    CONTRACT.parent.mkdir(parents=True, exist_ok=True)
    CONTRACT.write_text(contract(), encoding="utf-8")
