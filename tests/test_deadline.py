"""Deadlines yield due instants: the last permitted second in the province's zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deadline import (
    AdHoc,
    BadPeriod,
    Every,
    Once,
    Ongoing,
    Recurring,
    Waiting,
    Within,
    last_day_of,
    occurrences,
    working_day_before,
)
from bot.domain.why import Explanation, describe, explain
from bot.words import say

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ALWAYS = (date(2000, 1, 1), date(2199, 12, 31))


def dues(deadline, start=date(2026, 1, 1), end=date(2027, 1, 31)):
    return [(one.period, one.due.isoformat()) for one in occurrences(deadline, ZONE, start, end)]


@pytest.mark.parametrize(
    ("deadline", "period", "due"),
    [
        (Once(date(2026, 2, 28), before=True), "2026-02-27", "2026-02-27T23:59:59+07:00"),
        (Once(date(2026, 3, 1), before=True), "2026-02-28", "2026-02-28T23:59:59+07:00"),
        (Once(date(2027, 1, 1), before=True), "2026-12-31", "2026-12-31T23:59:59+07:00"),
        (Once(date(2026, 12, 31)), "2026-12-31", "2026-12-31T23:59:59+07:00"),
        (Once(date(2026, 5, 4), at=time(16, 30)), "2026-05-04", "2026-05-04T16:30:00+07:00"),
        (Within("2026-Q1"), "2026-Q1", "2026-03-31T23:59:59+07:00"),
        (Within("2026-H1"), "2026-H1", "2026-06-30T23:59:59+07:00"),
        (Within("2026-02"), "2026-02", "2026-02-28T23:59:59+07:00"),
        (Within("2026"), "2026", "2026-12-31T23:59:59+07:00"),
    ],
)
def test_one_day(deadline, period, due):
    """ "Trước" leaves the day out; "đến", "trong quý", "trong tháng" and "trong năm" include the last day."""
    assert dues(deadline) == [(period, due)]


def test_before_monday_ten_is_monday_ten():
    """The weekly report is due on Mondays at 10:00:00, from the first Monday named, and never before."""
    weekly = Recurring(Every.WEEK, date(2026, 3, 2), day=1, at=time(10))
    found = dues(weekly)
    assert found[:2] == [("2026-W10", "2026-03-02T10:00:00+07:00"), ("2026-W11", "2026-03-09T10:00:00+07:00")]
    assert len(found) == 48
    assert found[-1][1] == "2027-01-25T10:00:00+07:00"


def test_before_the_twentieth_is_the_nineteenth():
    """A monthly report before the 20th is due on the 19th, the last second of it."""
    monthly = Recurring(Every.MONTH, date(2026, 3, 1), day=20, before=True)
    assert dues(monthly, end=date(2026, 4, 30)) == [
        ("2026-03", "2026-03-19T23:59:59+07:00"),
        ("2026-04", "2026-04-19T23:59:59+07:00"),
    ]


def test_a_year_that_is_told_of_in_the_next():
    """A yearly report before 05/01 is due on the 4th, and bears the name of the year it tells of."""
    yearly = Recurring(Every.YEAR, date(2028, 1, 1), day=5, month=1, before=True, about_previous=True)
    assert dues(yearly, *ALWAYS)[:2] == [
        ("2027", "2028-01-04T23:59:59+07:00"),
        ("2028", "2029-01-04T23:59:59+07:00"),
    ]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Recurring(Every.MONTH, date(2028, 1, 1), day=31), ["01-31", "02-29", "03-31", "04-30"]),
        (Recurring(Every.MONTH, date(2028, 1, 1), day=31, before=True), ["01-30", "02-29", "03-30", "04-30"]),
        (Recurring(Every.MONTH, date(2028, 1, 1), day=1, before=True), ["01-31", "02-29", "03-31", "04-30"]),
        (Recurring(Every.MONTH, date(2028, 1, 1)), ["01-31", "02-29", "03-31", "04-30"]),
        (Recurring(Every.QUARTER, date(2028, 1, 1)), ["03-31", "06-30", "09-30", "12-31"]),
        (Recurring(Every.QUARTER, date(2028, 1, 1), day=15, before=True), ["03-14", "06-14", "09-14", "12-14"]),
        (Recurring(Every.HALF_YEAR, date(2028, 1, 1)), ["06-30", "12-31"]),
        (Recurring(Every.YEAR, date(2028, 1, 1), day=29, month=2), ["02-29"]),
        (Recurring(Every.YEAR, date(2028, 1, 1), day=1, month=3, before=True), ["02-29"]),
        (Recurring(Every.YEAR, date(2028, 1, 1), day=1, month=1, before=True), ["12-31"]),
        (Recurring(Every.YEAR, date(2028, 1, 1)), ["12-31"]),
    ],
)
def test_short_months_and_ends_of_years(rule, days):
    """A day that a month does not have is its last day; before the first is the last day of the month before."""
    end = date(2028, 4, 30) if rule.every is Every.MONTH else date(2028, 12, 31)
    assert [due[5:10] for _, due in dues(rule, date(2028, 1, 1), end)] == days


def test_a_leap_day_in_a_common_year():
    """29/2 of a common year is the 28th."""
    yearly = Recurring(Every.YEAR, date(2026, 1, 1), day=29, month=2)
    assert [due[:10] for _, due in dues(yearly, *ALWAYS)[:3]] == ["2026-02-28", "2027-02-28", "2028-02-29"]


def test_a_recurrence_ends():
    """Nothing is due after `until`, nor before the start, nor outside of the days asked for."""
    weekly = Recurring(Every.WEEK, date(2026, 3, 3), until=date(2026, 3, 23), day=1)
    assert [due[:10] for _, due in dues(weekly)] == ["2026-03-09", "2026-03-16", "2026-03-23"]
    assert [due[:10] for _, due in dues(weekly, date(2026, 3, 16), date(2026, 3, 16))] == ["2026-03-16"]
    assert dues(weekly, date(2026, 3, 17), date(2026, 3, 22)) == []


@pytest.mark.parametrize("deadline", [AdHoc(), Ongoing(), Waiting("khi Bộ Công an triển khai")])
def test_no_due_by_itself(deadline):
    """What is asked ad hoc, all the time, or waits for its start has no due instant by itself."""
    assert dues(deadline, date.min, date.max) == []


def test_the_longest_stretch_ends():
    """From the first day there is to the last, a recurrence ends with the days a plan may speak of."""
    assert dues(Recurring(Every.YEAR, date.min), date.min, date.max)[-1][0] == "2199"


@pytest.mark.parametrize("period", ["", "2026-Q5", "2026-H3", "2026-13", "2026-00", "26", "1899", "2026-Q1 ", "quý I"])
def test_no_period(period):
    """What is no period is refused, not guessed."""
    with pytest.raises(BadPeriod):
        last_day_of(period)


RULES = st.builds(
    Recurring,
    every=st.sampled_from(Every),
    start=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    day=st.none() | st.integers(1, 31),
    month=st.integers(1, 12),
    before=st.booleans(),
    about_previous=st.booleans(),
)


def slow_days(rule, start, end):
    """Day by day: is this the last permitted day of its period? Only the calendar of the standard library is asked."""
    day = max(start, rule.start)
    while day <= end:
        if slow_is_due(rule, day):
            yield day
        day += timedelta(days=1)


def slow_is_due(rule, day):
    target = day + timedelta(days=1) if rule.before and rule.day else day
    last_of_month = (day + timedelta(days=1)).month != day.month
    if rule.every is Every.WEEK:
        return target.isoweekday() == (rule.day or 7)
    month = rule.month if rule.every is Every.YEAR else None
    in_months = {Every.MONTH: range(1, 13), Every.QUARTER: (3, 6, 9, 12), Every.HALF_YEAR: (6, 12)}.get(
        rule.every, (month or 12,)
    )
    if rule.day is None:
        return day.month in in_months and last_of_month
    if target.month in in_months and target.day == rule.day and (target.month == day.month or rule.day == 1):
        return True
    too_short = last_of_month and day.day <= rule.day - rule.before  # the 29th of a February that has none
    return day.month in in_months and too_short


@given(RULES, st.dates(date(2024, 1, 1), date(2029, 1, 1)), st.integers(0, 800))
def test_recurrences_agree_with_going_day_by_day(rule, start, length):
    """Recurrences yield exactly the days on which a walk through the calendar finds them, each under its own name."""
    if rule.every is Every.WEEK:
        rule = Recurring(rule.every, rule.start, day=(rule.day or 7) % 7 + 1, before=rule.before)
    elif rule.every is not Every.YEAR:
        rule = Recurring(rule.every, rule.start, day=rule.day, before=rule.before, about_previous=rule.about_previous)
    end = start + timedelta(days=length)
    found = list(occurrences(rule, ZONE, start, end))
    assert [one.due.date() for one in found] == list(slow_days(rule, start, end))
    assert len({one.period for one in found}) == len(found)


@given(st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.frozensets(st.integers(1, 20)))
def test_the_working_day_before(day, off):
    """It is the nearest earlier day that is not off."""
    found = working_day_before(day, lambda one: (day - one).days in off)
    assert (day - found).days == min(set(range(1, 30)) - off)


def test_a_calendar_without_working_days():
    """A calendar that knows only days off is a mistake, and is told as one."""
    with pytest.raises(ValueError, match="days off in a row"):
        working_day_before(date(2026, 3, 2), lambda _: True)


def worded(explanation, language):
    values = {k: worded(v, language) if isinstance(v, Explanation) else v for k, v in explanation.values.items()}
    return say(language, explanation.id, values)


def why(deadline, language="vi"):
    return worded(explain(deadline, next(occurrences(deadline, ZONE, *ALWAYS))), language)


def test_every_due_instant_explains_itself():
    """Asked why, a due instant tells the rule of the plan and what follows from it."""
    assert why(Once(date(2026, 2, 28), before=True)) == (
        "Kế hoạch ghi: trước ngày 28/02/2026, không kể ngày đó. Vì vậy hạn cuối là hết ngày 27/02/2026."
    )
    assert "trước 10:00 thứ Hai hằng tuần, từ 02/03/2026" in why(
        Recurring(Every.WEEK, date(2026, 3, 2), day=1, at=time(10))
    )
    assert "trong quý 1/2026" in why(Within("2026-Q1"))
    assert "before 05/01" in why(Recurring(Every.YEAR, date(2028, 1, 1), day=5, month=1, before=True), "en")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("every", Every)
@pytest.mark.parametrize("day", [None, 5])
@pytest.mark.parametrize(("before", "at"), [(False, None), (True, None), (False, time(9))])
def test_every_rule_has_words(language, every, day, before, at):
    """No rule lacks its sentence, in Vietnamese or English."""
    rule = Recurring(every, date(2026, 1, 1), day=day, month=3, before=before, at=at if day else None)
    assert "01/01/2026" in worded(describe(rule), language)
    for other in (
        Once(date(2026, 1, 1), at=at),
        Within("2026-H2"),
        Within("2026-05"),
        Within("2026"),
        AdHoc(),
        Ongoing(),
    ):
        assert worded(describe(other), language)
    assert "khi X" in worded(describe(Waiting("khi X")), language)


def test_due_is_in_the_zone_of_the_province():
    """The instant is the zone's, so it is seven hours earlier in UTC."""
    [one] = occurrences(Once(date(2026, 2, 28), before=True), ZONE, *ALWAYS)
    assert one.due.astimezone(UTC) == datetime(2026, 2, 27, 16, 59, 59, tzinfo=UTC)
