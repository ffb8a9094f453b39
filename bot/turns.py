"""Heard -> said. Turns that wait together are done together, in one transaction; a lone turn waits for nobody.

Up to 64 turns, at most one of a conversation, share the statements that read and write keys, speakers, conversations
and the outbox. An act with effects of its own runs in a savepoint, so that a bad one fails alone; a batch that fails
as a whole is done again one by one. `hear` returns after the commit: only then may a channel acknowledge.
"""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import msgspec
import structlog

from bot import words
from bot.channels.channel import Heard
from bot.conversation import Form, GoesOn, IsOver, Moved, Teller
from bot.domain.member import Chat, Member
from bot.storage.conversations import Kept, Who
from bot.storage.database import Database, Work
from bot.storage.members import Address, chats_at, members_at, move_chat, subjects
from bot.turn import Dispatch, House, Later, Route, Turn, who

MOST_TOGETHER = 64
LONGEST_TEXT = 8000

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
            had_form=content is not None,
        )


class Turns:
    """Hears for all channels."""

    def __init__(self, database: Database, house: House, dispatch: Dispatch, wake: Callable[[], None]) -> None:
        self._database = database
        self._house = house
        self._dispatch = dispatch
        self._wake = wake
        self._waiting: deque[Waiting] = deque()
        self._busy: set[Who] = set()
        self._worker: asyncio.Task[None] | None = None
        self._preparing: set[asyncio.Task[None]] = set()

    async def hear(self, heard: Heard) -> None:
        """Returns when what was heard is committed. Raises what storage raised: then it was not."""
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
                turn = scene.turn(self._house, work, heard, now, self._dispatch.flows)
                try:
                    await self._take(turn)
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

    async def _take(self, turn: Turn) -> None:
        before = msgspec.convert(msgspec.to_builtins(turn.form), Form) if turn.form else None
        try:
            await self._dispatched(turn)
        except Later:
            raise
        except Exception as error:  # noqa: BLE001 - a bad turn fails alone, and its person is told
            _report(turn, error)
            turn.postings.clear()
            turn.form = before
            turn.tell("house-sorry")

    async def _dispatched(self, turn: Turn) -> None:
        if len(turn.heard.text) > LONGEST_TEXT:
            turn.tell("house-too-long", length=len(turn.heard.text), most=LONGEST_TEXT)
            return
        if turn.heard.choice.startswith("~"):
            await self._press(turn)
        elif (route := _fitting(self._dispatch.first, turn)) is not None:
            await self._act(turn, *route)
        elif turn.form is not None and turn.text:
            await self._step(turn, lambda teller: teller.hear_typed(turn.heard.text))
        elif (route := _fitting(self._dispatch.last, turn)) is not None:
            await self._act(turn, *route)

    async def _press(self, turn: Turn) -> None:
        nonce, _, rest = turn.heard.choice[1:].partition(".")
        step, _, code = rest.partition(".")
        if turn.form is None or turn.form.nonce != nonce:
            turn.tell("house-old-button")
            return
        await self._step(turn, lambda teller: teller.hear_pressed(step, code))

    async def _act(self, turn: Turn, route: Route, rest: str) -> None:
        before = turn.form
        async with turn.work.savepoint():
            await route.act(turn, rest)
        if turn.form is not None and turn.form is not before:
            await self._step(turn, lambda teller: teller.ask())

    async def _step(self, turn: Turn, how: Callable[[Teller], Moved]) -> None:
        assert turn.form is not None
        flow = self._dispatch.flows[turn.form.flow]
        given = await flow.given(turn, turn.form)
        teller = Teller(turn.form, lambda: flow.begin(given), turn.can, turn.heard.private)
        match how(teller):
            case GoesOn(said=said):
                if said is not None:
                    turn.say(said)
            case IsOver(value=value):
                turn.form = None
                async with turn.work.savepoint():
                    await flow.finish(turn, given, value)
            case _:
                turn.form = None
                turn.tell("house-cancelled", rows=[[turn.button(*flow.again)]] if flow.again else ())

    async def _write_down(self, work: Work, turns: Sequence[Turn], now: datetime) -> None:
        house = self._house
        silent_at = now + house.draft_silence
        await house.conversations.write_heard(work, [(t.heard.channel, t.heard.key) for t in turns], now)
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


def _fitting(routes: Sequence[Route], turn: Turn) -> tuple[Route, str] | None:
    for route in routes:
        if route.by(turn) and (rest := route.hears(turn)) is not None:
            return route, rest
    return None


def _fail(batch: Sequence[Waiting], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)


def _report(turn: Turn, error: Exception) -> None:
    """What went wrong and where, without the message of the error: it may hold what a person wrote."""
    frames = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    _log.error("a turn failed", error=type(error).__name__, at=" > ".join(frames[-6:]), channel=turn.heard.channel)
