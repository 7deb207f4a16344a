"""What outside developers copy from and look up: ``python -m client.published`` writes it.

A file per message goes to ``examples/messages``; the fields of a complaint and every refusal to ``docs/interface``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from client.schemas import schemas
from domain.examples import COMPLAINT, EXAMPLES
from domain.messages import UNIQUE
from domain.refusals import SENTENCES

ROOT = Path(__file__).parent.parent

STAFF = {
    "specialist": "CS-0107",
    "manager": "MG-0003",
    "supervisor": "SV-0009",
    "call_back": "CB-0012",
    "department_staff": "IT-0310",
}
"""Who sends an example, by role."""

WORDS = {
    "<what you found>": "The link to the clearing house was down from 09:10 to 11:40; the order stayed in our queue.",
    "<why it is not yours>": "The clearing house is connected by operations.",
    "<why>": "The log of the clearing house comes on Thursday.",
    "<2026-01-31T17:00:00+08:00>": "2026-03-06T17:00:00+08:00",
}
"""What stands in an example instead of its placeholders."""

REFUSALS = """# Refusals

Every reason for which a decision is not accepted. The code is the `type` of the failure that the sender of the update
gets, and stays the same; the sentence is for people, with the facts of the complaint in place of the braces. A refused
decision changes nothing and leaves no trace in the history. This table is written by `python -m client.published`.

| code | sentence |
|---|---|
"""

COMPLAINT_FIELDS = """# The complaint, field by field

What [complaint.schema.json](complaint.schema.json) says, to be read by people. Fields in **bold** are required
(those of a part, once the part is there). Unknown fields make a complaint unreadable. This table is written by
`python -m client.published`.

| field | what |
|---|---|
"""


def messages() -> dict[str, dict[str, Any]]:
    """One complaint and one of every message, with all placeholders filled in, by name."""
    return {"complaint": COMPLAINT} | {name: _filled(name, example) for name, example in EXAMPLES.items()}


def _filled(name: str, value: Any) -> Any:
    match value:
        case {"id": str(), "role": str(role)}:
            return {"id": STAFF[role], "role": role}
        case dict():
            return {field: _filled(name, item) for field, item in value.items()}
        case list():
            return [_filled(name, item) for item in value]
        case str():
            return f"example-{name}" if value == UNIQUE else WORDS.get(value, value)
    return value


def _fields(schema: dict[str, Any], parts: dict[str, Any], within: str = "") -> Iterator[str]:
    """A row per field of an object of the schema, each followed by those of its part."""
    for name, field in schema["properties"].items():
        referred = re.search(r"#/\$defs/(\w+)", json.dumps(field))
        part = parts[referred[1]] if referred else {}
        bold = "**" * (name in schema["required"])
        choices = ", ".join(f"`{choice}`" for choice in part.get("enum", ()))
        said = " ".join(field["description"].replace("``", "`").split()) + f" {choices}." * bool(choices)
        yield f"| {bold}`{within}{name}`{bold} | {said} |\n"
        if "properties" in part:
            yield from _fields(part, parts, f"{within}{name}{'[]' * ('items' in field)}.")


def files() -> dict[Path, str]:
    """Every published file with its text."""
    written = {
        ROOT / "examples" / "messages" / f"{name}.json": json.dumps(message, indent=2, ensure_ascii=False) + "\n"
        for name, message in messages().items()
    }
    refusals = "".join(f"| `{code}` | {sentence} |\n" for code, sentence in SENTENCES.items())
    complaint = schemas()["complaint.schema.json"]
    fields = "".join(_fields(complaint, complaint["$defs"]))
    interface = ROOT / "docs" / "interface"
    return written | {
        interface / "refusals.md": REFUSALS + refusals,
        interface / "complaint.md": COMPLAINT_FIELDS + fields,
    }


def main() -> None:
    """Write every file."""
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
