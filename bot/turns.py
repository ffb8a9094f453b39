"""Heard -> said. Turns that wait together are done together, in one transaction; a lone turn waits for nobody.

Up to 64 turns, at most one of a conversation, share the statements that read and write keys, speakers, conversations
and the outbox. An act with effects of its own runs in a savepoint, so that a bad one fails alone; a batch that fails
as a whole is done again one by one. `hear` returns after the commit: only then may a channel acknowledge.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import msgspec
import structlog

from bot import words
from bot.channels.channel import Heard
from bot.conversation import Form
from bot.doing import Doing
from bot.domain.limits import Pace, Slow
from bot.domain.member import Chat, Member
from bot.senders import SenderHashes
from bot.storage.conversations import Kept, Who
from bot.storage.database import Database, Work
from bot.storage.members import Address, chats_at, members_at, move_chat, subjects
from bot.storage.traces import keep_traces, new_trace
from bot.turn import Dispatch, House, Later, Turn, who

MOST_TOGETHER = 64


_log = structlog.get_logger("tinbao.turns")

Waiting: TypeAlias = tuple[Heard, "asyncio.Future[None]"]


@dataclass(frozen=True, slots=True)
class _Scene:
    """Who speaks where, for all turns of a batch, read by one statement each."""

    members: dict[Address, Member]
    chats: dict[Address, Chat]
    about: dict[tuple[str, str, str], str]
    forms: dict[Who, bytes]

    def turn(self, house: House, work: Work, heard: Heard, now: datetime, flows: Container[str]) -> Turn:
        content = self.forms.get(who(heard))
        form = _read_form(content, flows) if content else None
        member = self.members.get((heard.channel, heard.sender))
        can = house.can[heard.channel]
        is_traced = heard.private and member is None and can.erase and not can.clears
        language = form.language if form else member.language if member else words.known(heard.language)
        return Turn(
            house=house,
            work=work,
            heard=heard,
            now=now,
            member=member,
            place=self.chats.get((heard.channel, heard.chat)),
            subject=self.about.get((heard.channel, heard.chat, heard.reply_to), ""),
            form=form,
            language=language,
            trace=(form.trace if form else "") or (new_trace() if is_traced else ""),
            had_form=content is not None,
        )


class Turns:
    """Hears for all channels."""

    def __init__(self, database: Database, house: House, dispatch: Dispatch, wake: Callable[[], None]) -> None:
        self._database = database
        self._house = house
        self._flows = dispatch.flows
        self._doing = Doing(dispatch)
        self._wake = wake
        self._pace = Pace()
        self._hashes = SenderHashes(house.chance.token)
        self._slow: dict[int, Slow] = {}
        self._waiting: deque[Waiting] = deque()
        self._busy: set[Who] = set()
        self._worker: asyncio.Task[None] | None = None
        self._preparing: set[asyncio.Task[None]] = set()

    async def hear(self, heard: Heard) -> None:
        """Returns when what was heard is committed. Raises what storage raised: then it was not.

        Who writes too fast is told so once, and what comes then is not taken (bot/domain/limits.py).
        """
        now = self._house.clock.now()
        slow = self._pace.take(now, self._hashes.of_hour(heard, now))
        if slow is not None and not slow.first:
            return
        if slow is not None:
            self._slow[id(heard)] = slow
        try:
            await self._heard(heard)
        finally:
            self._slow.pop(id(heard), None)

    async def _heard(self, heard: Heard) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((heard, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work_off())
        await future

    async def _work_off(self) -> None:
        while batch := self._next_batch():
            try:
                await self._do(batch)
            except Exception as error:  # noqa: BLE001 - told to the channel, or the turns are done one by one
                if len(batch) == 1:
                    _fail(batch, error)
                    continue
                _log.warning("a batch failed; its turns are done one by one", error=type(error).__name__)
                for one in batch:
                    await self._alone(one)

    async def _alone(self, one: Waiting) -> None:
        try:
            await self._do([one])
        except Exception as error:  # noqa: BLE001 - told to the channel, which does not acknowledge
            _fail([one], error)

    def _next_batch(self) -> list[Waiting]:
        batch: list[Waiting] = []
        rest: deque[Waiting] = deque()
        people = set(self._busy)
        while self._waiting and len(batch) < MOST_TOGETHER:
            heard, future = self._waiting.popleft()
            if who(heard) in people:
                rest.append((heard, future))
            else:
                batch.append((heard, future))
            people.add(who(heard))
        rest.extend(self._waiting)
        self._waiting = rest
        return batch

    async def _do(self, batch: Sequence[Waiting]) -> None:
        later: dict[int, Later] = {}
        now = self._house.clock.now()  # one instant for the whole batch, though midnight passes meanwhile
        async with self._database.work(quick=True) as work:
            fresh = await self._fresh(work, [heard for heard, _ in batch], now)
            scene = await self._scene(work, fresh, now)
            done = []
            for heard in fresh:
                turn = scene.turn(self._house, work, heard, now, self._flows)
                turn.sender_hash, turn.sender_day = self._hashes.of_hour(heard, now), self._hashes.of_day(heard, now)
                try:
                    await self._doing.take(turn, self._slow.get(id(heard)))
                    done.append(turn)
                except Later as wish:
                    later[id(heard)] = wish
            await self._write_down(work, done, now)
        self._wake()
        for heard, future in batch:
            if id(heard) in later:
                self._prepare((heard, future), later[id(heard)])
            elif not future.done():
                future.set_result(None)

    async def _fresh(self, work: Work, batch: Sequence[Heard], now: datetime) -> list[Heard]:
        """What has not been heard before, each key once."""
        conversations = self._house.conversations
        await conversations.prepare(work, now)
        by_key = {(heard.channel, heard.key): heard for heard in batch}
        before = await conversations.heard_before(work, list(by_key), now)
        return [heard for key, heard in by_key.items() if key not in before]

    def _prepare(self, one: Waiting, wish: Later) -> None:
        """Awaits what the turn needs, beside the others; nobody overtakes it in its own conversation."""
        self._busy.add(who(one[0]))

        async def _then_again() -> None:
            try:
                await wish.prepare()
                self._waiting.appendleft(one)
            except Exception as error:  # noqa: BLE001 - told to the channel, which does not acknowledge
                _fail([one], error)
            self._busy.discard(who(one[0]))
            if self._worker is None or self._worker.done():
                self._worker = asyncio.create_task(self._work_off())

        task = asyncio.create_task(_then_again())
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def _scene(self, work: Work, fresh: Sequence[Heard], now: datetime) -> _Scene:
        for heard in fresh:
            if heard.moved_to:
                await move_chat(work, (heard.channel, heard.chat), heard.moved_to)
        # what a button stands under is told by the button
        replies = [(h.channel, h.chat, h.reply_to) for h in fresh if h.reply_to and not h.choice]
        return _Scene(
            await members_at(work, [(h.channel, h.sender) for h in fresh]),
            await chats_at(work, [(h.channel, h.chat) for h in fresh]),
            await subjects(work, replies),
            await self._house.conversations.find(work, [who(h) for h in fresh], now),
        )

    async def _write_down(self, work: Work, turns: Sequence[Turn], now: datetime) -> None:
        house = self._house
        silent_at = now + house.draft_silence
        await house.conversations.write_heard(work, [(t.heard.channel, t.heard.key) for t in turns], now)
        traced = [turn for turn in turns if turn.trace and turn.heard.ref]
        await keep_traces(work, [(turn.trace, ref) for turn in traced for ref in turn.heard.ref.split(",")], now)
        kept = [Kept(turn.who, msgspec.json.encode(turn.form), silent_at) for turn in turns if turn.form is not None]
        await house.conversations.keep(work, kept, now)
        await house.conversations.forget(work, [turn.who for turn in turns if turn.had_form and turn.form is None], now)
        await house.outbox.queue(work, [posting for turn in turns for posting in turn.postings])


def _read_form(content: bytes, flows: Container[str]) -> Form | None:
    """An open form; None for one of another version that can't be read any more: its person begins anew."""
    try:
        form = msgspec.json.decode(content, type=Form)
    except msgspec.MsgspecError:
        return None
    return form if form.flow in flows else None


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
