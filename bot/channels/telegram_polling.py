"""Telegram's long polling: what was heard is handed on, and confirmed once the house has committed it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import msgspec
import structlog
from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, DeleteWebhook

from bot.channels.channel import DeliveryError, Hear, Heard, OffsetStore
from bot.channels.telegram_albums import PAUSE, Growing, Piece, pieces_of
from bot.channels.telegram_calls import ask_bot, call, get_updates
from bot.channels.telegram_heard import heard_in
from bot.channels.telegram_updates import (
    KINDS,
    Read,
    Unreadable,
    Update,
    read_batch,
    read_first_number,
    read_refusal,
)
from bot.channels.telegram_window import BATCH, Window
from bot.domain.trouble import Trouble

LONGEST_PAUSE = 30.0  # seconds between two tries, to reach Telegram or to have something kept
REMEMBERED = 10_000  # groups, and people who wrote in them

_log = structlog.get_logger("tinbao.telegram")
_K = TypeVar("_K")
_V = TypeVar("_V")


class UnknownToken(Trouble):
    """Telegram does not know this token."""

    def __init__(self) -> None:
        super().__init__("cli-token-unknown")


class _Interrupted(Exception):
    """A poll brought nothing; try again after a growing pause, at least `after` seconds."""

    def __init__(self, after: float = 0.0) -> None:
        super().__init__()
        self.after = after


class _Pause:
    """A pause that doubles until something works again."""

    def __init__(self, first: float) -> None:
        self._first = self._next = first

    async def wait(self, at_least: float = 0.0) -> None:
        pause, self._next = max(self._next, at_least), min(self._next * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause)

    def reset(self) -> None:
        self._next = self._first


class Polling:
    """One bot's ears. `username` is known once `run` has begun; `skipped` counts updates that could not be read.

    An offset is confirmed by the poll that asks for what follows, and only when all before it was committed: after a
    crash in between, Telegram delivers again and the house refuses the keys it knows. So no offset is saved; `offsets`
    may name one to begin with.

    One person's slow message holds up nobody else's: while it is being heard, Telegram is asked again from the same
    offset, and what is new is handed on. That goes as far as one poll shows, which is 100 updates: when so many wait
    behind a slow one, it is waited for. What the house could not keep is slow in just this way: it is tried again from
    memory, and stays unconfirmed.
    """

    def __init__(self, bot: Bot, offsets: OffsetStore, poll: int, pause: float) -> None:
        self.username = ""
        self.skipped = 0
        self._bot = bot
        self._offsets = offsets
        self._poll_for = poll
        self._first_pause = pause
        self._pause = _Pause(pause)
        self._growing = Growing()
        self._failing: dict[int, asyncio.Event] = {}  # chats in which something could not be kept yet
        self._last: dict[str, str] = {}  # group -> who was heard there last
        self._written: dict[tuple[str, str], int] = {}  # group and person -> their last message there
        self._beside: set[asyncio.Task[None]] = set()

    def newest_in(self, group: str) -> int | None:
        """The last message of who was heard last in a group, when they have written there."""
        return self._written.get((group, self._last.get(group, "")))

    async def run(self, hear: Hear) -> None:
        """Hears until cancelled. Raises UnknownToken when Telegram does not know the token at the start."""
        await self._introduce()
        window = Window(await self._offsets.load())
        try:
            while True:
                await self._look(window, hear)
        finally:
            await window.close()

    async def _look(self, window: Window, hear: Hear) -> None:
        """Asks once what is new, and hands it on."""
        try:
            batch = await self._poll(window.offset)
        except _Interrupted as interrupted:
            await self._pause.wait(interrupted.after)
            return
        await self._take(window.numbered(batch), window, hear)

    async def _take(self, batch: Sequence[Read], window: Window, hear: Hear) -> None:
        """Hands on what is new and whole, in order and side by side, and confirms what is committed."""
        is_full = len(batch) == BATCH
        whole, is_growing = self._growing.part(pieces_of(window.fresh(batch)), batch, is_full=is_full)
        for piece in whole:
            window.hand_on(piece.updates, self._hand_on(piece, hear))
        if is_growing and not is_full:
            await asyncio.sleep(PAUSE)
        else:
            await window.settle(batch)
        has_moved = window.advance(batch)
        if batch and not (has_moved or is_growing or window.is_busy):
            await self._pause.wait()
        else:
            self._pause.reset()

    async def _introduce(self) -> None:
        while True:
            status, self.username = await ask_bot(self._bot)
            if status == HTTPStatus.UNAUTHORIZED:
                raise UnknownToken
            if status == HTTPStatus.OK:
                self._pause.reset()
                return
            _log.warning("Telegram can't be reached")
            await self._pause.wait()

    # asking what is new

    async def _poll(self, offset: int) -> list[Read]:
        """What is new; where the batch can't be read as a whole, its first update alone."""
        try:
            return read_batch(await self._fetch(offset, BATCH))
        except Unreadable:
            _log.warning("a batch of updates can't be read; they are read one by one")
        body = await self._fetch(offset, 1)
        try:
            return read_batch(body)
        except Unreadable:
            number = read_first_number(body)
        if number is None or number < offset:
            _log.warning("Telegram's answer can't be read")
            raise _Interrupted
        return [number]

    async def _fetch(self, offset: int, limit: int) -> bytes:
        asked = {"offset": offset, "limit": limit, "timeout": self._poll_for, "allowed_updates": KINDS}
        try:
            status, body = await get_updates(self._bot, msgspec.json.encode(asked), self._poll_for + 15)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            _log.warning("Telegram can't be reached", error=type(error).__name__)
            raise _Interrupted from None
        if status != HTTPStatus.OK:
            raise await self._refused(status, body)
        return body

    async def _refused(self, status: int, body: bytes) -> _Interrupted:
        why, after = read_refusal(body)
        if status == HTTPStatus.CONFLICT and "webhook is active" in why:
            _log.warning("a webhook was set for this bot; it is removed, because this program polls")
            await self._quietly(call(self._bot, DeleteWebhook()))
        elif status == HTTPStatus.CONFLICT:
            _log.warning("another program polls with this bot's token; only one may")
        else:
            _log.warning("Telegram refuses to tell what is new", status=status)
        return _Interrupted(after)

    # handing on

    async def _hand_on(self, piece: Piece, hear: Hear) -> None:
        """Returns when the house has committed it, however often that has to be tried."""
        while True:
            while failed := self._failing.get(piece.chat):
                await failed.wait()
            if await self._is_kept(piece, hear):
                return
            if piece.chat not in self._failing:
                await self._try_again(piece, hear)
                return

    async def _try_again(self, piece: Piece, hear: Hear) -> None:
        """Tries after growing pauses; what comes after it in its chat waits, so that it does not overtake it."""
        self._failing[piece.chat] = over = asyncio.Event()
        pause = _Pause(self._first_pause)
        try:
            await pause.wait()
            while not await self._is_kept(piece, hear):
                await pause.wait()
        finally:
            del self._failing[piece.chat]
            over.set()

    async def _is_kept(self, piece: Piece, hear: Hear) -> bool:
        try:
            await self._hand_on_once(piece, hear)
        except Exception as error:  # noqa: BLE001 - storage's, whatever it is: the message stays unconfirmed
            _log.error("what was heard could not be kept; it is tried again", error=type(error).__name__)
            return False
        return True

    async def _hand_on_once(self, piece: Piece, hear: Hear) -> None:
        updates = [update for update in piece.updates if isinstance(update, Update)]
        if not updates:
            self.skipped += 1
            _log.warning("an update could not be read", number=piece.updates[0])
            return
        heard = heard_in(updates, self._bot.id, self.username)
        if heard is None:
            return
        if not heard.private:
            self._remember(heard, updates[0])
        await hear(heard)
        if (pressed := updates[0].callback_query) is not None:
            self._do_beside(self._quietly(call(self._bot, AnswerCallbackQuery(callback_query_id=pressed.id))))

    def _remember(self, heard: Heard, update: Update) -> None:
        """Who spoke or pressed last in a group, and their last message, which an answer of ours will be a reply to."""
        _put(self._last, heard.chat, heard.sender)
        if update.message is not None:
            _put(self._written, (heard.chat, heard.sender), update.message.message_id)

    def _do_beside(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _quietly(self, calling: Coroutine[None, None, object]) -> None:
        try:
            await calling
        except DeliveryError as error:
            _log.debug("a call that may fail failed", error=type(error).__name__)

    async def close(self) -> None:
        """Ends what is still done beside."""
        for task in tuple(self._beside):
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)


def _put(kept: dict[_K, _V], key: _K, value: _V) -> None:
    """Keeps the newest REMEMBERED."""
    kept.pop(key, None)
    kept[key] = value
    if len(kept) > REMEMBERED:
        del kept[next(iter(kept))]
