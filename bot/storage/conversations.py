"""What a conversation is kept as between two messages: a sealed form, found by a keyed hash of who speaks where.

The hash and the seal come from a secret of the day that is destroyed after 48 hours (docs/design.md, section 7); a
conversation that goes on past midnight moves to the new day's secret with its next message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select

from bot import chance
from bot.storage import tables
from bot.storage.database import Work
from bot.storage.keys import DaySecrets, expired, needed
from bot.storage.seal import KEY_LENGTH, Vault

Who = tuple[str, str, str]
"""Channel, chat and sender."""
Key = tuple[str, str]
"""A channel, and the platform's own number of a delivery on it."""

_CONTENT = b"conversation"


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation's content as its flow left it; it is erased when it falls silent until `silent_at`."""

    who: Who
    content: bytes
    silent_at: datetime


class Conversations:
    """Finds, keeps and forgets conversations; `vault` seals the secrets of the days."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._held: dict[date, bytes] = {}
        self._secrets = DaySecrets({})

    async def prepare(self, work: Work, now: datetime) -> None:
        """Sees to it that the secrets of today and yesterday are at hand; makes today's when it is the first.

        A secret that this very work makes is not held longer than the work: it may still be undone.
        """
        days = needed(now)
        if set(days) == set(self._held):
            return
        found = await self._read(work, days)
        if set(found) == set(days):
            self._held = found
        else:
            await self._make(work, days)
            found = await self._read(work, days)
        self._secrets = DaySecrets(found)

    async def _read(self, work: Work, days: Sequence[date]) -> dict[date, bytes]:
        found = await work.do(select(tables.day_secret).where(tables.day_secret.c.day.in_(days)))
        return {row.day: self._vault.open(row.sealed, row.day.isoformat().encode()) for row in found}

    async def _make(self, work: Work, days: Sequence[date]) -> None:
        fresh = [
            {"day": day, "sealed": self._vault.seal(chance.token(KEY_LENGTH), day.isoformat().encode())} for day in days
        ]
        await work.do(work.insert(tables.day_secret).on_conflict_do_nothing(), fresh)

    async def heard_before(self, work: Work, keys: Sequence[Key], now: datetime) -> set[Key]:
        """Which of the platform's keys (channel, key) have been written down, today or yesterday."""
        hashed = {self._secrets.pseudonym(day, "heard", *key): key for key in keys for day in needed(now)}
        found = await work.do(select(tables.heard.c.key).where(tables.heard.c.key.in_(list(hashed))))
        return {hashed[row.key] for row in found}

    async def write_heard(self, work: Work, keys: Sequence[Key], now: datetime) -> None:
        """Writes the keys down. Where another process was first, the whole work fails: no input takes effect twice."""
        today, _ = needed(now)
        rows = [{"key": self._secrets.pseudonym(today, "heard", *key), "day": today} for key in keys]
        if rows:
            await work.do(insert(tables.heard), rows)

    async def find(self, work: Work, people: Iterable[Who], now: datetime) -> dict[Who, bytes]:
        """The open conversations of these people. On PostgreSQL their rows stay locked, in the order of their keys."""
        today, yesterday = needed(now)
        keys = {self._secrets.address(day, *who): (day, who) for who in people for day in (yesterday, today)}
        table = tables.conversation
        asked = select(table).where(table.c.id.in_(sorted(keys)), table.c.silent_at > now).order_by(table.c.id)
        found = {}
        for row in await work.do(asked.with_for_update()):
            day, who = keys[row.id]
            found[who] = self._secrets.vault(day, *who).open(row.sealed, _CONTENT)
        return found

    async def keep(self, work: Work, kept: Sequence[Kept], now: datetime) -> None:
        """Keeps the conversations under today's secret."""
        if not kept:
            return
        today, yesterday = needed(now)
        rows = [
            {
                "id": self._secrets.address(today, *one.who),
                "day": today,
                "sealed": self._secrets.vault(today, *one.who).seal(one.content, _CONTENT),
                "silent_at": _next_hour(one.silent_at),
            }
            for one in kept
        ]
        await work.put(tables.conversation, rows)
        await self._forget(work, [one.who for one in kept], (yesterday,))

    async def forget(self, work: Work, people: Sequence[Who], now: datetime) -> None:
        """Forgets the conversations of these people."""
        await self._forget(work, people, needed(now))

    async def _forget(self, work: Work, people: Sequence[Who], days: Iterable[date]) -> None:
        ids = [self._secrets.address(day, *who) for who in people for day in days]
        if ids:
            await work.do(delete(tables.conversation).where(tables.conversation.c.id.in_(ids)))

    async def destroy_old(self, work: Work, now: datetime) -> None:
        """Destroys the secrets that have lived 48 hours, and all that was kept under them or has fallen silent."""
        days = (await work.do(select(tables.day_secret.c.day))).scalars().all()
        old = sorted(expired(days, now))
        if old:
            await work.do(delete(tables.day_secret).where(tables.day_secret.c.day.in_(old)))
        oldest = needed(now)[1]
        await work.do(delete(tables.heard).where(tables.heard.c.day < oldest))
        gone = (tables.conversation.c.day < oldest) | (tables.conversation.c.silent_at <= now)
        await work.do(delete(tables.conversation).where(gone))
        if not set(self._held) <= set(needed(now)):
            self._held, self._secrets = {}, DaySecrets({})
        await self.prepare(work, now)


def _next_hour(instant: datetime) -> datetime:
    """Silence is kept to the hour, so that a row says nothing finer of when somebody spoke."""
    return instant.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
