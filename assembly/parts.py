"""All parts of a running installation, put together. Tests pass their own in: a clock, channels, a folder."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import holidays
from filelock import FileLock

from assembly.citizens import citizens_rooms, recordings_in
from assembly.desk import clock_rows, desk_rooms
from assembly.errors import Unusable
from bot.chance import Chance
from bot.channels.channel import Channel, Heard
from bot.clock import Clock
from bot.config import Config
from bot.delivery import Delivery
from bot.domain.ladder import Quiet
from bot.domain.plan import Plan
from bot.domain.programme import Programme
from bot.intake import Intake
from bot.storage.conversations import Conversations
from bot.storage.database import Database, lock_folder, open_database
from bot.storage.keys import Keyring
from bot.storage.migrations import is_of_this_version, migrate
from bot.storage.outbox import Outbox
from bot.storage.units import all_plans, all_units
from bot.storage.web_rooms import WebRooms
from bot.turn import House
from bot.turns import Turns
from documents.plan_file import plan_from
from handlers.dispatch import DISPATCH
from handlers.tip_filing import ReceiptMint
from scheduler.clockwork import Clockwork
from scheduler.notices import Boards
from scheduler.reminders import Reminders
from scheduler.retention import Kept, Retention
from scheduler.tip_clock import Rules, TipClocks

KEY_FILE = "installation.key"
SATURDAY = 5


@dataclass
class Opened:
    """The database, open and of this version, with the installation's keys; what every command stands on."""

    config: Config
    database: Database
    keyring: Keyring
    clock: Clock
    lock: FileLock | None = None

    async def close(self) -> None:
        await self.database.close()
        if self.lock is not None:
            self.lock.release()


@dataclass
class Parts:
    """A running installation."""

    opened: Opened
    house: House
    rooms: WebRooms
    turns: Turns
    delivery: Delivery
    reminders: Reminders
    quiet: Quiet
    clockwork: Clockwork
    channels: Mapping[str, Channel]

    async def run(self) -> None:
        """Hears, delivers and rings until cancelled. Pages are served at once; what is heard waits for the first bell,
        which writes down what units owe: who asks for their work must not be told that there is none.
        """
        rung = asyncio.Event()

        async def hear(heard: Heard) -> None:
            await rung.wait()
            await self.turns.hear(heard)

        works = [
            self._ring(rung),
            self.delivery.run(),
            self.house.room(ReceiptMint).run(),
            *(channel.run(hear) for channel in self.channels.values()),
        ]
        running = [asyncio.create_task(work) for work in works]
        try:
            await asyncio.gather(*running)
        finally:
            await self._end(running)

    async def _ring(self, rung: asyncio.Event) -> None:
        """The first bell; the others ring by themselves."""
        await asyncio.to_thread(self.quiet.is_day_off, date(2026, 1, 1))
        await self.clockwork.ring()
        rung.set()
        self.clockwork.start()

    async def _end(self, running: Sequence[asyncio.Task[None]]) -> None:
        """Lets everything come to its end before the database closes: `gather` alone would wait for the first only."""
        for task in running:
            if not task.cancelling():  # a second cancel would break off what the first one lets come to its end
                task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self.close()

    async def close(self) -> None:
        self.clockwork.stop()
        await self.house.room(Intake).close()
        for channel in self.channels.values():
            await channel.close()
        await self.opened.close()


async def open_storage(config: Config, clock: Clock, *, alone: bool = False, as_it_is: bool = False) -> Opened:
    """Opens the database and brings it to this version. `alone`: no other process may run on the data folder.

    `as_it_is`: for who only looks; raises Unusable for a database of another version.
    """
    folder = config.data_folder
    if not as_it_is:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = lock_folder(folder) if alone and not config.database.url else None
    keyring = Keyring.read(folder / KEY_FILE)
    database = open_database(config.database_url)
    if not as_it_is:
        await migrate(database)
    elif not await is_of_this_version(database):
        await database.close()
        raise Unusable("cli-other-version")
    return Opened(config, database, keyring, clock, lock)


def create_keys(folder: Path) -> None:
    """Makes the installation's key, unless there is one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / KEY_FILE).exists():
        Keyring.create(folder / KEY_FILE)


async def read_programme(opened: Opened) -> Programme:
    """The units and plans that are loaded."""
    async with opened.database.read() as work:
        units = await all_units(work)
        plans = [plan_from(body.decode(), code) for code, body in (await all_plans(work)).items()]
    province = opened.config.province
    lines = province.hotlines or _hotlines(plans)
    return Programme(province.name, opened.config.zone, units, tuple(plans), tuple(lines))


def _hotlines(plans: Sequence[Plan]) -> list[str]:
    """The first two telephone lines that the plans make public."""
    phones = [phone for plan in plans for hotline in plan.hotlines for phone in hotline.phones]
    return list(dict.fromkeys(phones))[:2]


class DaysOff:
    """Saturdays, Sundays, the public holidays of Viet Nam, and the days in config. The first question takes half a
    second (the calendar of holidays is loaded then), so it is asked in a thread before the first bell.
    """

    def __init__(self, config: Config) -> None:
        self._own = frozenset(config.province.days_off)

    def __call__(self, day: date) -> bool:
        return day.weekday() >= SATURDAY or day in self._own or day in self._public

    @cached_property
    def _public(self) -> holidays.HolidayBase:
        return holidays.country_holidays("VN")


async def put_together(opened: Opened, rooms: WebRooms, channels: Sequence[Channel], **house_values: object) -> Parts:
    """The parts around an open database, for these channels."""
    config, clock = opened.config, opened.clock
    programme = await read_programme(opened)
    conversations, outbox = Conversations(opened.keyring.day_secrets), Outbox(opened.keyring.outbox)
    by_name = {channel.name: channel for channel in channels}
    quiet = Quiet(config.zone, DaysOff(config))
    house = House(
        programme=programme,
        conversations=conversations,
        outbox=outbox,
        keyring=opened.keyring,
        clock=clock,
        chance=Chance(),
        can={name: channel.can for name, channel in by_name.items()},
        web_address=config.web_address,
        public_address=config.web.address if config.web.enabled else "",
        source_address=config.source or f"{config.web_address}/source",
        draft_silence=timedelta(hours=config.tips.draft_hours),
        notice_delay=config.tips.notice_delay,
        recordings=recordings_in(config.recordings_folder),
        rooms=citizens_rooms(opened, outbox, by_name) | desk_rooms(config, quiet.is_day_off),
    )
    house = replace(house, **house_values)  # type: ignore[arg-type]
    delivery = Delivery(opened.database, outbox, by_name, clock)
    reminders = Reminders(opened.database, outbox, programme, clock, quiet, delivery.wake)
    boards = Boards(opened.database, outbox, clock, delivery.wake)
    kept = Kept(conversations, outbox, rooms, house.room(Intake).files)
    retention = Retention(opened.database, kept, clock, config.tips.way_back_days)
    clocks = TipClocks(opened.database, outbox, clock, Rules(*clock_rows(config), quiet), delivery.wake)
    acts = {
        "reminders": reminders.ring,
        "clocks of tips": clocks.ring,
        "progress bars": boards.ring,
        "retention": retention.ring,
    }
    clockwork = Clockwork(list(acts.items()))
    turns = Turns(opened.database, house, DISPATCH, delivery.wake)
    return Parts(opened, house, rooms, turns, delivery, reminders, quiet, clockwork, by_name)
