"""The rules of a run: those of China as shipped, with clocks in hours and customers who may be called at any hour."""

from __future__ import annotations

import shutil
from pathlib import Path

from embedded.process import ROOT

SHIPPED = "cn-banking"
LAW, PROMISE = 48, 36
"""Hours to answer. Complaints that are received so long ago have their clocks run out under fire."""

CHANGES = f"""
name = "{SHIPPED}"
includes = ["shared/as-shipped.toml"]
progress_every = {{ hours = 24 }}

[clocks.law]
length = {{ hours = {LAW} }}
warn_before = [{{ hours = 13 }}, {{ hours = 1 }}]

[clocks.promise]
length = {{ hours = {PROMISE} }}
warn_before = [{{ hours = 1 }}]

[clocks.referral]
length = {{ hours = {LAW} }}
warn_before = [{{ hours = 1 }}]

[call_back]
attempts = 1
different_day_parts = 1
spacing = {{ hours = 1 }}
day_parts = [
    {{ name = "before-noon", from_hour = 0, to_hour = 12 }},
    {{ name = "after-noon", from_hour = 12, to_hour = 24 }},
]
"""


def write_packs(directory: Path) -> Path:
    """A directory of rule packs for the worker, made from those that are shipped."""
    shutil.copytree(ROOT / "rulepacks", directory, dirs_exist_ok=True)
    shutil.copy(ROOT / "rulepacks" / f"{SHIPPED}.toml", directory / "shared" / "as-shipped.toml")
    own = directory / f"{SHIPPED}.toml"
    own.write_text(CHANGES, encoding="utf-8")
    return directory
