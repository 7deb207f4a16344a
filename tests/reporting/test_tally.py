"""Guarantees of counting:

* A share is of those of whom the question can be asked, and is nothing, not zero, when it can be asked of nobody.
* Medians and nine-of-ten are values that occurred.
* The time of all parties adds up exactly to what elapsed, whatever was counted.
* Counting in parts and adding up gives what counting all at once gives.
* The longest breaches are those towards customer, law and regulator; one that was never mended is the longest.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.figures import Breach, Figures
from domain.timeledger import Party, TimeShare
from reporting.tally import MEASURES, WORST, Tally, quantiles, together
from tests.reporting.made import CLOSED, DAY, counted


def tally(*complaints: Figures) -> Tally:
    counts = Tally()
    for one in complaints:
        counts.add(one)
    return counts


def test_a_share_is_of_those_who_can_be_asked() -> None:
    withdrawn = counted(outcome="withdrawn", solved=None, satisfied=None, kept={"acknowledgement": True})
    unhappy = counted(
        solved=True, satisfied=False, cycles=2, outcome="unresolved", kept={"law": False, "promise": True}
    )
    shares = tally(counted(), withdrawn, unhappy).shares()
    found = {name: (share.count, share.of) for name, share in shares.items()}
    assert found["acknowledged_in_time"] == (2, 2)
    assert found["answered_within_law"] == (1, 2)
    assert found["answered_as_promised"] == (2, 2)
    assert found["closed_in_time"] == (2, 3)
    assert found["satisfied"] == (1, 2)
    assert found["satisfied_at_first"] == (1, 2)
    assert found["answered_again"] == (1, 3)
    assert found["regulator_answered_in_time"] == (0, 0)
    assert shares["regulator_answered_in_time"].share is None
    assert shares["resolved"].share == 1.0


def test_of_nothing_nothing_is_said() -> None:
    empty = Tally().results()
    assert all(share.share is None for share in empty.shares.values())
    assert (empty.time_to_close.count, empty.time_to_close.median) == (0, None)
    assert set(empty.shares) == set(MEASURES)


def test_quantiles_are_values_that_occurred() -> None:
    found = quantiles([day * DAY for day in (9, 1, 5, 2, 30, 3, 4, 8, 7, 6)])
    assert (found.count, found.median, found.nine_of_ten) == (10, 5 * DAY, 9 * DAY)
    assert quantiles([DAY]).nine_of_ten == DAY


def test_the_time_of_departments_is_told_twice() -> None:
    found = tally(counted(), counted(department_time={"technology": 5 * DAY})).results()
    (technology,) = found.departments
    assert (technology.complaints, technology.shared, technology.own) == (2, 6 * DAY, 8 * DAY)


def test_compensation_is_added_up_per_kind_and_currency_only() -> None:
    one = counted(compensation={"refund": {"CNY": "10.10", "USD": "1"}, "voucher": {"CNY": "5"}})
    found = tally(one, one).results().compensation
    assert [(paid.kind, paid.currency, paid.complaints, paid.amount) for paid in found] == [
        ("refund", "CNY", 2, Decimal("20.20")),
        ("voucher", "CNY", 2, Decimal(10)),
        ("refund", "USD", 2, Decimal(2)),
    ]


def breach(number: int, kind: str = "law", late: timedelta | None = DAY) -> Figures:
    return counted(reference=f"C-{number}", breaches=[Breach(clock=f"{kind}-1", kind=kind, at=CLOSED, late=late)])


def test_the_longest_breaches_are_told_and_the_rest_counted() -> None:
    many = [breach(number, late=number * DAY) for number in range(1, 500)]
    own = breach(1000, "investigation", 900 * DAY)
    never = breach(1001, "promise", None)
    found = tally(*many, own, never).results()
    assert [one.reference for one in found.worst_breaches][:2] == ["C-1001", "C-499"]
    assert len(found.worst_breaches) == WORST
    assert "C-1000" not in [one.reference for one in found.worst_breaches]
    assert list(found.breaches) == ["law", "promise", "investigation"]
    assert (found.breaches["promise"].count, found.breaches["promise"].never_done) == (1, 1)
    assert found.breaches["law"].late.median == 250 * DAY


times = st.lists(
    st.builds(
        TimeShare, tier=st.integers(1, 3), party=st.sampled_from(list(Party)),
        department=st.sampled_from([None, "technology", "branch"]),
        time=st.timedeltas(timedelta(microseconds=1), timedelta(days=90)),
    ),
    max_size=6,
)  # fmt: skip
complaints = st.builds(
    lambda **changes: counted(**changes), reference=st.sampled_from(["C-1", "C-2", "C-3"]), time=times,
    outcome=st.sampled_from(["satisfied", "withdrawn"]), contacts=st.integers(0, 3),
    satisfied=st.sampled_from([True, False, None]), escalations=st.sampled_from([{}, {"decision": 2}]),
    compensation=st.sampled_from([{}, {"refund": {"CNY": Decimal("0.10")}}]),
)  # fmt: skip


@given(st.lists(complaints, max_size=12), st.integers(0, 12))
def test_parts_add_up_to_the_whole_exactly(found: list[Figures], cut: int) -> None:
    whole = tally(*found).results()
    parts = together([tally(*found[:cut]), tally(*found[cut:])]).results()
    assert _comparable(parts) == _comparable(whole)
    assert sum((share.time for share in whole.time), timedelta()) == whole.elapsed
    assert whole.elapsed == sum((share.time for one in found for share in one.time), timedelta())


def _comparable(results: Any) -> dict[str, Any]:
    """Without the order of what is equally often."""
    dumped: dict[str, Any] = results.model_dump()
    dumped["time"] = sorted(dumped["time"], key=str)
    return dumped
