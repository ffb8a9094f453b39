"""The audit log: every act of a member, each row chained to the one before by a hash. Never what a tip says."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime

import msgspec
from sqlalchemy import insert, select, text

from bot.storage import tables
from bot.storage.database import Work

_START = b"\0" * 32


async def write_audit(work: Work, now: datetime, who: str, act: str, about: str = "") -> None:
    """Writes down that the member `who` did `act` ("notice.send") about something ("notice:…")."""
    if work.is_postgresql:  # the chain has one end: writers wait for one another
        await work.do(text("SELECT pg_advisory_xact_lock(7427)"))
    last = (await work.do(select(tables.audit.c.chain).order_by(tables.audit.c.id.desc()).limit(1))).scalar()
    chain = _chain(last or _START, now, who, act, about)
    await work.do(insert(tables.audit).values(at=now, who=who, act=act, about=about, chain=chain))


def _chain(before: bytes, at: datetime, who: str, act: str, about: str) -> bytes:
    return hashlib.sha256(before + msgspec.json.encode([int(at.timestamp()), who, act, about])).digest()


async def broken_link(work: Work) -> int | None:
    """The id of the first row whose hash does not follow from the rows before it; None: the log is whole."""
    before = _START
    for row in await work.do(select(tables.audit).order_by(tables.audit.c.id)):
        if row.chain != _chain(before, row.at, row.who, row.act, row.about):
            return int(row.id)
        before = row.chain
    return None


async def read_audit(work: Work) -> AsyncIterator[tuple[datetime, str, str, str]]:
    """Every row, the oldest first: when, who, what, about."""
    for row in await work.do(select(tables.audit).order_by(tables.audit.c.id)):
        yield row.at, row.who, row.act, row.about
