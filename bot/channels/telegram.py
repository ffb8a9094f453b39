"""Telegram: long polling, read lean; sending by aiogram."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from http import HTTPStatus
from typing import TypeVar

import aiohttp
import msgspec
import structlog
from aiogram.methods import AnswerCallbackQuery, DeleteMessage, DeleteMessages, DeleteWebhook
from aiogram.utils.token import TokenValidationError

from bot.channels.channel import (
    Capabilities,
    ChatLost,
    ChatMoved,
    DeliveryError,
    FateUnknown,
    Hear,
    Heard,
    OffsetStore,
    Said,
    TryLater,
)
from bot.channels.telegram_calls import ask_bot, bot_at, call, call_edit, call_erase, get_updates
from bot.channels.telegram_messages import TEXT_LIMIT, edited, messages
from bot.channels.telegram_updates import (
    KINDS,
    Unreadable,
    Update,
    heard_in,
    read_batch,
    read_first_number,
    read_refusal,
)
from bot.domain.trouble import Trouble

LONGEST_PAUSE = 30.0  # seconds between two tries when Telegram can't be reached
BATCH = 100  # updates of one poll
ERASE_TOGETHER = 100  # identifiers in one deleteMessages
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


class Telegram:
    """One bot. `username` is known once `run` has begun: links are https://t.me/<username>?start=CODE.

    An offset is confirmed by the poll that asks for what follows, and only when all before it was committed: after a
    crash in between, Telegram delivers again and the house refuses the keys it knows. So no offset is saved; `offsets`
    may name one to begin with. `skipped` counts updates that could not be read.
    """

    name = "telegram"
    can = Capabilities(
        buttons=True, edit=True, erase=True, groups=True, text_limit=TEXT_LIMIT, groups_hear_replies_only=True
    )

    def __init__(
        self,
        token: str,
        api: str = "https://api.telegram.org",
        *,
        offsets: OffsetStore,
        poll: int = 50,
        pause: float = 1.0,
        answer_within: float = 30.0,
    ) -> None:
        """`poll`, `pause` and `answer_within`: how long a poll waits, the first pause after a failure, and how long a
        call may take, in seconds. Raises UnknownToken for what can't be a token.
        """
        try:
            self._bot = bot_at(token, api, answer_within)
        except TokenValidationError:
            raise UnknownToken from None
        self.username = ""
        self.skipped = 0
        self._offsets = offsets
        self._poll_for = poll
        self._pause = _Pause(pause)
        self._last: dict[str, str] = {}  # group -> who was heard there last
        self._written: dict[tuple[str, str], int] = {}  # group and person -> their last message there
        self._beside: set[asyncio.Task[None]] = set()

    # hearing

    async def run(self, hear: Hear) -> None:
        """Hears until cancelled. Raises UnknownToken when Telegram does not know the token at the start."""
        await self._introduce()
        offset = await self._offsets.load()
        while True:
            try:
                batch = await self._poll(offset)
            except _Interrupted as interrupted:
                await self._pause.wait(interrupted.after)
                continue
            reached = await self._hand_on(batch, hear, offset)
            if batch and reached == offset:
                await self._pause.wait()
            else:
                self._pause.reset()
            offset = reached

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

    async def _poll(self, offset: int) -> list[Update | int | None]:
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

    async def _hand_on(self, updates: Sequence[Update | int | None], hear: Hear, offset: int) -> int:
        """Hands a batch to the house, in order and side by side; returns the offset up to which all is committed."""
        results = await asyncio.gather(*(self._hand_on_one(update, hear) for update in updates), return_exceptions=True)
        for update, result in zip(updates, results, strict=True):
            if isinstance(result, BaseException):
                _log.error("what was heard could not be kept; it is asked for again", error=type(result).__name__)
                return offset
            offset = _after(update, offset)
        return offset

    async def _hand_on_one(self, update: Update | int | None, hear: Hear) -> None:
        if not isinstance(update, Update):
            self.skipped += 1
            _log.warning("an update could not be read", number=update)
            return
        heard = heard_in(update, self._bot.id, self.username)
        if heard is None:
            return
        if not heard.private:
            self._remember(heard, update)
        await hear(heard)
        if update.callback_query is not None:
            answer = AnswerCallbackQuery(callback_query_id=update.callback_query.id)
            self._do_beside(self._quietly(call(self._bot, answer)))

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

    # saying

    async def say(self, chat: str, said: Said) -> str:
        """Sends and returns the ref; of a text that is cut, the last piece's. Raises a DeliveryError."""
        ref = 0
        answers = self._written.get((chat, self._last.get(chat, "")))
        for message in messages(_number(chat), said, answers):
            try:
                ref = (await call(self._bot, message)).message_id
            except (TryLater, ChatMoved):
                if ref:
                    raise FateUnknown from None  # the pieces before it stand there already
                raise
        return str(ref)

    async def edit(self, chat: str, ref: str, said: Said) -> None:
        """Replaces a message. One that is unchanged, gone or too old to be edited is no error."""
        await call_edit(self._bot, edited(_number(chat), int(ref), said))

    async def erase(self, chat: str, refs: tuple[str, ...]) -> int:
        """Deletes messages, and returns how many are gone: Telegram refuses those older than 48 hours."""
        numbers = [int(ref) for ref in refs if ref.isdecimal()]
        starts = range(0, len(numbers), ERASE_TOGETHER)
        return sum([await self._erase(_number(chat), numbers[start : start + ERASE_TOGETHER]) for start in starts])

    async def _erase(self, chat: int, numbers: list[int]) -> int:
        """All at once; where one of them refuses the call, one by one."""
        if await call_erase(self._bot, DeleteMessages(chat_id=chat, message_ids=numbers)):
            return len(numbers)
        return sum([await call_erase(self._bot, DeleteMessage(chat_id=chat, message_id=one)) for one in numbers])

    async def close(self) -> None:
        """Lets go of connections."""
        for task in tuple(self._beside):
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        await self._bot.session.close()


def _put(kept: dict[_K, _V], key: _K, value: _V) -> None:
    """Keeps the newest REMEMBERED."""
    kept.pop(key, None)
    kept[key] = value
    if len(kept) > REMEMBERED:
        del kept[next(iter(kept))]


def _number(chat: str) -> int:
    try:
        return int(chat)
    except ValueError:
        raise ChatLost from None


def _after(update: Update | int | None, offset: int) -> int:
    """The offset that confirms an update. One without a readable number is at least the next: numbers have no twins."""
    if update is None:
        return offset + 1 if offset else 0
    number = update if isinstance(update, int) else update.update_id
    return max(offset, number + 1)
