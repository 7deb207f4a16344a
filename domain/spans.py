"""Comparing lengths of time whose day types differ, before any calendar is known.

A rule pack must be right on every date, so each comparison takes the worst case: the longest that one length can last
against the shortest that the other can. Fifteen business days may therefore never stand inside fifteen calendar days.
"""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

from domain.calendar import BusinessDays, BusinessHours, CalendarDays, Hours, Months, Span, Weeks

LONGEST_CLOSURE = 10
"""Days in a row without work: the longest Spring Festival so far (2020), weekends included."""

DAY = 24
OPEN_AT_LEAST = 4
"""Hours for which a firm is open on a working day, at the least."""
CLOCK_CHANGE = 1
"""A day may be an hour short or an hour long."""


class Bounds(NamedTuple):
    """The fewest and the most hours that a length can last."""

    least: int
    most: int


def bounds(span: Span) -> Bounds:
    """How many hours a span can last, whatever the date and the calendar."""
    match span:
        case Hours(hours=hours):
            return Bounds(hours, hours)
        case BusinessHours(business_hours=hours):
            return Bounds(hours, bounds(_days_open(hours)).most)
        case CalendarDays(calendar_days=days):
            return Bounds(DAY * days, DAY * days)
        case Weeks(weeks=weeks):
            return Bounds(DAY * 7 * weeks, DAY * 7 * weeks)
        case Months(months=months):
            return Bounds(DAY * 28 * months, DAY * 31 * months)
        case BusinessDays(business_days=days):
            # At least: make-up weekends leave no day off. At most: a weekend in every five days begun, and one long
            # closure in every twenty.
            return Bounds(DAY * days, DAY * (days + 2 * ceil(days / 5) + LONGEST_CLOSURE * ceil(days / 20)))


def _days_open(hours: int) -> BusinessDays:
    """The working days after the first by whose close so many hours have passed in which a firm is open."""
    return BusinessDays(business_days=ceil(hours / OPEN_AT_LEAST))


def fits_within(one: Span, other: Span, head_start: int = 0) -> bool:
    """Whether one length never lasts longer than the other, whose count begins ``head_start`` days earlier."""
    return _room(one, other) >= DAY * head_start


def surely_shorter(one: Span, other: Span, by_hours: int = 0) -> bool:
    """Whether one length is shorter than the other on every date, by more than so many hours."""
    return _room(one, other) > by_hours


def _room(one: Span, other: Span) -> int:
    """The fewest hours that are left of the other length when one has run out."""
    if type(one) is type(other):
        return (count(other) - count(one)) * (1 if isinstance(one, (Hours, BusinessHours)) else DAY)
    if isinstance(one, BusinessHours) and isinstance(other, BusinessDays):
        # Business closes before the day ends.
        return DAY * (count(other) - count(_days_open(count(one)))) + 1
    room = bounds(other).least - bounds(one).most
    if isinstance(one, Hours):
        return room - CLOCK_CHANGE
    if isinstance(other, Hours):
        return room - DAY - CLOCK_CHANGE  # days run to midnight, hours do not
    return room


def count(span: Span) -> int:
    """The number in a span, in its own unit."""
    number: int
    [(_, number)] = span
    return number


def in_words(span: Span) -> str:
    """A span as people say it: 15 calendar days."""
    [(name, number)] = span
    unit = name.replace("_", " ")
    return f"{number} {unit.removesuffix('s') if number == 1 else unit}"
