"""Outbox -> channels. A row is `sending` before the call, and gone when the message was sent.

Each channel has a deliverer of its own: it takes out a handful in order of priority, sends them side by side (what
goes to one chat goes in order), writes down in one transaction what became of them, and takes the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import structlog

from bot import words
from bot.cards import chat_lost
from bot.channels.channel import Channel, ChatLost, ChatMoved, FateUnknown, Refused, Said, TryLater
from bot.clock import Clock
from bot.domain.member import ChatKind
from bot.storage.database import Database, Work
from bot.storage.members import chats_of_kind, keep_refs, lose_chat, move_chat
from bot.storage.notices import mark_delivered, mark_lost
from bot.storage.outbox import Outbox, Parcel, Posting, Priority, Taken

TOGETHER = 32
IDLE = timedelta(seconds=30)
MOST_ATTEMPTS = 8
"""After so many failures that are neither the network's nor the platform's wish, a message is given up."""

_log = structlog.get_logger("tinbao.delivery")


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of one message: sent (its ref), or the error that says what to do."""

    taken: Taken
    ref: str = ""
    error: Exception | None = None


class Delivery:
    """Sends what the outbox holds, for all channels that are on."""

    def __init__(self, database: Database, outbox: Outbox, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._channels = channels
        self._clock = clock
        self._news = {name: asyncio.Event() for name in channels}
        self.when_delivered: Callable[[], None] = lambda: None

    def wake(self) -> None:
        """There is something new in the outbox."""
        for news in self._news.values():
            news.set()

    async def run(self) -> None:
        """Delivers until cancelled. What was `sending` when the last process ended goes again, marked."""
        async with self._database.work() as work:
            await self._outbox.recover(work, self._clock.now())
        await asyncio.gather(*(self._deliver(name) for name in self._channels))

    async def settle(self) -> None:
        """Sends all that is due now and returns: for the script channel and simulations."""
        for name in self._channels:
            while await self._round(name):
                pass

    async def _deliver(self, name: str) -> None:
        while True:
            self._news[name].clear()
            try:
                sent = await self._round(name)
            except Exception as error:  # noqa: BLE001 - storage trouble is waited out; nothing is lost
                _log.error("delivery waits", channel=name, error=type(error).__name__)
                await asyncio.sleep(1)
                continue
            if not sent:
                await self._wait(name)

    async def _wait(self, name: str) -> None:
        async with self._database.work() as work:
            due = await self._outbox.next_at(work, name)
        longest = min(IDLE, max(due - self._clock.now(), timedelta(milliseconds=20))) if due else IDLE
        try:
            async with asyncio.timeout(longest.total_seconds()):
                await self._news[name].wait()
        except TimeoutError:
            return

    async def _round(self, name: str) -> int:
        async with self._database.work() as work:
            taken = await self._outbox.take(work, name, self._clock.now(), TOGETHER)
        if not taken:
            return 0
        chats: dict[str, list[Taken]] = {}
        for one in taken:
            chats.setdefault(one.parcel.address, []).append(one)
        fates = await asyncio.gather(*(self._in_order(name, row) for row in chats.values()))
        async with self._database.work() as work:
            await self._write_down(work, [fate for some in fates for fate in some])
        self.when_delivered()
        return len(taken)

    async def _in_order(self, name: str, row: Sequence[Taken]) -> list[_Fate]:
        """Sends what goes to one chat. After one that has to wait, the others wait too."""
        fates: list[_Fate] = []
        for taken in row:
            if fates and isinstance(fates[-1].error, TryLater | FateUnknown | ChatMoved):
                fates.append(_Fate(taken, error=_wait_too(fates[-1].error)))
                continue
            fates.append(await self._send(name, taken))
        return fates

    async def _send(self, name: str, taken: Taken) -> _Fate:
        parcel = taken.parcel
        said = _marked(parcel.said) if taken.unsure and parcel.act == "say" else parcel.said
        try:
            if parcel.act == "edit":
                await self._channels[name].edit(parcel.address, parcel.ref, said)
                return _Fate(taken, parcel.ref)
            return _Fate(taken, await self._channels[name].say(parcel.address, said))
        except Exception as error:  # noqa: BLE001 - each kind is dealt with below, an unknown one as a failure of ours
            return _Fate(taken, error=error)

    async def _write_down(self, work: Work, fates: Sequence[_Fate]) -> None:
        gone: list[int] = []
        refs = []
        for fate in fates:
            if fate.error is None:
                gone.append(fate.taken.id)
                if subject := fate.taken.parcel.said.subject:
                    refs.append((fate.taken.parcel.channel, fate.taken.parcel.address, fate.ref, subject))
                await self._tell_delivered(work, fate.taken.parcel)
            elif await self._failed(work, fate):
                gone.append(fate.taken.id)
        await keep_refs(work, refs)
        await self._outbox.done(work, gone)

    async def _failed(self, work: Work, fate: _Fate) -> bool:
        """Deals with a message that was not sent. True: it never will be."""
        taken, now = fate.taken, self._clock.now()
        match fate.error:
            case TryLater(after=seconds):
                await self._outbox.put_back(work, taken.id, now + timedelta(seconds=seconds))
            case FateUnknown():
                await self._outbox.put_back(work, taken.id, now + timedelta(seconds=1), unsure=True)
            case ChatMoved(address=address):
                await move_chat(work, (taken.parcel.channel, taken.parcel.address), address)
                await self._outbox.readdress(work, taken, address, now)
            case ChatLost():
                await self._lose(work, taken.parcel)
                return True
            case Refused():
                _log.error("a message was refused", channel=taken.parcel.channel)
                return True
            case error:
                _log.error("a message failed", channel=taken.parcel.channel, error=type(error).__name__)
                if taken.attempts >= MOST_ATTEMPTS:
                    return True
                await self._outbox.put_back(work, taken.id, now + timedelta(seconds=2**taken.attempts), failed=True)
        return False

    async def _tell_delivered(self, work: Work, parcel: Parcel) -> None:
        kind, _, rest = parcel.about.partition(":")
        if kind == "notice":
            notice, _, chat = rest.partition(":")
            await mark_delivered(work, notice, chat, self._clock.now())

    async def _lose(self, work: Work, parcel: Parcel) -> None:
        """Marks the chat lost and tells the coordinators, once."""
        now = self._clock.now()
        if parcel.about.startswith("notice:"):
            _, notice, chat = parcel.about.split(":", 2)
            await mark_lost(work, notice, chat, now)
        lost = await lose_chat(work, (parcel.channel, parcel.address), now)
        if lost is None:
            return
        desks = await chats_of_kind(work, ChatKind.TRIAGE)
        said = [(desk, chat_lost(desk.language, lost.title, parcel.channel)) for desk in desks]
        await self._outbox.queue(
            work, [Posting(Parcel(desk.channel, desk.address, text), Priority.REMINDER, now) for desk, text in said]
        )


def _wait_too(error: Exception | None) -> TryLater:
    """Those behind a message that waits, wait as long, and were not sent."""
    return TryLater(error.after if isinstance(error, TryLater) else 1)


def _marked(said: Said) -> Said:
    """A message that may have been sent before says so."""
    mark = words.say("vi", "house-again")
    return msgspec.structs.replace(said, text=f"{mark} {said.text}")
