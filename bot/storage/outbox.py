"""The outbox: what is to be said, sealed with its address until it is sent, then gone.

Rows are numbered in the order they came, so a parcel is padded: by its length the notice of a tip would say which kind
and commune it names, and so in which order the tips came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Literal

import msgspec
from sqlalchemy import delete, func, select, update

from bot.channels.channel import Said
from bot.storage import tables
from bot.storage.database import Work
from bot.storage.seal import Vault, padded, unpadded

_T = tables.outbox
_ABOUT = b"outbox"


class Priority(IntEnum):
    """What overtakes what: the lower number goes first."""

    ANSWER = 0
    TIP = 1
    REMINDER = 2
    NOTICE = 3


class Parcel(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to do on a channel: say, put other words in the place of the message `ref`, erase the messages `refs`,
    or clear the whole chat.

    `about` is told back when it was delivered or could not be ("notice:<id>:<chat>"). `trace`: the message's number is
    kept under this name, so that it can be erased (bot/storage/traces.py).
    """

    channel: str
    address: str
    said: Said = Said("")
    act: Literal["say", "edit", "erase", "clear"] = "say"
    ref: str = ""
    about: str = ""
    trace: str = ""
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Posting:
    """A parcel, and how it is queued. `once`: while one with this key waits, a second takes its place."""

    parcel: Parcel
    priority: Priority
    not_before: datetime
    once: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A parcel taken out to be sent. `unsure`: it may have been sent before."""

    id: int
    parcel: Parcel
    priority: Priority
    attempts: int
    unsure: bool


class Outbox:
    """Queues and takes parcels. The vault's key lies outside the database."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def queue(self, work: Work, postings: Sequence[Posting]) -> None:
        """Queues them in this order."""
        rows = [
            {
                "channel": posting.parcel.channel,
                "priority": int(posting.priority),
                "queued_at": posting.not_before,
                "not_before": posting.not_before,
                "state": "waiting",
                "attempts": 0,
                "unsure": False,
                "once": posting.once,
                "sealed": self._seal(posting.parcel),
            }
            for posting in postings
        ]
        if rows:
            insert = work.insert(_T)
            await work.do(
                insert.on_conflict_do_update(index_elements=["once"], set_={"sealed": insert.excluded.sealed}), rows
            )

    async def replace(self, work: Work, once: str, parcel: Parcel) -> None:
        """Puts the parcel in the place of the one with this key, as long as that one waits."""
        waits = (_T.c.once == once) & (_T.c.state == "waiting")
        await work.do(update(_T).where(waits).values(sealed=self._seal(parcel)))

    async def waiting(self, work: Work, prefix: str) -> list[str]:
        """The keys, beginning so, of what waits to be sent."""
        found = select(_T.c.once).where(_T.c.once.startswith(prefix, autoescape=True), _T.c.state == "waiting")
        return [once for once in (await work.do(found)).scalars() if once]

    async def take(self, work: Work, channel: str, now: datetime, limit: int) -> list[Taken]:
        """Takes out what goes next on the channel: `sending` before the call, so that a crash can be told."""
        found = (
            await work.do(
                select(_T)
                .where(_T.c.state == "waiting", _T.c.channel == channel, _T.c.not_before <= now)
                .order_by(_T.c.priority, _T.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        ).all()
        if found:
            ids = [row.id for row in found]
            await work.do(update(_T).where(_T.c.id.in_(ids)).values(state="sending", once=None))
        return [
            Taken(row.id, self._open(row.sealed), Priority(row.priority), row.attempts, row.unsure) for row in found
        ]

    def _seal(self, parcel: Parcel) -> bytes:
        return self._vault.seal(padded(msgspec.json.encode(parcel)), _ABOUT)

    def _open(self, sealed: bytes) -> Parcel:
        return msgspec.json.decode(unpadded(self._vault.open(sealed, _ABOUT)), type=Parcel)

    async def done(self, work: Work, ids: Sequence[int]) -> None:
        """They were sent, or never will be: the rows are deleted."""
        if ids:
            await work.do(delete(_T).where(_T.c.id.in_(ids)))

    async def put_back(
        self, work: Work, id_: int, not_before: datetime, *, unsure: bool = False, failed: bool = False
    ) -> None:
        """It goes again, not before the instant. `failed`: that was an attempt, of which it has not many."""
        values = {"state": "waiting", "not_before": _whole_second(not_before), "attempts": _T.c.attempts + int(failed)}
        await work.do(update(_T).where(_T.c.id == id_).values(values | ({"unsure": True} if unsure else {})))

    async def readdress(self, work: Work, taken: Taken, address: str, now: datetime) -> None:
        """The chat has a new address: the parcel goes there."""
        parcel = msgspec.structs.replace(taken.parcel, address=address)
        sealed = self._seal(parcel)
        await work.do(update(_T).where(_T.c.id == taken.id).values(sealed=sealed, state="waiting", not_before=now))

    async def drop_old_answers(self, work: Work, before: datetime) -> None:
        """Answers that nobody could take for so long are dropped: one to a citizen may hold a receipt."""
        await work.do(delete(_T).where(_T.c.priority == int(Priority.ANSWER), _T.c.queued_at < before))

    async def recover(self, work: Work, now: datetime) -> int:
        """After a start: what was `sending` when the last process ended has an unknown fate and goes again, marked."""
        lost = await work.do(
            update(_T).where(_T.c.state == "sending").values(state="waiting", unsure=True, not_before=now)
        )
        return lost.rowcount

    async def next_at(self, work: Work, channel: str) -> datetime | None:
        """When the next waiting parcel of the channel may go."""
        earliest = select(func.min(_T.c.not_before)).where(_T.c.state == "waiting", _T.c.channel == channel)
        instant: datetime | None = (await work.do(earliest)).scalar_one()
        return instant


def _whole_second(instant: datetime) -> datetime:
    """Instants are kept as whole seconds; a wait that a platform asked for is rounded up, never down."""
    return instant + timedelta(microseconds=-instant.microsecond % 1_000_000)
