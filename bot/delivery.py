"""Outbox -> channels. A row is `sending` before the call, and gone when the message was sent.

Each channel has a deliverer of its own: it takes out a handful in order of priority, sends them side by side (what
goes to one chat goes in order), writes down in one transaction what became of them, and takes the next. A chat that
has to wait is held: what comes for it later waits behind what waits already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

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
from bot.storage.traces import keep_traces, take_traces
from bot.tip_cards import erased

TOGETHER = 32
IDLE = timedelta(seconds=30)
LAST_CALLS = 10.0
"""Seconds that calls under way have to end in when the process is asked to stop."""
MOST_ATTEMPTS = 8
"""After so many failures that are neither the network's nor the platform's wish, a message is given up."""

_log = structlog.get_logger("tinbao.delivery")


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of one message: sent (its ref), erased (how many), or the error that says what to do."""

    taken: Taken
    ref: str = ""
    error: Exception | None = None
    erased: int = 0


class Delivery:
    """Sends what the outbox holds, for all channels that are on."""

    def __init__(self, database: Database, outbox: Outbox, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._channels = channels
        self._clock = clock
        self._news = {name: asyncio.Event() for name in channels}
        self._held: dict[tuple[str, str], datetime] = {}  # channel and address -> until when the chat waits
        self._unwritten: dict[str, list[_Fate]] = {}  # channel -> what was sent and is not written down yet

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
                if not await self._whole_round(name):
                    await self._wait(name)
            except Exception as error:  # noqa: BLE001 - storage trouble is waited out; nothing is lost
                _log.error("delivery waits", channel=name, error=type(error).__name__)
                await asyncio.sleep(1)

    async def _whole_round(self, name: str) -> int:
        """A round that is not broken off: when we are to stop, what is being sent is still written down."""
        task = asyncio.create_task(self._round(name))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=LAST_CALLS)
            task.cancel()
            await self._write_down_last(name)
            raise

    async def _write_down_last(self, name: str) -> None:
        """We stop: what was sent since the last round is written down."""
        if fates := self._unwritten.pop(name, None):
            async with self._database.work() as work:
                await self._write_down(work, fates)

    async def _wait(self, name: str) -> None:
        async with self._database.read(quick=True) as work:
            due = await self._outbox.next_at(work, name)
        longest = min(IDLE, max(due - self._clock.now(), timedelta(milliseconds=20))) if due else IDLE
        try:
            async with asyncio.timeout(longest.total_seconds()):
                await self._news[name].wait()
        except TimeoutError:
            return

    async def _round(self, name: str) -> int:
        """Writes down what became of the last handful, takes the next in the same work, and sends it."""
        fates = self._unwritten.get(name, [])
        async with self._database.work(quick=True) as work:
            await self._write_down(work, fates)
            taken, count = await self._take(work, name)
        self._unwritten.pop(name, None)
        if taken:
            self._unwritten[name] = await self._send_all(name, taken)
        return count

    async def _take(self, work: Work, name: str) -> tuple[list[Taken], int]:
        """What is to be sent now, and how many were looked at: what comes for a chat that waits is put behind."""
        now = self._clock.now()
        self._held = {chat: until for chat, until in self._held.items() if until > now}
        taken = [await _with_traced(work, one, now) for one in await self._outbox.take(work, name, now, TOGETHER)]
        for one in taken:
            if until := self._held.get((name, one.parcel.address)):
                await self._outbox.put_back(work, one.id, until)
        return [one for one in taken if (name, one.parcel.address) not in self._held], len(taken)

    async def _send_all(self, name: str, taken: Sequence[Taken]) -> list[_Fate]:
        chats: dict[str, list[Taken]] = {}
        for one in taken:
            chats.setdefault(one.parcel.address, []).append(one)
        fates = await asyncio.gather(*(self._in_order(name, row) for row in chats.values()))
        return [fate for some in fates for fate in some]

    async def _in_order(self, name: str, row: Sequence[Taken]) -> list[_Fate]:
        """Sends what goes to one chat. After one that has to wait, the others wait too; after one that has to follow
        the chat to another address, they follow as well.
        """
        fates: list[_Fate] = []
        for one in row:
            taken = _with_said(one, fates)
            before = fates[-1].error if fates else None
            if isinstance(before, TryLater | FateUnknown | ChatMoved):
                fates.append(_Fate(taken, error=_behind(before)))
            else:
                fates.append(await self._send(name, taken))
        return fates

    async def _send(self, name: str, taken: Taken) -> _Fate:
        parcel, channel = taken.parcel, self._channels[name]
        said = _marked(parcel.said) if taken.unsure and parcel.act == "say" else parcel.said
        try:
            match parcel.act:
                case "edit":
                    await channel.edit(parcel.address, parcel.ref, said)
                    return _Fate(taken, parcel.ref)
                case "erase":
                    return _Fate(taken, erased=await channel.erase(parcel.address, parcel.refs))
                case "clear":
                    return _Fate(taken, erased=await channel.clear(parcel.address))
            return _Fate(taken, await channel.say(parcel.address, said))
        except Exception as error:  # noqa: BLE001 - each kind is dealt with below, an unknown one as a failure of ours
            return _Fate(taken, error=error)

    async def _write_down(self, work: Work, fates: Sequence[_Fate]) -> None:
        done = [fate for fate in fates if fate.error is None]
        for fate in done:
            await self._tell_delivered(work, fate)
        failed = [fate for fate in fates if fate.error is not None and await self._failed(work, fate)]
        pieces = [(fate.taken.parcel, fate.ref.split(",")) for fate in done if fate.taken.parcel.act == "say"]
        said = [(parcel, ref) for parcel, refs in pieces for ref in refs]
        await keep_refs(work, [(p.channel, p.address, ref, p.said.subject) for p, ref in said if p.said.subject])
        await keep_traces(work, [(p.trace, ref) for p, ref in said if p.trace], self._clock.now())
        await self._outbox.done(work, [fate.taken.id for fate in (*done, *failed)])

    async def _failed(self, work: Work, fate: _Fate) -> bool:
        """Deals with a message that was not sent. True: it never will be."""
        taken, now = fate.taken, self._clock.now()
        match fate.error:
            case TryLater(after=seconds):
                await self._outbox.put_back(work, taken.id, self._hold(taken, now + timedelta(seconds=seconds)))
            case FateUnknown():
                await self._outbox.put_back(work, taken.id, self._hold(taken, now + timedelta(seconds=1)), unsure=True)
            case ChatMoved(address=address):
                await move_chat(work, (taken.parcel.channel, taken.parcel.address), address)
                await self._outbox.readdress(work, taken, address, now)
            case ChatLost():
                await self._lose(work, taken.parcel)
                return True
            case Refused():
                _log.error("a message was refused", channel=taken.parcel.channel)
                await self._tell_lost(work, taken.parcel)
                return True
            case error:
                _log.error("a message failed", channel=taken.parcel.channel, error=type(error).__name__)
                if taken.attempts >= MOST_ATTEMPTS:
                    await self._tell_lost(work, taken.parcel)
                    return True
                await self._outbox.put_back(work, taken.id, now + timedelta(seconds=2**taken.attempts), failed=True)
        return False

    def _hold(self, taken: Taken, until: datetime) -> datetime:
        """The chat waits until then."""
        self._held[taken.parcel.channel, taken.parcel.address] = until
        return until

    async def _tell_delivered(self, work: Work, fate: _Fate) -> None:
        parcel, now = fate.taken.parcel, self._clock.now()
        kind, _, rest = parcel.about.partition(":")
        if kind == "notice":
            notice, _, chat = rest.partition(":")
            await mark_delivered(work, notice, chat, now)
        elif kind == "erased":
            language, _, left = rest.partition(":")
            left_over = int(left) + max(0, len(parcel.refs) - fate.erased)
            said = erased(language, parcel.channel, fate.erased, left_over)
            await self._outbox.queue(
                work, [Posting(Parcel(parcel.channel, parcel.address, said), Priority.ANSWER, now)]
            )

    async def _tell_lost(self, work: Work, parcel: Parcel) -> None:
        kind, _, rest = parcel.about.partition(":")
        if kind == "erased":
            language, _, left = rest.partition(":")
            said = erased(language, parcel.channel, 0, int(left) + len(parcel.refs))
            posting = Posting(Parcel(parcel.channel, parcel.address, said), Priority.ANSWER, self._clock.now())
            await self._outbox.queue(work, [posting])
        if kind == "notice":
            notice, _, chat = rest.partition(":")
            await mark_lost(work, notice, chat, self._clock.now())

    async def _lose(self, work: Work, parcel: Parcel) -> None:
        """Marks the chat lost and tells the coordinators, once."""
        now = self._clock.now()
        await self._tell_lost(work, parcel)
        lost = await lose_chat(work, (parcel.channel, parcel.address), now)
        if lost is None:
            return
        desks = await chats_of_kind(work, ChatKind.TRIAGE)
        said = [(desk, chat_lost(desk.language, lost.title, parcel.channel)) for desk in desks]
        await self._outbox.queue(
            work, [Posting(Parcel(desk.channel, desk.address, text), Priority.REMINDER, now) for desk, text in said]
        )


