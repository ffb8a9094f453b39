"""A tip's clocks: where they end, what starts, extends and stops them, when they are reminded of, and why."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import explained
from bot.domain.clock_row import ClockRow, Measure, TipEventKind, WorkCalendar, months_after, row_at
from bot.domain.clock_rungs import PASS_ON, next_rung
from bot.domain.clock_why import explain, ground, lit, refused, reminded, what_is_asked
from bot.domain.ladder import Quiet, permitted
from bot.domain.tip_clock import CannotExtend, Light, Refused, TipEvent, extend, running
from documents.tip_clocks import our_clocks

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
K = TipEventKind
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VIEN = "Viện trưởng Viện kiểm sát"
HEAD = "thủ trưởng cơ quan đang giải quyết tin"


@cache
def public_holidays():
    return frozenset(holidays.country_holidays("VN", years=range(2023, 2033)))


def day_off(day):
    return day.weekday() >= 5 or day in public_holidays()


def at(text, zone=ZONE):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def event(kind, text, row="", by=""):
    return TipEvent(kind, at(text), row, by)


def row(**changed):
    plain = ClockRow(
        id="own",
        trigger=K.RECEIVED,
        until=(K.DECIDED,),
        length=3,
        measure=Measure.WORKING_DAYS,
        source="Luật X Điều 1",
        valid_from=date(2020, 1, 1),
        verified=True,
    )
    return replace(plain, **changed)


def clocks(*events, rows=None, off=day_off, remote=False):
    found = running(rows or our_clocks(), events, ZONE, off, remote=remote)
    return {clock.row.id: clock for clock in found}


def words(clock, language="vi"):
    return explained(language, explain(clock))


QUIET = Quiet(ZONE, day_off)
RECEIVED = event(K.RECEIVED, "2026-02-12 09:47")


# --- where a term ends: against a slow walk --------------------------------------------------------------------------


def slow_due(one, start, off):
    """Hour by hour or day by day, with nothing but the calendar of the standard library."""
    instant = start.astimezone(UTC)
    while instant.minute or instant.second or instant.microsecond:
        instant -= timedelta(microseconds=1) if instant.microsecond else timedelta(seconds=1)
    if one.measure is Measure.HOURS:
        for _ in range(one.length):
            instant += HOUR
        return instant
    day = instant.astimezone(ZONE).date()
    day = slow_months(day, one.length) if one.measure is Measure.MONTHS else slow_days(one, day, off)
    while one.moves and off(day):
        day += DAY
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZONE)


def slow_days(one, day, off):
    left, today = one.length, day
    while True:
        counts = one.counts_first_day or today != day
        if counts and not (one.measure is Measure.WORKING_DAYS and off(today)):
            left -= 1
        if left == 0:
            return today
        today += DAY


def slow_months(day, months):
    """Through every day: the months that begin are counted, and in the last one the same day is looked for."""
    begun, today = 0, day
    while True:
        if begun == months and (today.day == day.day or (today + DAY).day == 1):
            return today
        today += DAY
        begun += today.day == 1


def lengths(measure):
    most = {Measure.HOURS: 200, Measure.WORKING_DAYS: 40, Measure.DAYS: 120, Measure.MONTHS: 26}
    return st.integers(1, most[measure])


@st.composite
def terms(draw):
    measure = draw(st.sampled_from(Measure))
    in_days = measure in {Measure.DAYS, Measure.WORKING_DAYS}
    return row(
        measure=measure,
        length=draw(lengths(measure)),
        counts_first_day=in_days and draw(st.booleans()),
        moves=measure in {Measure.DAYS, Measure.MONTHS} and draw(st.booleans()),
    )


TET = [date(2024, 2, 8), date(2025, 1, 25), date(2026, 2, 14), date(2027, 2, 4), date(2028, 1, 24), date(2030, 2, 1)]
EDGES = [date(2024, 2, 28), date(2028, 2, 29), date(2025, 2, 28), date(2027, 12, 31), date(2026, 1, 30), *TET]
LOCAL = datetime.combine(date(2024, 1, 1), time.min), datetime.combine(date(2030, 6, 1), time.min)
STARTS = st.datetimes(*LOCAL, timezones=st.just(ZONE)) | st.builds(
    lambda day, back, minute: datetime(day.year, day.month, day.day, tzinfo=ZONE) - back * DAY + minute * HOUR / 60,
    st.sampled_from(EDGES),
    st.integers(-3, 70),
    st.integers(0, 1439),
)


@settings(max_examples=400, deadline=None)
@given(terms(), STARTS)
def test_terms_agree_with_a_slow_walk_over_the_holidays_of_2024_to_2030(one, start):
    """Whatever the measure, over Tết, month ends and leap years, a term ends where going through every day ends."""
    assert one.due(start, ZONE, day_off) == slow_due(one, start, day_off)


@settings(max_examples=300, deadline=None)
@given(terms(), STARTS, st.frozensets(st.integers(-1, 90), max_size=40), st.booleans())
def test_terms_agree_with_a_slow_walk_over_invented_holidays(one, start, off, weekends):
    """The same with days off as nobody would set them."""
    first = start.date()

    def is_off(day):
        return (day - first).days in off or (weekends and day.weekday() >= 5)

    assert one.due(start, ZONE, is_off) == slow_due(one, start, is_off)


@settings(max_examples=200, deadline=None)
@given(terms(), STARTS)
def test_the_days_that_were_skipped_are_days_off_up_to_the_due_day(one, start):
    """Each is a day off, in order, before the last day, and with the days counted they fill the whole term."""
    counted = one.counted(start, ZONE, day_off)
    assert list(counted.skipped) == sorted(set(counted.skipped))
    assert all(day_off(day) and start.date() <= day < counted.due.date() for day in counted.skipped)
    if one.measure is Measure.WORKING_DAYS:
        first = start.date() + (0 if one.counts_first_day else 1) * DAY
        assert (counted.due.date() - first).days + 1 == one.length + len(counted.skipped)


@pytest.mark.parametrize(
    ("day", "months", "ends"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-12-15", 2, "2027-02-15"),
        ("2026-02-28", 2, "2026-04-28"),
        ("2028-02-29", 12, "2029-02-28"),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day, months, ends):
    """A month that does not have the day ends on its last one (BLTTHS Điều 134)."""
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(ends)


def test_a_term_in_months_that_ends_on_a_day_off_moves_only_if_the_row_says_so():
    """12/4/2026 is a Sunday: 13/4 with `moves`, 12/4 without."""
    two = row(measure=Measure.MONTHS, length=2)
    assert two.due(RECEIVED.at, ZONE, day_off) == at("2026-04-12 23:59:59")
    assert replace(two, moves=True).due(RECEIVED.at, ZONE, day_off) == at("2026-04-13 23:59:59")


def test_three_working_days_before_tet():
    """What came on Thursday 12/2/2026 has its third working day after Tết, on Tuesday 24/2."""
    assert row().due(RECEIVED.at, ZONE, day_off) == at("2026-02-24 23:59:59")
    assert row(calendar=WorkCalendar.EVERY_DAY).due(RECEIVED.at, ZONE, day_off) == at("2026-02-15 23:59:59")


def test_hours_run_through_nights_holidays_and_summer_time():
    """24 hours are 24 hours, from the start of the tip's hour, wherever the clocks are put forward."""
    one = row(measure=Measure.HOURS, length=24)
    assert one.due(RECEIVED.at, ZONE, lambda _: True) == at("2026-02-13 09:00")
    berlin = ZoneInfo("Europe/Berlin")
    assert one.due(at("2026-03-28 12:30", berlin), berlin, day_off) == at("2026-03-29 13:00", berlin)


