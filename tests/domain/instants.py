"""Strategies: days and hours at which counting goes wrong, if it does."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import strategies as st

from tests.domain.pinned import PACK_NAMES

TURNS = [
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25), date(2026, 11, 1),
    date(2027, 3, 14), date(2027, 3, 28), date(2028, 2, 28), date(2028, 2, 29), date(2025, 12, 31), date(2026, 12, 31),
    date(2027, 12, 31), date(2026, 2, 14), date(2026, 9, 30), date(2026, 1, 31), date(2026, 12, 24),
]  # fmt: skip
"""Days around which clocks change, years turn, leap days lie, and holidays are many."""
days = st.one_of(
    st.builds(lambda day, more: day + timedelta(days=more), st.sampled_from(TURNS), st.integers(-20, 2)),
    st.dates(date(2025, 1, 1), date(2028, 6, 30)),
)
times = st.one_of(st.sampled_from([time(0), time(0, 30), time(1, 30), time(17), time(23, 59, 59)]), st.times())
packs = st.sampled_from(PACK_NAMES)
