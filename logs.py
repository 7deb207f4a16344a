"""Logs for machines: one JSON object per line, and never the text of an exception, which may quote a message."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

from workflows.names import workflow_id

CONTEXT = ("temporal_workflow", "temporal_activity", "facts")
"""What the SDK and this software attach to a log record: ids, attempt, types."""


class JsonLines(logging.Formatter):
    """One line per record."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, complaint, context; of an exception its types and the places only."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            # Others put the text of an exception behind the first line.
            "message": record.getMessage().partition("\n")[0],
        }
        line |= _about(record)
        if record.exc_info and record.exc_info[1]:
            line["error"] = _places(record.exc_info[1])
        return json.dumps(line, default=str, ensure_ascii=False)


def _about(record: logging.LogRecord) -> dict[str, Any]:
    """The complaint's reference, when it is about one, and what else is known of the circumstances."""
    context = {name: value for name in CONTEXT if (value := getattr(record, name, None))}
    execution = context.get("temporal_workflow") or context.get("temporal_activity") or {}
    key = str(execution.get("workflow_id", ""))
    return {"complaint": key.removeprefix(workflow_id(""))} | context if key else context


def _places(error: BaseException) -> list[dict[str, Any]]:
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    place: dict[str, Any] = {"type": type(error).__name__}
    if isinstance(error, ApplicationError):
        place["code"] = error.type
    place["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [place, *(_places(cause) if cause else [])]


def log_as_json(level: str = "info") -> None:
    """Send everything from a level up to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    # httpx writes the address of every request, and addresses name complaints.
    logging.getLogger("httpx").setLevel(logging.WARNING)