def test_the_local_day_counts_not_that_of_utc():
    """A tip of 01:30 in Viet Nam is a tip of that day, though it is still yesterday in UTC."""
    early = at("2026-03-03 01:30").astimezone(UTC)
    assert row(measure=Measure.DAYS, length=1).due(early, ZONE, day_off) == at("2026-03-04 23:59:59")


@pytest.mark.parametrize("changed", [{}, {"measure": Measure.DAYS, "moves": True}])
def test_a_calendar_without_working_days_is_told(changed):
    """It ends with an error and not in an endless search."""
    with pytest.raises(ValueError, match="days off in a row"):
        row(**changed).due(RECEIVED.at, ZONE, lambda _: True)


# --- what runs -------------------------------------------------------------------------------------------------------


def test_the_clocks_of_a_new_tip():
    """The four of the law that begin with a tip, and our own; each with its due instant."""
    found = {name: clock.due for name, clock in clocks(RECEIVED).items()}
    assert found == {
        "open-4h": at("2026-02-12 13:00"),
        "forward": at("2026-02-13 09:00"),
        "arrival-notice": at("2026-02-24 23:59:59"),
        "decide": at("2026-03-04 23:59:59"),
    }


def test_a_tip_from_a_remote_commune_has_48_hours():
    """Instead of 24, and it says so."""
    found = clocks(RECEIVED, remote=True)
    assert "forward" not in found
    assert found["forward-remote"].due == at("2026-02-14 09:00")
    assert found["forward-remote"].remote
    assert not found["decide"].remote
    assert "xã ở xa hoặc hải đảo" in words(found["forward-remote"])