async def _with_traced(work: Work, taken: Taken, now: datetime) -> Taken:
    """An erasing takes along what has been said since it was asked for: the answer that was just on its way."""
    if taken.parcel.act != "erase" or not taken.parcel.trace:
        return taken
    young, _ = await take_traces(work, taken.parcel.trace, now)
    return _erasing(taken, young)


def _with_said(taken: Taken, fates: Sequence[_Fate]) -> Taken:
    """The same for what was said right before it, in one handful."""
    trace = taken.parcel.trace
    if taken.parcel.act != "erase" or not trace:
        return taken
    return _erasing(taken, [ref for fate in fates if fate.taken.parcel.trace == trace for ref in fate.ref.split(",")])


def _erasing(taken: Taken, refs: Sequence[str]) -> Taken:
    more = tuple(dict.fromkeys((*taken.parcel.refs, *filter(None, refs))))
    return replace(taken, parcel=msgspec.structs.replace(taken.parcel, refs=more))


def _behind(before: TryLater | FateUnknown | ChatMoved) -> Exception:
    """What becomes of those behind a message that was not sent: they were not sent either, and their fate is known."""
    return TryLater(1) if isinstance(before, FateUnknown) else before


def _marked(said: Said) -> Said:
    """A message that may have been sent before says so."""
    mark = words.say("vi", "house-again")
    return msgspec.structs.replace(said, text=f"{mark} {said.text}")
