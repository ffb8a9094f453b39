"""What came with a tip or after it: files, recordings, words, of the citizen and of the desk, each sealed by itself.

A part is staged while its conversation is open: it belongs to an id that will be a tip's when it is sent, and goes with
the conversation when it is not. Parts have random ids and know the hour only: that in which they were sent off, not
the one in which they came. A tip told across a full hour would else be known as one of the first of its hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, func, insert, select, update

from bot.domain.tip import hour_of
from bot.storage import tables
from bot.storage.database import Work
from bot.storage.tips import keep_keys

_P, _K = tables.tip_part, tables.tip_key

By = Literal["citizen", "desk"]

SHOWN = 40
"""Messages of a talk that a receipt shows, the newest."""


@dataclass(frozen=True, slots=True)
class Part:
    """A sealed part. Its body is here, or in the file store under `file`; its content is a header and bytes (see
    bot/storage/contents.py). `receipt_key`: its content key sealed to the receipt, where the receipt opens it.
    """

    id: str
    tip: str
    by: By
    hour: datetime
    keys: Mapping[str, bytes] = field(default_factory=dict)
    body: bytes | None = None
    file: str | None = None
    receipt_key: bytes | None = None
    seen: bool = False


class PartTaken(Exception):
    """There is a part with this id already."""


async def add_part(work: Work, part: Part, staged_until: datetime | None = None) -> None:
    """Keeps a part; a staged one goes when its conversation has been silent until then. Raises PartTaken."""
    if (await work.do(select(_P.c.id).where(_P.c.id == part.id))).first():
        raise PartTaken
    await work.do(
        insert(_P).values(
            id=part.id,
            tip=part.tip,
            by=part.by,
            hour=hour_of(part.hour),
            silent_at=_whole_hour(staged_until) if staged_until else None,
            seen=False,
            file=part.file,
            body=part.body,
            receipt_key=part.receipt_key,
        )
    )
    await keep_keys(work, part.tip, part.id, part.keys)


async def send_parts(work: Work, tip: str, ids: Sequence[str], now: datetime | None = None) -> int:
    """The staged parts that were sent are the tip's own now, and of this hour; returns how many are there. Others of
    it stay staged.
    """
    if not ids:
        return 0
    mine = (_P.c.tip == tip) & _P.c.id.in_(ids) & _P.c.silent_at.is_not(None)
    sent = {"silent_at": None} | ({"hour": hour_of(now)} if now else {})
    return (await work.do(update(_P).where(mine).values(sent))).rowcount


async def prolong_parts(work: Work, tip: str, until: datetime) -> None:
    """The conversation goes on: its staged parts stay as long as it does."""
    mine = (_P.c.tip == tip) & _P.c.silent_at.is_not(None)
    await work.do(update(_P).where(mine).values(silent_at=_whole_hour(until)))


async def drop_staged(work: Work, tip: str, ids: Sequence[str] | None = None) -> None:
    """What was sent along and then not sent off is gone; its files are swept up by the next tidying. `ids`: of these
    only, for a talk may be open on several devices.
    """
    mine = (_P.c.tip == tip) & _P.c.silent_at.is_not(None)
    await _drop(work, mine if ids is None else mine & _P.c.id.in_(ids))


async def drop_silent(work: Work, now: datetime) -> None:
    """The same for conversations that have fallen silent."""
    await _drop(work, _P.c.silent_at <= now)


async def _drop(work: Work, which: Any) -> None:
    gone = select(_P.c.id).where(which)
    await work.do(delete(_K).where(_K.c.part.in_(gone)))
    await work.do(delete(_P).where(which))


async def files_kept(work: Work) -> set[str]:
    """The names of all files that a part refers to."""
    return set((await work.do(select(_P.c.file).where(_P.c.file.is_not(None)))).scalars())


async def young_files(work: Work, now: datetime) -> set[str]:
    """Of these, those of parts that are staged or were sent in the hour that is running."""
    young = _P.c.silent_at.is_not(None) | (_P.c.hour >= hour_of(now))
    return set((await work.do(select(_P.c.file).where(_P.c.file.is_not(None), young))).scalars())


async def sent_parts(work: Work, tip: str, reader: str) -> list[tuple[Part, bytes]]:
    """All parts of a tip that were sealed to the reader, oldest hour first, each with the reader's sealed key."""
    found = await work.do(
        select(_P, _K.c.sealed)
        .join(_K, (_K.c.tip == _P.c.tip) & (_K.c.part == _P.c.id))
        .where(_P.c.tip == tip, _P.c.silent_at.is_(None), _K.c.reader == reader)
        .order_by(_P.c.hour, _P.c.id)
    )
    return [(_part(row), row.sealed) for row in found]


async def talk(work: Work, tip: str) -> list[Part]:
    """What a receipt opens of a tip's talk, the newest hours."""
    opened = (_P.c.tip == tip) & _P.c.silent_at.is_(None) & _P.c.receipt_key.is_not(None) & _P.c.body.is_not(None)
    found = await work.do(select(_P).where(opened).order_by(_P.c.hour.desc(), _P.c.id).limit(SHOWN))
    return [_part(row) for row in found]


async def count_parts(work: Work, tip: str) -> int:
    """How many parts a tip has, staged ones too."""
    return int((await work.do(select(func.count()).select_from(_P).where(_P.c.tip == tip))).scalar_one())


async def mark_seen(work: Work, tip: str) -> None:
    """The citizen has opened what the desk wrote."""
    await work.do(update(_P).where(_P.c.tip == tip, _P.c.by == "desk").values(seen=True))


def _part(row: Any) -> Part:
    return Part(row.id, row.tip, row.by, row.hour, {}, row.body, row.file, row.receipt_key, row.seen)


def _whole_hour(instant: datetime) -> datetime:
    """Rounded up: to the second, it would say when somebody who is telling a tip wrote last."""
    whole = hour_of(instant)
    return whole if whole == instant else whole + timedelta(hours=1)
