"""Who wants the province's public warnings: chats, sealed under a key of their own, that nothing joins with tips."""

from __future__ import annotations

import msgspec
from sqlalchemy import delete, func, select

from bot.storage import tables
from bot.storage.database import Work
from bot.storage.seal import Vault, padded, unpadded

_S = tables.subscriber
_STEP = 256


class Subscriber(msgspec.Struct, frozen=True):
    """A chat that wants warnings, and the language it speaks."""

    channel: str
    chat: str
    language: str


class Subscribers:
    """`vault` lies outside the database: without it the list says only how long it is."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def add(self, work: Work, one: Subscriber) -> None:
        key = self._key(one.channel, one.chat)
        sealed = self._vault.seal(padded(msgspec.json.encode(one), _STEP), key)
        await work.put(_S, [{"id": key, "sealed": sealed}])

    async def remove(self, work: Work, channel: str, chat: str) -> bool:
        """False: it was not on the list."""
        gone = await work.do(delete(_S).where(_S.c.id == self._key(channel, chat)))
        return bool(gone.rowcount)

    async def has(self, work: Work, channel: str, chat: str) -> bool:
        return (await work.do(select(_S.c.id).where(_S.c.id == self._key(channel, chat)))).first() is not None

    async def all(self, work: Work) -> list[Subscriber]:
        rows = await work.do(select(_S))
        return [
            msgspec.json.decode(unpadded(self._vault.open(row.sealed, row.id), _STEP), type=Subscriber) for row in rows
        ]

    async def count(self, work: Work) -> int:
        return int((await work.do(select(func.count()).select_from(_S))).scalar_one())

    def _key(self, channel: str, chat: str) -> bytes:
        return self._vault.pseudonym("subscriber", channel, chat)