@pytest.mark.parametrize(
    ("kind", "stopped"),
    [
        (K.OPENED, {"open-4h"}),
        (K.TAKEN, {"open-4h"}),
        (K.FORWARDED, {"open-4h", "forward"}),
        (K.ARRIVAL_TOLD, {"arrival-notice"}),
        (K.DECIDED, {"forward", "decide"}),
        (K.CLOSED, {"open-4h", "forward", "arrival-notice", "decide"}),
        (K.RESULT_TOLD, set()),
    ],
)
def test_what_stops_which_clock(kind, stopped):
    """Each event stops the clocks that wait for it, and closing leaves nothing to wait for."""
    found = clocks(RECEIVED, event(kind, "2026-02-12 11:20"))
    assert {name for name, clock in found.items() if clock.stopped} == stopped
    for name in stopped:
        assert found[name].stopped.kind is kind
        assert found[name].stopped.at == at("2026-02-12 11:00")
        assert found[name].stopped.fulfilled is (kind is not K.CLOSED)


def test_a_decision_starts_the_notice_of_result_even_when_the_tip_is_closed_with_it():
    """What was decided must be told, and closing does not make that go away; telling it does."""
    decided, closed = event(K.DECIDED, "2026-02-26 10:05"), event(K.CLOSED, "2026-02-26 10:06")
    found = clocks(RECEIVED, decided, closed)
    assert found["result-notice"].due == at("2026-03-03 23:59:59")
    assert not found["result-notice"].stopped
    told = clocks(RECEIVED, decided, closed, event(K.RESULT_TOLD, "2026-02-27 08:00"))
    assert told["result-notice"].stopped.fulfilled
    assert not told["result-notice"].is_late


def test_what_was_done_late_is_done_and_says_so():
    """The light is not red any more, the lateness is not forgotten."""
    [forward] = [
        clock
        for clock in clocks(RECEIVED, event(K.FORWARDED, "2026-02-14 10:00")).values()
        if clock.row.id == "forward"
    ]
    assert forward.is_late
    assert forward.light(at("2026-03-01 10:00")) is Light.DONE
    assert "sau hạn: tin được chuyển đi" in words(forward)
    assert "after it was due" in words(forward, "en")


def test_a_tip_opened_again_goes_on_with_the_clocks_that_closing_dropped():
    """They count from when it came in, as before; what had been fulfilled stays done."""
    told = event(K.ARRIVAL_TOLD, "2026-02-13 08:00")
    found = clocks(RECEIVED, told, event(K.CLOSED, "2026-02-13 09:30"), event(K.REOPENED, "2026-02-25 08:00"))
    assert found["decide"].stopped is None
    assert found["decide"].due == at("2026-03-04 23:59:59")
    assert found["arrival-notice"].stopped.fulfilled


