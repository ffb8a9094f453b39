"""Small facts that outlive a process, by name."""

from __future__ import annotations

from sqlalchemy import select

from bot.storage import tables
from bot.storage.database import Database, Work


async def read_setting(work: Work, name: str, otherwise: str = "") -> str:
    value = (await work.do(select(tables.setting.c.value).where(tables.setting.c.name == name))).scalar()
    return otherwise if value is None else str(value)


async def write_setting(work: Work, name: str, value: str) -> None:
    await work.put(tables.setting, [{"name": name, "value": value}])


class Offset:
    """Where a polling channel stands (the OffsetStore of bot/channels/channel.py)."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database = database
        self._name = f"offset:{channel}"

    async def load(self) -> int:
        async with self._database.work() as work:
            return int(await read_setting(work, self._name, "0"))

    async def save(self, offset: int) -> None:
        async with self._database.work() as work:
            await write_setting(work, self._name, str(offset))
