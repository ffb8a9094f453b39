"""The numbers of a conversation's messages, kept so that they can be erased on the platform.

Nothing here leads to a chat: rows are found by a hash of a random name and opened with a key made from it, and the name
stands in the open conversation (sealed) and, once that is over, only in a button in the citizen's own chat. So whoever
holds the whole server, after a conversation is over, learns from these rows that there was one, and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select

from bot import chance
from bot.storage import tables
from bot.storage.database import Work
from bot.storage.seal import Vault, padded, unpadded

_T = tables.trace
_STEP = 64  # bytes: a number's length would tell old conversations from new ones
_ABOUT = b"trace"

LIVES = timedelta(hours=48)
"""Telegram erases nothing older: core.telegram.org/bots/api#deletemessages"""


def new_trace() -> str:
    """A name for one conversation's messages: 26 characters, 130 bits."""
    return chance.name()


async def keep_traces(work: Work, refs: Sequence[tuple[str, str]], now: datetime) -> None:
    """Keeps (trace, ref) for each message that was heard or said."""
    day = now.astimezone(UTC).date()
    rows = [
        {"name": _name(trace), "id": chance.token(16), "day": day, "sealed": _seal(trace, ref, now)}
        for trace, ref in refs
    ]
    if rows:
        await work.do(tables.trace.insert(), rows)


async def take_traces(work: Work, trace: str, now: datetime) -> tuple[list[str], list[str]]:
    """The refs of this conversation that can still be erased, and those that are too old; both are forgotten."""
    rows = (await work.do(select(_T.c.sealed).where(_T.c.name == _name(trace)))).scalars().all()
    await work.do(delete(_T).where(_T.c.name == _name(trace)))
    opened = sorted((_open(trace, sealed) for sealed in rows), key=lambda one: (len(one[0]), one[0]))
    return [ref for ref, at in opened if now - at < LIVES], [ref for ref, at in opened if now - at >= LIVES]


async def forget_old_traces(work: Work, now: datetime) -> None:
    """Those that nothing could be erased by any more."""
    oldest: date = (now - LIVES).astimezone(UTC).date()
    await work.do(delete(_T).where(_T.c.day < oldest))


def _name(trace: str) -> bytes:
    return sha256(b"tinbao trace " + trace.encode()).digest()


def _vault(trace: str) -> Vault:
    return Vault(sha256(b"tinbao trace key " + trace.encode()).digest())


def _seal(trace: str, ref: str, now: datetime) -> bytes:
    return _vault(trace).seal(padded(f"{int(now.timestamp())} {ref}".encode(), _STEP), _ABOUT)


def _open(trace: str, sealed: bytes) -> tuple[str, datetime]:
    at, _, ref = unpadded(_vault(trace).open(sealed, _ABOUT), _STEP).decode().partition(" ")
    return ref, datetime.fromtimestamp(int(at), UTC)
