"""The reminder ladder against a slow, obvious oracle, and the days that matter told one by one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ladder import REPORT, TASK, WEEKLY_REPORT, Ladder, Offset, Quiet, next_rung, permitted, rungs

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MINUTE = timedelta(minutes=1)


def weekend(day):
    return day.isoweekday() > 5


WEEKENDS = Quiet(ZONE, weekend)
NO_REST = Quiet(ZONE, lambda _: False)


def local(*parts):
    return datetime(*parts, tzinfo=ZONE)


def told(ladder, due, quiet=WEEKENDS):
    return [(rung.name, f"{rung.at:%a %d/%m %H:%M}") for rung in rungs(ladder, due, quiet)]


def test_a_task():
    """A task is reminded 7, 3 and 1 days before, on the day, and 1, 3 and 7 days after, at 08:00."""
    assert told(TASK, local(2026, 3, 31, 23, 59, 59), NO_REST) == [
        ("before-7d", "Tue 24/03 08:00"),
        ("before-3d", "Sat 28/03 08:00"),
        ("before-1d", "Mon 30/03 08:00"),
        ("on-the-day", "Tue 31/03 08:00"),
        ("overdue-1d", "Wed 01/04 08:00"),
        ("overdue-3d", "Fri 03/04 08:00"),
        ("overdue-7d", "Tue 07/04 08:00"),
    ]


def test_a_weekly_report():
    """A weekly report is reminded on the working day before at 15:00, two hours before, and at the due time."""
    assert told(WEEKLY_REPORT, local(2026, 3, 9, 10))[:4] == [
        ("working-day-before", "Fri 06/03 15:00"),
        ("before-2h", "Mon 09/03 08:00"),
        ("at-due", "Mon 09/03 10:00"),
        ("overdue-1d", "Tue 10/03 08:00"),
    ]


def test_a_weekly_report_due_on_a_holiday():
    """Where the Monday is a day off, its two rungs give way to that of the working day before."""
    quiet = Quiet(ZONE, lambda day: weekend(day) or day == date(2026, 4, 27))
    assert told(WEEKLY_REPORT, local(2026, 4, 27, 10), quiet)[:2] == [
        ("working-day-before", "Fri 24/04 15:00"),
        ("overdue-1d", "Tue 28/04 08:00"),
    ]


def test_due_on_a_day_off():
    """A due instant on a Saturday stays, and is reminded on the Friday, once."""
    assert told(REPORT, local(2026, 10, 31, 23, 59, 59))[:4] == [
        ("before-3d", "Wed 28/10 08:00"),
        ("working-day-before", "Fri 30/10 08:00"),
        ("overdue-1d", "Mon 02/11 06:30"),
        ("overdue-3d", "Tue 03/11 08:00"),
    ]


def test_after_tet():
    """What falls into the nine days of Tết waits for the first morning after, and says so once."""
    tet = {date(2026, 2, 14) + timedelta(days=n) for n in range(9)}
    quiet = Quiet(ZONE, lambda day: weekend(day) or day in tet)
    assert told(TASK, local(2026, 2, 13, 23, 59, 59), quiet)[-1:] == [("overdue-7d", "Mon 23/02 06:30")]
    assert told(TASK, local(2026, 2, 24, 23, 59, 59), quiet)[:3] == [
        ("before-1d", "Mon 23/02 08:00"),
        ("on-the-day", "Tue 24/02 08:00"),
        ("overdue-1d", "Wed 25/02 08:00"),
    ]


def test_without_end():
    """An overdue task is reminded every week, each turn with its number, however long it takes."""
    due = local(2026, 3, 31, 23, 59, 59)
    first = next_rung(TASK, due, local(2026, 4, 7, 8), WEEKENDS)
    assert (first.name, first.turn, first.at) == ("overdue-weekly", 1, local(2026, 4, 14, 8))
    late = next_rung(TASK, due, local(2036, 4, 1, 0), WEEKENDS)
    assert (late.turn, late.at) == (521, local(2036, 4, 1, 8))


def test_a_rung_at_night():
    """A ladder whose rungs all stand at night moves every one of them to the morning, years later too."""
    night = Ladder((), (Offset("overdue-1d", 1, time(22)),))
    found = next_rung(night, local(2026, 3, 31, 23, 59, 59), local(2030, 4, 1), NO_REST)
    assert (found.turn, found.at) == (209, local(2030, 4, 4, 6, 30))


def test_no_ladder():
    """A ladder without rungs reminds nobody."""
    assert next_rung(Ladder((), ()), local(2026, 3, 31, 23, 59, 59), local(2026, 1, 1), WEEKENDS) is None


def test_two_moved_to_one_day():
    """Of two rungs that were moved to the same day only the one nearer to the due instant is kept."""
    ladder = Ladder((Offset("early", -1, time(5)), Offset("late", 0, time(0))), ())
    assert told(ladder, local(2026, 3, 10, 0, 15)) == [("late", "Mon 09/03 20:59")]


def test_due_kept_in_utc():
    """A due instant read back in UTC climbs the same ladder."""
    due = local(2026, 3, 9, 10)
    assert rungs(WEEKLY_REPORT, due.astimezone(UTC), WEEKENDS) == rungs(WEEKLY_REPORT, due, WEEKENDS)


def test_a_calendar_without_working_days():
    """A calendar that knows only days off is a mistake, and is told as one."""
    with pytest.raises(ValueError, match="days off in a row"):
        rungs(TASK, local(2026, 3, 9, 10), Quiet(ZONE, lambda _: True))


# The oracle: minute by minute, every rung against every other, up to a fixed number of weeks.

WEEKS = 16


def slow_permitted(at, quiet):
    clock = (at.hour, at.minute)
    start, end = (quiet.start.hour, quiet.start.minute), (quiet.end.hour, quiet.end.minute)
    night = start <= clock < end if start <= end else clock >= start or clock < end
    return not night and not quiet.is_day_off(at.date())


def slow_nominal(ladder, due, quiet):
    named = list(ladder.before)
    if named and quiet.is_day_off(due.date()) and all(not offset.working for offset in named):
        named.append(Offset("working-day-before", working=True))
    for offset in named:
        at = slow_place(offset, due, quiet)
        if at <= due:
            yield offset.name, 0, at
    for offset in ladder.after:
        yield offset.name, 0, slow_place(offset, due, quiet)
    for turn in range(1, WEEKS + 1):
        yield "overdue-weekly", turn, slow_place(ladder.after[-1], due, quiet) + timedelta(days=7 * turn)


def slow_place(offset, due, quiet):
    if offset.at is None:
        return (due + timedelta(minutes=offset.minutes)).replace(second=0)
    day = due.date() + timedelta(days=offset.days)
    if offset.working:
        day = due.date() - timedelta(days=1)
        while quiet.is_day_off(day):
            day -= timedelta(days=1)
    return datetime.combine(day, offset.at, tzinfo=ZONE)


def slow_move(at, due, quiet):
    ahead = at
    while not slow_permitted(ahead, quiet):
        ahead += MINUTE
    if not at <= due < ahead:
        return ahead
    while not slow_permitted(at, quiet):
        at -= MINUTE
    return at


def slow_rungs(ladder, due, quiet):
    nominal = sorted(slow_nominal(ladder, due, quiet), key=lambda one: one[2])
    landed = [(name, turn, at, slow_move(at, due, quiet)) for name, turn, at in nominal]
    kept = []
    for number, (name, turn, at, lands) in enumerate(landed):
        others = landed[:number] + landed[number + 1 :]
        gives_way = any(
            (at != lands and other == there and there.date() == lands.date())
            or (other == there == at == lands and position > number)
            or (at != lands and other != there and there.date() == lands.date() and position > number)
            for position, (_, _, other, there) in enumerate(landed)
            if position != number
        )
        if others and not gives_way:
            kept.append((name, turn, lands))
    return sorted(kept, key=lambda one: one[2])


DUES = st.builds(
    lambda day, clock: datetime.combine(day, clock, tzinfo=ZONE),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.sampled_from([time(23, 59, 59), time(10), time(7), time(21), time(6, 30), time(0, 15)]),
)
NIGHTS = st.sampled_from([(time(21), time(6, 30)), (time(12), time(13, 30)), (time(0), time(0)), (time(22), time(0))])


CLOCKS = st.sampled_from([time(8), time(15), time(22), time(5), time(23, 59), time(0)])
BEFORE = st.builds(Offset, st.just("before"), st.integers(-9, 0), CLOCKS)
LADDERS = st.sampled_from([TASK, REPORT, WEEKLY_REPORT]) | st.builds(
    lambda before, days, clock: Ladder(
        tuple(Offset(f"before-{n}", one.days, one.at) for n, one in enumerate(before)),
        tuple(Offset(f"overdue-{day}", day, clock) for day in sorted(days)),
    ),
    st.lists(BEFORE, max_size=4),
    st.frozensets(st.integers(1, 9), min_size=1, max_size=3),
    CLOCKS,
)


@st.composite
def moments(draw):
    """A due instant, with single days off around it, a long stretch of them, and a night."""
    due = draw(DUES)
    stretch = range(draw(st.integers(-30, 40)), draw(st.integers(-30, 60)))[:25]
    single = draw(st.frozensets(st.integers(-12, 40), max_size=14))
    off = {due.date() + timedelta(days=n) for n in {*single, *stretch}}
    closed = draw(st.booleans())
    start, end = draw(NIGHTS)
    return due, Quiet(ZONE, lambda day: day in off or (closed and weekend(day)), start, end)


@settings(max_examples=200, deadline=None)
@given(moments(), LADDERS, st.integers(-40 * 1440, 80 * 1440))
def test_the_ladder_agrees_with_going_minute_by_minute(moment, ladder, minutes):
    """Wherever holidays and nights fall, the rungs and the next one are those that a slow walk finds."""
    due, quiet = moment
    slow = slow_rungs(ladder, due, quiet)
    fast = [(rung.name, rung.turn, rung.at) for rung in rungs(ladder, due, quiet)]
    assert fast == [one for one in slow if one[0] != "overdue-weekly"]
    after = due + timedelta(minutes=minutes)
    found = next_rung(ladder, due, after, quiet)
    assert (found.name, found.turn, found.at) == next(one for one in slow if one[2] > after)


@settings(max_examples=200, deadline=None)
@given(moments(), LADDERS)
def test_what_a_ladder_promises(moment, ladder):
    """No rung stands in quiet hours or on a day off, none before the due instant moves past it, no two are at once."""
    due, quiet = moment
    found = rungs(ladder, due, quiet)
    assert all(permitted(rung.at, quiet) for rung in found)
    before = {offset.name for offset in ladder.before} | {"working-day-before"}
    assert all((rung.at <= due) == (rung.name in before) for rung in found)
    assert len({rung.at for rung in found}) == len(found)


@settings(max_examples=50, deadline=None)
@given(moments(), LADDERS)
def test_climbing(moment, ladder):
    """Going from rung to rung meets all of them once, in order."""
    due, quiet = moment
    at, met = due - timedelta(days=150), []
    for _ in range(12):
        rung = next_rung(ladder, due, at, quiet)
        met.append((rung.name, rung.turn, rung.at))
        at = rung.at
    assert met == slow_rungs(ladder, due, quiet)[:12]