def test_a_second_decision_must_be_told_again():
    """Opened again and decided again: a second clock for the notice of result."""
    found = running(
        our_clocks(),
        [
            RECEIVED,
            event(K.DECIDED, "2026-02-25 10:00"),
            event(K.RESULT_TOLD, "2026-02-25 10:30"),
            event(K.CLOSED, "2026-02-25 10:40"),
            event(K.REOPENED, "2026-03-10 08:00"),
            event(K.DECIDED, "2026-03-12 10:00"),
        ],
        ZONE,
        day_off,
    )
    notices = [clock for clock in found if clock.row.id == "result-notice"]
    assert [bool(clock.stopped) for clock in notices] == [True, False]
    assert notices[1].start == at("2026-03-12 10:00")


def test_nothing_runs_before_a_tip_has_come():
    """Neither without events, nor by an event that starts nothing, nor with no rows."""
    assert running(our_clocks(), [], ZONE, day_off) == ()
    assert clocks(event(K.OPENED, "2026-02-12 09:00"), event(K.CLOSED, "2026-02-12 10:00")) == {}
    assert running((), [RECEIVED], ZONE, day_off) == ()


# --- a changed law ---------------------------------------------------------------------------------------------------

OLD = row(id="law", length=20, measure=Measure.DAYS, valid_to=date(2026, 2, 28), source="Luật cũ Điều 1")
NEW = row(id="law", length=10, measure=Measure.DAYS, valid_from=date(2026, 3, 1), source="Luật mới Điều 9")


def test_a_changed_law_leaves_what_runs_as_it_was():
    """A clock that began under the old row ends by it, one that begins on the first day of the new one by that."""
    for rows in ((OLD, NEW), (NEW, OLD)):
        old = clocks(event(K.RECEIVED, "2026-02-28 23:30"), rows=rows)["law"]
        new = clocks(event(K.RECEIVED, "2026-03-01 00:10"), rows=rows)["law"]
        assert (old.row, old.due) == (OLD, at("2026-03-20 23:59:59"))
        assert (new.row, new.due) == (NEW, at("2026-03-11 23:59:59"))
    assert "Luật cũ Điều 1" in words(old)
    assert "law@2026-03-01" in words(new)


def test_a_clock_knows_the_version_it_was_counted_with():
    """The name to be recorded tells the rows of one id apart."""
    assert [OLD.version, NEW.version] == ["law@2020-01-01", "law@2026-03-01"]
    assert row_at([OLD, NEW], "law", at("2026-02-28 12:00"), ZONE) is OLD
    assert row_at([OLD, NEW], "law", at("2019-12-31 23:59"), ZONE) is None
    assert row_at([OLD], "law", at("2026-03-01 00:00"), ZONE) is None


def test_a_law_that_ended_starts_nothing():
    """Nor does one that has not begun."""
    assert clocks(event(K.RECEIVED, "2026-03-01 08:00"), rows=[OLD]) == {}
    assert clocks(event(K.RECEIVED, "2026-02-28 08:00"), rows=[NEW]) == {}


def test_a_new_holiday_moves_what_runs():
    """The clocks are counted anew each time: a day that is declared off moves the due instant, and is named."""
    declared = date(2026, 2, 23)
    moved = clocks(RECEIVED, off=lambda day: day_off(day) or day == declared)["arrival-notice"]
    assert moved.due == at("2026-02-25 23:59:59")
    assert "23/02/2026" in words(moved)


# --- extensions ------------------------------------------------------------------------------------------------------

TO_TWO_MONTHS = event(K.EXTENDED, "2026-03-02 15:20", "decide-complex", HEAD)
BY_VIEN = event(K.EXTENDED, "2026-04-10 09:00", "decide-extended", VIEN)


