"""Text that a customer may write: every plane of Unicode, and everything that some program would take for its own."""

from __future__ import annotations

LONGEST = 25_000
"""Characters of the longest narrative."""

NASTY = (
    "\x00\x07\x1b[31m\r\n\t\u0085\u2028\u2029\ufeff\u202eesrever\u202c\u200d\u0301e\u0301 "
    "👩‍👩‍👧‍👦 🇨🇳 <script>alert(1)</script> <!-- ]]> &amp; | a | b | `` ``` # ** [x](javascript:0) {workflowId} "
    "'; DROP TABLE closed_complaints; -- %s {0} ${x} \\u0000 \\ \ufdd0 \ufffe \U0010fffe \uffff "
)
"""Controls, ends of lines, marks of direction, what joins and combines, markup, queries, formats, non-characters."""

_STEP = 45
_SPREAD = "".join(chr(code) for code in range(1, 0x110000, _STEP) if not 0xD800 <= code <= 0xDFFF)

EVERYTHING = (f"我的钱不见了 {NASTY}{_SPREAD}" + "终" * LONGEST)[:LONGEST]
"""As long as a narrative may be, with characters of all 17 planes."""
EVERYTHING_SHORT = f"转账 {NASTY}"
"""The worst of it, short enough for a summary."""
