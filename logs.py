"""Logs for machines: one JSON object per line, and never the text of an exception, which may quote a message."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from temporalio import activity, workflow

CONTEXT = ("temporal_workflow", "temporal_activity", "facts")
"""What the SDK and this software attach to a log record: ids, attempt, types."""


class JsonLines(logging.Formatter):
    """One line per record."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, context; of an exception its types and the places only."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name in CONTEXT if (value := getattr(record, name, None))}
        if record.exc_info and record.exc_info[1]:
            line["error"] = _places(record.exc_info[1])
        return json.dumps(line, default=str, ensure_ascii=False)


def _places(error: BaseException) -> list[dict[str, Any]]:
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    place = {"type": type(error).__name__, "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}
    cause = error.__cause__ or error.__context__
    return [place, *(_places(cause) if cause else [])]


def log_as_json() -> None:
    """Send everything from INFO up to standard error as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    # httpx writes the address of every request, and addresses name complaints.
    logging.getLogger("httpx").setLevel(logging.WARNING)
