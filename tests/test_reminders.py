"""Reminders of the real plan of Lào Cai: once, to those who owe, by day, whatever stops, starts or turns back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from talking import Installation

from bot.channels.script import Script
from bot.clock import StoppedClock
from bot.domain.progress import Progress
from bot.storage.assignments import add_progress, open_assignments
from scheduler.reminders import Reminders

COMMUNE, OTHER, AGENCY = "xa-02647", "xa-02674", "so-y-te"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
THURSDAY = datetime(2026, 2, 26, 8, 0, tzinfo=ZONE)
LATE = "(muộn)"


@dataclass
class Recorder(Script):
    """Writes down when each message was said, and where."""

    clock: StoppedClock | None = None

    def __post_init__(self):
        self.when: list[tuple[datetime, str]] = []

    async def say(self, chat, said):
        self.when.append((self.clock.now().astimezone(ZONE), chat))
        return await super().say(chat, said)


@dataclass
class House(Installation):
    """An installation whose bell is rung by hand, at times of Lào Cai."""

    def __post_init__(self):
        self.script = Recorder(clock=self.clock)

    async def at(self, local: datetime) -> None:
        """The bell rings at this instant, and what is due is delivered."""
        self.clock.instant = local.astimezone(UTC)
        await self.parts.reminders.ring()
        await self.parts.delivery.settle()

    async def owed(self, unit: str):
        async with self.parts.opened.database.work() as work:
            return await open_assignments(work, [unit], THURSDAY + timedelta(days=90), 1000)

    async def answer(self, unit: str) -> None:
        """An officer of the unit answers for all that it owes."""
        await self.member(f"officer-{unit}", unit=unit)
        owed = await self.owed(unit)
        async with self.parts.opened.database.work() as work:
            for one in owed:
                done = Progress(one.id, one.revision, self.clock.now(), f"m-officer-{unit}", 100, "", "")
                await add_progress(work, done, closes=True)


def reminded(test):
    """The coroutine `test(house)` as a plain test: two communes and an agency have their groups."""

    def _test(url, tmp_path):
        async def _run():
            house = House(tmp_path, url="" if url.startswith("sqlite") else url)
            await house.found()
            for unit in (COMMUNE, OTHER, AGENCY):
                await house.group(unit, unit)
            try:
                await test(house)
            finally:
                await house.stop()

        asyncio.run(_run())

    _test.__name__, _test.__doc__, _test.__module__ = test.__name__, test.__doc__, test.__module__
    return _test


# --- once ------------------------------------------------------------------------------------------------------------


@reminded
async def test_a_reminder_is_said_once_whatever_restarts(house):
    """A reminder is said once, however often the bell rings and whatever restarts between two bells."""
    await house.at(THURSDAY)
    for _ in range(3):
        await house.restart()
        await house.at(THURSDAY)
        await house.at(THURSDAY + timedelta(hours=1))
    assert [len(house.said(unit)) for unit in (COMMUNE, OTHER, AGENCY)] == [1, 1, 1]


@reminded
async def test_what_falls_together_is_one_message(house):
    """Four tasks of a commune that are due the next day are one message, which names them all and nobody else's."""
    await house.at(THURSDAY)
    owed = [
        one for one in await house.owed(COMMUNE) if one.due.astimezone(ZONE).date() == THURSDAY.date() + timedelta(1)
    ]
    said = house.last(COMMUNE)
    programme = house.parts.house.programme
    assert len(owed) == 4
    for one in owed:
        assert programme.obligation(one).title in said.text
    assert said.subject == "assignments:" + ",".join(str(one.id) for one in owed)


@reminded
async def test_a_chat_of_two_units_is_told_once_for_both(house):
    """A chat that speaks for two units gets one message with what both owe."""
    await house.group("both", COMMUNE, OTHER)
    await house.at(THURSDAY)
    assert len(house.said("both")) == 1
    for unit in (COMMUNE, OTHER):
        assert house.parts.house.programme.unit_name(unit) in house.last("both").head


@reminded
async def test_two_houses_on_one_database_remind_once(house):
    """Two processes whose bells ring at the same moment, on an empty database too, remind once."""
    if not house.url:
        pytest.skip("on SQLite one process runs")
    other = House(house.folder, clock=house.clock, url=house.url)
    await other.start()
    for hours in (0, 1, 24, 24, 96, 97, 98, 168):
        house.clock.instant = (THURSDAY + timedelta(hours=hours)).astimezone(UTC)
        await asyncio.gather(*(one.parts.reminders.ring() for one in (house, other, house, other)))
        await house.parts.delivery.settle()
    together = house.script.when
    await other.stop()
    alone = await _alone(house)
    assert together == alone
    assert len({when for when, _ in together}) >= 4


async def _alone(house):
    """What one process says at the same bells, on a database of its own."""
    single = House(house.folder / "single")
    (house.folder / "single").mkdir()
    await single.found()
    for unit in (COMMUNE, OTHER, AGENCY):
        await single.group(unit, unit)
    for hours in (0, 1, 24, 24, 96, 97, 98, 168):
        await single.at(THURSDAY + timedelta(hours=hours))
    await single.stop()
    return single.script.when


@reminded
async def test_a_clock_that_goes_back_says_nothing_twice(house):
    """After the clock went back, and on again over the same hours, nothing is said a second time."""
    for hours in range(0, 60, 6):
        await house.at(THURSDAY + timedelta(hours=hours))
    before = list(house.script.when)
    for hours in (54, 30, -48, 0, 6, 24, 30, 48, 54):
        await house.restart()
        await house.at(THURSDAY + timedelta(hours=hours))
    assert house.script.when == before
    assert before


