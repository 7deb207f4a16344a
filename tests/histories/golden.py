"""Golden histories: lives of complaints as earlier versions of the code recorded them, which today's must follow."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

HERE = Path(__file__).parent
INDEX = HERE / "index.json"
NOBODY = "recorder"
"""Stands for whoever acted: names of machines are nobody's business."""

Json = dict[str, Any]


def index() -> dict[str, Json]:
    """What is known of every recorded scenario: what it is about, when and with which code, and its histories."""
    found: dict[str, Json] = json.loads(INDEX.read_text(encoding="utf-8")) if INDEX.exists() else {}
    return found


def write_index(entries: dict[str, Json]) -> None:
    """Keep what is known."""
    INDEX.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read(name: str) -> WorkflowHistory:
    """One history."""
    events = json.loads(gzip.decompress((HERE / f"{name}.json.gz").read_bytes()))
    return WorkflowHistory.from_json(_workflow_id(events), events)


def _workflow_id(history: Json) -> str:
    return str(history["events"][0]["workflowExecutionStartedEventAttributes"]["workflowId"])


def write(name: str, history: WorkflowHistory) -> None:
    """Keep a history, without the names of machines."""
    text = json.dumps(scrubbed(json.loads(history.to_json())), separators=(",", ":"))
    (HERE / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def scrubbed(part: Any) -> Any:
    """A part of a history without process and machine: identities, queues of single workers, and stack traces."""
    if isinstance(part, list):
        return [scrubbed(one) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("kind") == "TASK_QUEUE_KIND_STICKY":
        return part | {"name": NOBODY}
    return {key: _said(key, value) for key, value in part.items() if key != "stackTrace"}


def _said(key: str, value: Any) -> Any:
    return NOBODY if key == "identity" else scrubbed(value)