def test_an_extension_gives_a_new_due_instant_and_keeps_the_row_that_allows_it():
    """To two months from receipt, then once two months more from there; never overdue in between."""
    decide = clocks(RECEIVED)["decide"]
    first = extend(decide, our_clocks(), TO_TWO_MONTHS, ZONE, day_off)
    second = extend(first, our_clocks(), BY_VIEN, ZONE, day_off)
    assert [one.due for one in (decide, first, second)] == [
        at("2026-03-04 23:59:59"),
        at("2026-04-13 23:59:59"),
        at("2026-06-15 23:59:59"),
    ]
    assert [one.counted_with.id for one in (first, second)] == ["decide-complex", "decide-extended"]
    assert second.row.id == "decide"
    assert first.light(at("2026-03-10 08:00")) is Light.GREEN


def test_running_grants_what_extend_granted():
    """The clock that follows from the recorded events is the one that was promised when they were recorded."""
    promised = extend(clocks(RECEIVED)["decide"], our_clocks(), TO_TWO_MONTHS, ZONE, day_off)
    assert clocks(TO_TWO_MONTHS, RECEIVED)["decide"] == promised
    assert clocks(RECEIVED, TO_TWO_MONTHS, TO_TWO_MONTHS, BY_VIEN, BY_VIEN)["decide"].due == at("2026-06-15 23:59:59")


@pytest.mark.parametrize(
    ("granted", "why"),
    [
        (event(K.EXTENDED, "2026-03-02 15:20", "decide-complex", VIEN), Refused.NOT_BY),
        (event(K.EXTENDED, "2026-03-02 15:20", "decide-extended", VIEN), Refused.NO_ROW),
        (event(K.EXTENDED, "2026-03-02 15:20", "no-such-row", HEAD), Refused.NO_ROW),
        (event(K.EXTENDED, "2026-03-05 00:10", "decide-complex", HEAD), Refused.LATE),
    ],
)
def test_who_may_not_extend(granted, why):
    """Another office, another row, too late: a clear sentence in both languages."""
    with pytest.raises(CannotExtend) as cannot:
        extend(clocks(RECEIVED)["decide"], our_clocks(), granted, ZONE, day_off)
    assert cannot.value.why is why
    assert explained("vi", refused(cannot.value)).startswith("Không gia hạn được: ")
    assert explained("en", refused(cannot.value)).startswith("It can't be extended: ")
    assert (HEAD in explained("vi", refused(cannot.value))) is (why is Refused.NOT_BY)


def test_each_extension_is_given_once_and_never_to_what_is_over():
    """The second one of the same row is refused, and so is one of a clock that is done or that nobody may extend."""
    twice = clocks(RECEIVED, TO_TWO_MONTHS, BY_VIEN)["decide"]
    for clock, granted, why in (
        (twice, BY_VIEN, Refused.NO_ROW),
        (clocks(RECEIVED, event(K.DECIDED, "2026-02-20 08:00"))["decide"], TO_TWO_MONTHS, Refused.STOPPED),
        (clocks(RECEIVED)["arrival-notice"], event(K.EXTENDED, "2026-02-13 08:00", "decide-complex"), Refused.NO_ROW),
    ):
        with pytest.raises(CannotExtend) as cannot:
            extend(clock, our_clocks(), granted, ZONE, day_off)
        assert cannot.value.why is why


# --- lights and rungs ------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(terms(), STARTS, st.integers(-10, 1010))
def test_the_light(one, start, thousandth):
    """Green, amber in the last quarter, red past the due instant; done whenever it is stopped."""
    came = TipEvent(K.RECEIVED, start)
    [clock] = running([one], [came], ZONE, day_off)
    now = clock.start + (clock.due - clock.start) * thousandth / 1000
    expected = Light.RED if thousandth > 1000 else Light.AMBER if thousandth >= 750 else Light.GREEN
    assert clock.light(now) is expected
    [stopped] = running([one], [came, TipEvent(K.DECIDED, start + HOUR)], ZONE, day_off)
    assert stopped.light(now) is Light.DONE
    assert next_rung(stopped, now, QUIET) is None


def test_the_last_permitted_second_is_not_red():
    """Red begins with the second after."""
    clock = clocks(RECEIVED)["arrival-notice"]
    assert clock.light(clock.due) is Light.AMBER
    assert clock.light(clock.due + timedelta(seconds=1)) is Light.RED


