"""Who may enter which room, and what the demo page needs: asked for here, given by whoever builds the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Move = Literal["hour", "day", "monday", "due"]
"""How far the demo's clock is moved: an hour, a day, to Monday 09:00, to the next due instant."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a personal link opens: the room's address, who speaks there, their name, the room's title.

    A room's address never begins with "c.": these are the citizens' own.
    """

    room: str
    sender: str
    name: str
    title: str


class Doors(Protocol):
    """The personal links (`/r/<secret>`) of officers and coordinators."""

    async def open(self, secret: str) -> Door | None:
        """What this secret opens; None, after the same time, for one that opens nothing."""


class Demo(Protocol):
    """The sample province: whose rooms can be shown, and a clock that can be moved."""

    def units(self) -> Sequence[tuple[str, str, str]]:
        """(code, name, level) of every unit; level is "province" or "commune"."""

    def door(self, code: str) -> str:
        """The secret of the link to that unit's room."""

    def coordinators(self) -> str:
        """The secret of the link to the coordinators' room."""

    def now(self) -> datetime:
        """The demo's time, with a time zone."""

    async def move(self, to: Move) -> None:
        """Moves the clock and returns when what falls due by then has been queued."""
