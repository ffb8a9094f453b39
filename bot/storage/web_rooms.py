"""The messages that stand in the web's rooms (the WebStore of bot/channels/channel.py).

A citizen's room is named by the secret of a cookie: kept are a hash of it, and messages sealed under a key made from
it, so that what lies in the database opens for nobody but the holder of the cookie. A unit's room (its address begins
with "room:") is sealed under the installation's key.

Messages are numbered in their order and padded, so that the length of a tip's notice on the desk does not say which tip
it tells of, nor those of a citizen's answers which tip came of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from sqlalchemy import delete, select, update

from bot.channels.channel import Posted, Said
from bot.clock import Clock
from bot.storage import tables
from bot.storage.database import Database, Work
from bot.storage.seal import Vault, padded, unpadded

_ROOM, _MESSAGE = tables.web_room, tables.web_message
_ABOUT = b"web message"
_STEP = 512  # bytes; sealed, such a message still fits into a page of SQLite with others
_SHOWN = 200

UNIT_ROOM = "room:"


class _Written(msgspec.Struct, frozen=True):
    ours: bool
    said: Said


class WebRooms:
    """Posts, replaces, reads and clears. A citizen's room is forgotten `silence` after its last message."""

    def __init__(
        self, database: Database, vault: Vault, clock: Clock, silence: timedelta = timedelta(hours=24)
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._silence = silence

    async def post(self, room: str, said: Said, *, ours: bool) -> str:
        key, vault = self._open(room)
        async with self._database.work() as work:
            row = {"room": key, "last": 1, "changes": 1, "silent_at": self._silent_at(room)}
            counted = await work.do(
                work.insert(_ROOM)
                .values(row)
                .on_conflict_do_update(
                    _ROOM.primary_key,
                    set_={
                        "last": _ROOM.c.last + 1,
                        "changes": _ROOM.c.changes + 1,
                        "silent_at": row["silent_at"],
                    },
                )
                .returning(_ROOM.c.last)
            )
            number: int = counted.scalar_one()
            sealed = _sealed(vault, number, _Written(ours, said))
            await work.put(_MESSAGE, [{"room": key, "number": number, "sealed": sealed}])
        return str(number)

    async def replace(self, room: str, ref: str, said: Said) -> None:
        key, vault = self._open(room)
        sealed = _sealed(vault, int(ref), _Written(ours=True, said=said))
        async with self._database.work() as work:
            where = (_MESSAGE.c.room == key) & (_MESSAGE.c.number == int(ref))
            await work.do(update(_MESSAGE).where(where).values(sealed=sealed))
            await self._changed(work, key)

    async def read(self, room: str, *, after: str = "0") -> list[Posted]:
        key, vault = self._open(room)
        newest = (
            select(_MESSAGE)
            .where(_MESSAGE.c.room == key, _MESSAGE.c.number > int(after))
            .order_by(_MESSAGE.c.number.desc())
            .limit(_SHOWN)
        )
        async with self._database.read() as work:
            rows = (await work.do(newest)).all()
        return [_posted(row.number, vault.open(row.sealed, _about(row.number))) for row in reversed(rows)]

    async def changed(self, room: str, *, since: int) -> int:  # noqa: ARG002 - a store that can wait may wait
        key, _ = self._open(room)
        async with self._database.read(quick=True) as work:
            count: int | None = (await work.do(select(_ROOM.c.changes).where(_ROOM.c.room == key))).scalar()
        return count or 0

    async def clear(self, room: str) -> int:
        key, _ = self._open(room)
        async with self._database.work() as work:
            gone = await work.do(delete(_MESSAGE).where(_MESSAGE.c.room == key))
            await self._changed(work, key)
        return gone.rowcount

    async def forget_silent(self, work: Work, now: datetime) -> None:
        """Forgets the citizens' rooms that have fallen silent."""
        silent = select(_ROOM.c.room).where(_ROOM.c.silent_at <= now)
        await work.do(delete(_MESSAGE).where(_MESSAGE.c.room.in_(silent)))
        await work.do(delete(_ROOM).where(_ROOM.c.silent_at <= now))

    async def _changed(self, work: Work, key: bytes) -> None:
        await work.do(update(_ROOM).where(_ROOM.c.room == key).values(changes=_ROOM.c.changes + 1))

    def _open(self, room: str) -> tuple[bytes, Vault]:
        if room.startswith(UNIT_ROOM):
            return self._vault.pseudonym("room", room), self._vault.derive(room)
        return sha256(b"tinbao web room " + room.encode()).digest(), Vault(
            sha256(b"tinbao web key " + room.encode()).digest()
        )

    def _silent_at(self, room: str) -> datetime | None:
        if room.startswith(UNIT_ROOM):
            return None
        hour = self._clock.now().replace(minute=0, second=0, microsecond=0)
        return hour + self._silence + timedelta(hours=1)


def _about(number: int) -> bytes:
    return _ABOUT + number.to_bytes(8, "big")


def _sealed(vault: Vault, number: int, written: _Written) -> bytes:
    return vault.seal(padded(msgspec.json.encode(written), _STEP), _about(number))


def _posted(number: int, plain: bytes) -> Posted:
    written = msgspec.json.decode(unpadded(plain, _STEP), type=_Written)
    return Posted(str(number), written.ours, written.said)
