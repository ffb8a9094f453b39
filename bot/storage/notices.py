"""Notices and the ledger of who got them and who said so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, literal, select, update

from bot.domain.notice import Ledger, Notice
from bot.storage import tables
from bot.storage.database import Work

_N, _R = tables.notice, tables.notice_recipient


async def add_notice(work: Work, notice: Notice, chats: Iterable[str]) -> None:
    """Keeps a notice and the chats (ids) that it goes to."""
    row = {
        "id": notice.id,
        "member": notice.member,
        "body": notice.body,
        "audience": msgspec.json.encode(notice.audience).decode(),
        "made_at": notice.made_at,
        "board": "",
    }
    await work.put(_N, [row])
    await work.put(_R, [{"notice": notice.id, "chat": chat} for chat in chats])


async def find_notice(work: Work, id_: str) -> Notice | None:
    row = (await work.do(select(_N).where(_N.c.id == id_))).first()
    if row is None:
        return None
    return Notice(row.id, row.member, row.body, tuple(msgspec.json.decode(row.audience)), row.made_at)


async def mark_delivered(work: Work, notice: str, chat: str, now: datetime) -> None:
    await work.do(update(_R).where(_R.c.notice == notice, _R.c.chat == chat).values(delivered_at=now))


async def mark_lost(work: Work, notice: str, chat: str, now: datetime) -> None:
    await work.do(update(_R).where(_R.c.notice == notice, _R.c.chat == chat).values(lost_at=now))


async def acknowledge(work: Work, notice: str, chat: str, member: str | None, now: datetime) -> bool | None:
    """Notes that the chat has it. False: it had said so before; None: the notice never went to this chat."""
    to = (_R.c.notice == notice) & (_R.c.chat == chat)
    delivered = func.coalesce(_R.c.delivered_at, literal(now, tables.Instant()))
    seen = {"acknowledged_at": now, "acknowledged_by": member, "delivered_at": delivered}
    said = await work.do(update(_R).where(to, _R.c.acknowledged_at.is_(None)).values(seen))
    if said.rowcount:
        return True
    return None if (await work.do(select(_R.c.chat).where(to))).first() is None else False


async def ledger(work: Work, notice: str) -> Ledger:
    """How far the notice has come."""
    counts = select(
        func.count(), func.count(_R.c.delivered_at), func.count(_R.c.acknowledged_at), func.count(_R.c.lost_at)
    ).where(_R.c.notice == notice)
    row: Any = (await work.do(counts)).one()
    return Ledger(*row)


async def missing(work: Work, notice: str) -> list[str]:
    """The chats (ids) that have not acknowledged."""
    found = await work.do(
        select(_R.c.chat).where(_R.c.notice == notice, _R.c.acknowledged_at.is_(None)).order_by(_R.c.chat)
    )
    return [row.chat for row in found]


async def boards(work: Work, since: datetime) -> dict[str, str]:
    """The notices made after `since`, and what their progress bars last showed."""
    found = await work.do(select(_N.c.id, _N.c.board).where(_N.c.made_at >= since))
    return {row.id: row.board for row in found}


async def show_board(work: Work, notice: str, board: str) -> None:
    await work.do(update(_N).where(_N.c.id == notice).values(board=board))
