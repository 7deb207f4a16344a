"""The public interface as JSON Schema: ``python -m client.schemas`` writes a file per message to ``docs/interface``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from domain.casefile import HIDDEN, CaseFile
from domain.clock_view import ClockView
from domain.closing import ClosedComplaint
from domain.complaint import Complaint
from domain.decisions import DECISIONS, Receipt
from domain.facts import FACTS
from domain.model import Stage
from domain.tasks import OpenTask

DIRECTORY = Path(__file__).parent.parent / "docs" / "interface"

INBOUND: dict[str, type[BaseModel]] = {"complaint": Complaint, **FACTS, **DECISIONS}
"""What outside systems send: unknown fields are refused."""
OUTBOUND: dict[str, Any] = {
    "closed_complaint": ClosedComplaint,
    "receipt": Receipt,
    "deadlines": list[ClockView],
    "open_tasks": list[OpenTask],
}
"""What they get back: fields may be added, so readers must tolerate unknown ones."""


def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by the name of its file."""
    inbound = {name: _closed(model.model_json_schema()) for name, model in INBOUND.items()}
    outbound = {name: TypeAdapter(kind).json_schema(mode="serialization") for name, kind in OUTBOUND.items()}
    everything = inbound | outbound | {"case_file": _case_file()}
    return {f"{name}.schema.json": schema for name, schema in everything.items()}


def _case_file() -> dict[str, Any]:
    """The case file as the query shows it: with its stage, and without what only the workflow needs."""
    schema = CaseFile.model_json_schema(mode="serialization")
    for hidden in HIDDEN:
        del schema["properties"][hidden]
    schema["properties"]["stage"] = {"enum": [str(stage) for stage in Stage], "description": Stage.__doc__}
    while unused := [name for name in schema["$defs"] if f'"#/$defs/{name}"' not in json.dumps(schema)]:
        for name in unused:
            del schema["$defs"][name]
    return schema


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, with unknown fields forbidden in every object, as :func:`domain.reading.read` does."""
    for part in (schema, *schema.get("$defs", {}).values()):
        if part.get("type") == "object":
            part["additionalProperties"] = False
    return schema


def text(schema: dict[str, Any]) -> str:
    """A schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Write every schema."""
    for name, schema in schemas().items():
        (DIRECTORY / name).write_text(text(schema), encoding="utf-8")


if __name__ == "__main__":
    main()