def climbed(clock, many, quiet=QUIET):
    found, now = [], clock.start
    while len(found) < many and (rung := next_rung(clock, now, quiet)):
        found.append(rung)
        now = rung.at
    return found


def test_the_rungs_of_a_clock_in_hours_stand_by_day_and_night():
    """At half, at the last quarter, when due, then as for plans; a Tết night is no reason to wait."""
    forward = clocks(event(K.RECEIVED, "2026-02-16 15:10"))["forward"]
    assert [(rung.name, rung.at) for rung in climbed(forward, 5)] == [
        ("half", at("2026-02-17 03:00")),
        ("last-quarter", at("2026-02-17 09:00")),
        ("at-due", at("2026-02-17 15:00")),
        ("overdue-1d", at("2026-02-18 08:00")),
        ("overdue-3d", at("2026-02-20 08:00")),
    ]


@settings(max_examples=200, deadline=None)
@given(terms(), STARTS)
def test_rungs_climb_and_keep_quiet_hours(one, start):
    """Each is later than the one before, those before the due instant are not after it, days keep quiet."""
    [clock] = running([one], [TipEvent(K.RECEIVED, start)], ZONE, day_off)
    found = climbed(clock, 9)
    assert len(found) == 9
    assert all(one.at < other.at for one, other in pairwise(found))
    assert all((rung.at > clock.due) is rung.name.startswith("overdue") for rung in found)
    assert one.measure is Measure.HOURS or all(permitted(rung.at, QUIET) for rung in found)


def test_rungs_of_an_extended_clock_are_those_of_the_new_term():
    """Nobody is told "overdue" of a term that was extended."""
    now = at("2026-03-05 07:00")
    assert next_rung(clocks(RECEIVED)["decide"], now, QUIET).name == "overdue-1d"
    assert next_rung(clocks(RECEIVED, TO_TWO_MONTHS)["decide"], now, QUIET).name == "half"


def test_the_light_and_rungs_of_an_extension_from_the_old_due_instant_share_out_the_time_it_gave():
    """Sixty-three days from 13/4 on: half of them are gone on 15/5, and the last quarter begins on 31/5, exactly."""
    clock = clocks(RECEIVED, TO_TWO_MONTHS, BY_VIEN)["decide"]
    assert climbed(clock, 1)[0].at == at("2026-05-15 11:59")
    assert clock.light(at("2026-05-31 05:59:58")) is Light.GREEN
    assert clock.light(at("2026-05-31 05:59:59")) is Light.AMBER


def test_what_nobody_opens_goes_to_the_next_in_line_every_four_hours():
    """Our own rule: a reminder at half, then one after the other of the line, until somebody opens it."""
    night = event(K.RECEIVED, "2026-02-16 22:40")
    clock = clocks(night)["open-4h"]
    assert [(rung.name, rung.turn, rung.at) for rung in climbed(clock, 4)] == [
        ("half", 0, at("2026-02-17 00:00")),
        (PASS_ON, 1, at("2026-02-17 02:00")),
        (PASS_ON, 2, at("2026-02-17 06:00")),
        (PASS_ON, 3, at("2026-02-17 10:00")),
    ]
    assert next_rung(clock, at("2026-02-17 01:59"), QUIET).turn == 1
    opened = clocks(night, event(K.OPENED, "2026-02-17 02:30"))["open-4h"]
    assert next_rung(opened, at("2026-02-17 02:30"), QUIET) is None


# --- explained -------------------------------------------------------------------------------------------------------


def test_why_this_due_time_in_vietnamese():
    """Which row, counted from when, which days were skipped, on what ground."""
    assert words(clocks(RECEIVED)["arrival-notice"]) == (
        "Việc phải làm: thông báo việc tiếp nhận tin (dòng thời hạn “arrival-notice@2018-03-01”).\n"
        "Cách tính: 3 ngày làm việc, ngày thứ nhất là 13/02/2026, ngày liền sau ngày nhận được tin (12/02/2026).\n"
        "Không tính 9 ngày nghỉ: 14/02/2026, 15/02/2026, 16/02/2026, 17/02/2026, 18/02/2026, 19/02/2026, 20/02/2026, "
        "21/02/2026, 22/02/2026.\n"
        "Hạn cuối: hết ngày 24/02/2026.\n"
        "Căn cứ: TTLT 01/2017/TTLT-BCA-BQP-BTC-BNN&PTNT-VKSNDTC Điều 14 khoản 1 (áp dụng từ 01/03/2018)."
    )


