"""The code that ``docs/upgrades.md`` shows, put to work."""

from __future__ import annotations

import re
from typing import Any

from domain import errands
from embedded.process import ROOT
from workflows import complaint

GUIDE = (ROOT / "docs" / "upgrades.md").read_text(encoding="utf-8")
CHANGE = "_verify_identity"
"""The part of the story that the worked change is about."""
BEFORE = getattr(complaint.ComplaintWorkflow, CHANGE)
VERSIONS = ("before the patch", "patched", "deprecated", "plain")


def shown(title: str, known: dict[str, Any]) -> dict[str, Any]:
    """What the class in a block of code has; the block begins with its title, and knows these names."""
    [code] = re.findall(rf"^```python\n# {title}\n(.+?)^```$", GUIDE, re.DOTALL | re.MULTILINE)
    names = dict(known)
    exec(code, names)  # noqa: S102
    [made] = [one for name, one in names.items() if name not in known and isinstance(one, type)]
    return dict(vars(made))


def upgrade(version: str) -> None:
    """Have every complaint of this process go on with a version of the worked change."""
    changed = BEFORE
    if version != VERSIONS[0]:
        known = vars(complaint) | {"errands": errands}
        known.pop("ComplaintWorkflow")
        changed = shown(version, known)[CHANGE]
    setattr(complaint.ComplaintWorkflow, CHANGE, changed)
