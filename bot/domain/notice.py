"""Notices: a broadcast by a coordinator to many chats, with acknowledgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """`audience` are selectors of units (bot/domain/unit.py); `member` wrote it."""

    id: str
    member: str
    body: str
    audience: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """How far a notice has come, in chats. `lost` ones could not be reached."""

    chats: int
    delivered: int
    acknowledged: int
    lost: int
