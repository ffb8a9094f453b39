"""The communes of the country, as conversations pick from them and cards name them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot import words
from bot.finding import prepared
from bot.talk.step import Option
from bot.turn import Turn


@dataclass(slots=True)
class CommuneList:
    """The communes to pick from, made once, those of the own province first; and how a position becomes some."""

    options: Sequence[Option]
    near: Callable[[float, float], Sequence[str]] | None = None
    names: dict[str, str] = field(default_factory=dict)
    is_ready: bool = False

    async def get_ready(self) -> None:
        """Prepares for finding them by what somebody types: part of a second, once, when the first tip is begun."""
        await asyncio.to_thread(prepared, self.options, words.LANGUAGES[0])
        self.is_ready = True


def commune_name(turn: Turn, code: str) -> str:
    """Its name; "" where it is not known."""
    return turn.house.room(CommuneList).names.get(code, turn.house.programme.unit_name(code)) if code else ""