def test_why_this_due_time_in_english():
    """The same, complete."""
    assert words(clocks(RECEIVED)["forward"], "en") == (
        'To be done: forward the tip with its papers to the competent authority (clock row "forward@2018-03-01").\n'
        "Counted: 24 hours, day and night, from 09:00 on 12/02/2026, the start of the hour in which this happened: "
        "the tip came in.\n"
        "Due: 09:00 on 13/02/2026.\n"
        "Legal source: TTLT 01/2017/TTLT-BCA-BQP-BTC-BNN&PTNT-VKSNDTC (applied from 01/03/2018)."
    )


def test_extensions_are_explained_one_by_one():
    """By whom, until when, with which row; and what has not been read is not presented as read."""
    clock = clocks(RECEIVED, TO_TWO_MONTHS, BY_VIEN)["decide"]
    told = words(clock)
    assert f"Đã gia hạn ngày 02/03/2026, do {HEAD} quyết định: 2 tháng" in told
    assert f"Đã gia hạn ngày 10/04/2026, do {VIEN} quyết định: thêm 2 tháng" in told
    assert "Ngày cuối rơi vào ngày nghỉ (12/04/2026)" in told
    assert "Hạn cuối: hết ngày 15/06/2026." in told
    assert told.count("chưa đối chiếu với văn bản") == 1
    assert words(clock, "en").count("not yet checked against the text") == 1


def test_our_own_rule_is_never_presented_as_law():
    """Nowhere in its explanation is a legal source, whatever its row says of being verified."""
    for own in (clocks(RECEIVED)["open-4h"], *clocks(RECEIVED, rows=[row(own=True, verified=True)]).values()):
        assert "không phải quy định của pháp luật" in words(own)
        assert "Căn cứ" not in words(own)
        assert "and no law" in words(own, "en")
        assert "Legal source" not in words(own, "en")


@settings(max_examples=150, deadline=None)
@given(terms(), STARTS, st.sampled_from(K), st.sampled_from(["vi", "en"]))
def test_every_clock_explains_itself(one, start, kind, language):
    """Whatever the row and whatever has stopped it, there are words, with due day and source and without holes."""
    events = [TipEvent(K.RECEIVED, start), TipEvent(kind, start + 30 * HOUR)]
    for clock in running([replace(one, until=(kind,), dropped_by=())], events, ZONE, day_off):
        told = words(clock, language)
        assert f"{clock.due:%d/%m/%Y}" in told
        assert "Luật X Điều 1" in told
        assert not re.search(r"\{|\}|tipclock", told)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_event_light_and_rung_has_words(language):
    """None of them lacks its sentence, so that a reminder can always say its reason."""
    clock = clocks(RECEIVED)["decide"]
    names = {rung.name for one in clocks(RECEIVED).values() for rung in climbed(one, 12)}
    assert {"half", "last-quarter", "at-due", "overdue-weekly", PASS_ON} <= names
    for rung in (rung for one in clocks(RECEIVED).values() for rung in climbed(one, 12)):
        assert "04/03/2026" in explained(language, reminded(clock, rung))
    assert len({explained(language, lit(light)) for light in Light}) == len(Light)
    assert len({explained(language, what_is_asked(row(until=(kind,)))) for kind in K}) == len(K)
    assert explained(language, ground(row()))


def test_a_long_list_of_days_off_is_cut():
    """No message of a hundred days: the first twenty are named, all are counted."""
    off = {RECEIVED.at.date() + n * DAY for n in range(1, 41)}
    told = words(clocks(RECEIVED, rows=[row()], off=lambda day: day in off)["own"])
    assert "Không tính 40 ngày nghỉ" in told
    assert told.count("/2026") < 30
