"""A sample province on the web channel: a room for every unit, one for the coordinators, and a clock that is moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot import words
from bot.clock import MovableClock
from bot.domain.member import Chat, ChatKind, Member, Role
from bot.domain.programme import Programme
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.members import furnish_rooms
from bot.storage.settings import read_setting, write_setting
from bot.storage.web_rooms import UNIT_ROOM

BEGINS = datetime(2026, 2, 26, 1, 0, tzinfo=UTC)
"""Where the demo's clock begins: Thursday 26/02/2026 08:00 in Lào Cai, the plan's first busy days."""
DESK = "desk"
MOST_BELLS = 400
_AHEAD = "demo-clock-ahead"


async def demo_clock(database: Database) -> MovableClock:
    """The clock as it was left, or a new one at BEGINS."""
    async with database.work() as work:
        kept = await read_setting(work, _AHEAD)
        clock = MovableClock(timedelta(seconds=float(kept))) if kept else MovableClock.showing(BEGINS)
        await write_setting(work, _AHEAD, str(clock.ahead.total_seconds()))
    return clock


class SampleProvince:
    """The Demo of bot/channels/web/doors.py. `ring` does what is due, `next_at` says when something is due next."""

    def __init__(self, database: Database, keyring: Keyring, clock: MovableClock, programme: Programme) -> None:
        self._database = database
        self._keyring = keyring
        self._clock = clock
        self._programme = programme
        self.ring: Callable[[], Awaitable[None]] | None = None
        self.next_at: Callable[[], Awaitable[datetime | None]] | None = None

    async def furnish(self, door_key: Callable[[str], bytes]) -> None:
        """Makes the rooms, with an officer in each, and their links."""
        rows = [self._room(unit.code, unit.name, ChatKind.UNIT) for unit in self._programme.units]
        rows.append(self._room(DESK, words.say("vi", "demo-desk"), ChatKind.TRIAGE))
        async with self._database.work() as work:
            await furnish_rooms(work, "web", [(member, chat, door_key(secret)) for member, chat, secret in rows])

    def _room(self, code: str, name: str, kind: ChatKind) -> tuple[Member, Chat, str]:
        is_desk = kind is ChatKind.TRIAGE
        role = Role.COORDINATOR if is_desk else Role.OFFICER
        called = words.say("vi", "demo-coordinator" if is_desk else "demo-officer")
        member = Member(f"demo-{code}", called, role, None if is_desk else code)
        chat = Chat(f"room-{code}", "web", UNIT_ROOM + code, kind, name, frozenset() if is_desk else frozenset({code}))
        return member, chat, self.door(code)

    def units(self) -> Sequence[tuple[str, str, str]]:
        return [(unit.code, unit.name, unit.level.value) for unit in self._programme.units]

    def door(self, code: str) -> str:
        return self._keyring.rooms.pseudonym("demo door", code).hex()[:32]

    def coordinators(self) -> str:
        return self.door(DESK)

    def now(self) -> datetime:
        return self._clock.now().astimezone(self._programme.zone)

    async def move(self, to: str) -> None:
        """Moves the clock, stopping wherever something is due on the way."""
        assert self.ring is not None
        assert self.next_at is not None
        target = await self._target(to)
        rung = None
        for _ in range(MOST_BELLS):
            due = await self.next_at()
            if due is None or due >= target or due == rung:  # what waits for the end of quiet hours does not hold us up
                break
            self._clock.move_to(max(due, self._clock.now()))
            await self.ring()
            rung = due
        self._clock.move_to(max(target, self._clock.now()))
        await self.ring()
        async with self._database.work() as work:
            await write_setting(work, _AHEAD, str(self._clock.ahead.total_seconds()))

    async def _target(self, to: str) -> datetime:
        now = self.now()
        if to == "hour":
            return now + timedelta(hours=1)
        if to == "day":
            return now + timedelta(days=1)
        if to == "monday":
            monday = (now + timedelta(days=(7 - now.weekday()) % 7)).replace(hour=9, minute=0, second=0, microsecond=0)
            return monday if monday > now else monday + timedelta(days=7)
        assert self.next_at is not None
        return await self.next_at() or now + timedelta(days=1)
