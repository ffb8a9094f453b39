"""What the tests of storage begin with: an open database, and the few people, units and plans that rows point at."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import event

from bot.domain.member import Chat, ChatKind, Member, Role
from bot.domain.unit import Level, Unit
from bot.storage.database import open_database
from bot.storage.members import add_member, put_chat
from bot.storage.units import put_plan, put_units

NOW = datetime(2026, 2, 26, 1, 0, tzinfo=UTC)
UNITS = (
    Unit("so-y-te", "Sở Y tế", Level.PROVINCE, None, ("SYT", "y te"), frozenset({"steering", "department"})),
    Unit("xa-1", "Xã Mường Bo", Level.COMMUNE, "so-y-te"),
    Unit("xa-2", "Xã Bản Hồ", Level.COMMUNE),
)
LAN = Member("lan", "Nguyễn Thị Lan", Role.OFFICER, "xa-1")
MINH = Member("minh", "Trần Văn Minh", Role.COORDINATOR)
HALL = Chat("hall", "script", "-100", ChatKind.UNIT, "Xã Mường Bo", frozenset({"xa-1"}))
DESK = Chat("desk", "script", "-200", ChatKind.TRIAGE, "Bàn trực")


@asynccontextmanager
async def opened(url: str):
    database = open_database(url)
    try:
        yield database
    finally:
        await database.close()


def whole(test: Callable) -> Callable:
    """The coroutine `test(database)` as a plain test, on a fresh database of each kind."""

    def _test(url):
        async def _run():
            async with opened(url) as database:
                await test(database)

        asyncio.run(_run())

    _test.__name__, _test.__doc__, _test.__module__ = test.__name__, test.__doc__, test.__module__
    return _test


async def at_once(database, many: int, act: Callable) -> list:
    """What `act(work)` returns for so many works, as much at the same moment as the database lets them."""

    async def _warm():
        async with database.work():
            await asyncio.sleep(0.01)

    async def _act():
        async with database.work() as work:
            return await act(work)

    await asyncio.gather(*(_warm() for _ in range(many)))
    return await asyncio.gather(*(_act() for _ in range(many)))


async def furnish(database) -> None:
    """Units, a plan, two members and two chats."""
    async with database.work() as work:
        await put_units(work, UNITS)
        await put_plan(work, "lc", b"plan", NOW)
        for member in (LAN, MINH):
            await add_member(work, member)
        for chat in (HALL, DESK):
            await put_chat(work, chat)


@asynccontextmanager
async def statements(database):
    """What is said to the database inside, word for word."""
    said: list[str] = []

    def _hear(_connection, _cursor, statement, _parameters, _context, _many):
        said.append(statement)

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", _hear)
    yield said
    event.remove(engine, "before_cursor_execute", _hear)
