"""Ready-to-send messages: the JSON that people and department tools send, with placeholders for what only they know."""

from __future__ import annotations

from typing import Any

UNIQUE = "<unique id>"


def by(role: str) -> dict[str, str]:
    """The sender, with the role that is expected."""
    return {"id": "<your staff id>", "role": role}


def ready_facts(investigation: str) -> dict[str, Any]:
    """The four signals with which a department answers an investigation."""
    head = {"message_id": UNIQUE, "investigation": investigation, "by": by("department_staff")}
    return {
        "investigation_accepted": head,
        "investigation_declined": head | {"reason": "<why it is not yours>", "suggested_department": None},
        "investigation_extension_requested": head | {"until": "<2026-01-31T17:00:00+08:00>", "reason": "<why>"},
        "investigation_result": head
        | {"final": True, "finding": "<what you found>", "responsibility": "firm", "root_cause": None, "evidence": []},
    }


def ready_remedy(remedy: str) -> dict[str, Any]:
    """The update with which a department reports a remedy as carried out."""
    return {"resolve_task": resolve_task(f"remedy-{remedy}", "department_staff")}


def resolve_task(task: str, role: str) -> dict[str, Any]:
    """The update that settles a task."""
    return {"by": by(role), "task": task, "settlement": "done", "note": "<what was done>"}