# --- those who owe ---------------------------------------------------------------------------------------------------


@reminded
async def test_who_answered_is_not_reminded(house):
    """A unit that has answered is not reminded any more; its neighbour is."""
    await house.at(THURSDAY)
    await house.answer(COMMUNE)
    for days in range(1, 8):
        await house.at(THURSDAY + timedelta(days=days))
    assert len(house.said(COMMUNE)) == 1
    assert len(house.said(OTHER)) > 2


@reminded
async def test_only_those_are_reminded_whom_the_plan_asks(house):
    """The weekly report is asked of the agencies of the steering committee and of no commune."""
    await house.at(THURSDAY)
    assert "lc-bao-cao-tuan" not in {one.obligation for one in await house.owed(COMMUNE)}
    assert "lc-bao-cao-tuan" in {one.obligation for one in await house.owed(AGENCY)}
    await house.at(THURSDAY + timedelta(days=1))
    await house.at(THURSDAY + timedelta(days=1, hours=7))  # Friday 15:00, the working day before
    last = {chat: when.hour for when, chat in house.script.when}
    assert (last[AGENCY], last[COMMUNE]) == (15, 8)


@reminded
async def test_what_a_plan_asks_no_more_is_not_reminded_of(house):
    """Where the plan asks for something no more, nobody is reminded of it, and the bell goes on for the others."""
    parts = house.parts
    await house.at(THURSDAY - timedelta(hours=2))
    plans = parts.house.programme.plans
    fewer = [
        replace(plan, obligations=tuple(o for o in plan.obligations if o.code == "lc-bao-cao-tuan")) for plan in plans
    ]
    changed = Reminders(
        parts.opened.database,
        parts.house.outbox,
        replace(parts.house.programme, plans=tuple(fewer)),
        house.clock,
        parts.reminders._quiet,
        lambda: None,
    )
    for local in (THURSDAY, THURSDAY + timedelta(days=1, hours=7)):
        house.clock.instant = local.astimezone(UTC)
        await changed.ring()
        await parts.delivery.settle()
    assert {chat for _, chat in house.script.when} == {AGENCY}


# --- when ------------------------------------------------------------------------------------------------------------


@reminded
async def test_what_was_missed_is_said_once_and_late(house):
    """After three days asleep what was missed is said in one message that says it is late, not rung by rung."""
    await house.at(THURSDAY - timedelta(hours=2))
    await house.restart()
    await house.at(datetime(2026, 3, 2, 14, 0, tzinfo=ZONE))
    (said,) = house.said(COMMUNE)
    assert LATE in said.head
    for minutes in range(5, 300, 60):
        await house.at(datetime(2026, 3, 2, 14, minutes % 60, tzinfo=ZONE) + timedelta(hours=minutes // 60))
    assert len(house.said(COMMUNE)) == 1


@reminded
async def test_what_is_on_time_is_not_called_late(house):
    """A reminder on time is not called late."""
    await house.at(THURSDAY)
    assert LATE not in house.last(COMMUNE).head


@reminded
async def test_nobody_is_reminded_at_night_or_on_days_off(house):
    """In three weeks of bells, half an hour apart, nobody is reminded between 21:00 and 06:30 or on a day off."""
    for halves in range(21 * 48):
        await house.at(THURSDAY + timedelta(minutes=30 * halves))
    days = {when.date() for when, _ in house.script.when}
    assert len(days) >= 10
    for when, _ in house.script.when:
        assert time(6, 30) <= when.time() < time(21, 0), when
        assert when.weekday() < 5, when


@reminded
async def test_who_wakes_at_night_waits_for_the_morning(house):
    """A machine that slept through the day and wakes at night, or on a day off, says it the next morning."""
    await house.at(THURSDAY - timedelta(hours=2))
    await house.at(THURSDAY.replace(hour=23))
    await house.at(datetime(2026, 2, 27, 6, 29, tzinfo=ZONE))
    assert house.script.when == []
    await house.at(datetime(2026, 2, 27, 6, 30, tzinfo=ZONE))
    assert len(house.said(COMMUNE)) == 1
    assert LATE in house.last(COMMUNE).head
    await house.restart()
    before = list(house.script.when)
    for hour in range(8, 20):
        await house.at(datetime(2026, 2, 28, hour, tzinfo=ZONE))
    assert house.script.when == before


# --- where the database fails ----------------------------------------------------------------------------------------


@reminded
async def test_a_bell_that_failed_is_made_good_by_the_next(house):
    """A bell whose work was undone has done nothing, and the next one does it all, without a restart."""

    async def _rename(*names):
        async with house.parts.opened.database.work() as work:
            await work.do(text("ALTER TABLE {} RENAME TO {}".format(*names)))

    await _rename("outbox", "away")
    with pytest.raises(Exception, match="outbox"):
        await house.parts.reminders.ring()
    await _rename("away", "outbox")
    assert await house.owed(COMMUNE) == []
    await house.at(THURSDAY)
    assert len(house.said(COMMUNE)) == 1


@reminded
async def test_what_was_due_before_the_plan_was_loaded_is_nobodys_debt(house):
    """What was due before the plan ran here is owed by nobody; what comes is made sixty days ahead, day after day."""
    await house.at(THURSDAY)
    first = await house.owed(AGENCY)
    assert min(one.due for one in first) > THURSDAY
    await house.at(THURSDAY + timedelta(days=10))
    then = await house.owed(AGENCY)
    assert {one.id for one in first} < {one.id for one in then}
