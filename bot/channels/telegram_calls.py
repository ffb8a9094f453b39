"""Calls to Telegram: aiogram's methods and errors over a session that does not build what nobody reads."""

from __future__ import annotations

import re
from typing import Any, cast

import aiohttp
import msgspec
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.channels.channel import ChatLost, ChatMoved, DeliveryError, FateUnknown, Refused, TooBig, TryLater

AFTER_SERVER_ERROR, AFTER_NO_CONNECTION, AFTER_WRONG_TOKEN = 5.0, 5.0, 60.0  # seconds
CONNECT_WITHIN = 10.0  # seconds
_JSON = {"Content-Type": "application/json"}
_PLAIN = frozenset({"sendMessage", "editMessageText", "deleteMessages", "answerCallbackQuery", "deleteWebhook"})
# Error texts: tdlib/telegram-bot-api, Client.cpp
_LOST = re.compile(
    r"chat not found|PEER_ID_INVALID|chat was deactivated|group is deactivated|CHAT_WRITE_FORBIDDEN|TOPIC_CLOSED"
    r"|not enough rights|have no rights|message thread not found|USER_IS_BLOCKED|CHAT_RESTRICTED",
    re.IGNORECASE,
)
_HARMLESS_TO_EDIT = re.compile(
    r"message is not modified|message to edit not found|message can't be edited", re.IGNORECASE
)
_TOO_BIG = re.compile(r"file is too big", re.IGNORECASE)


class Sent(msgspec.Struct):
    """What is read of an answer: the message's number."""

    message_id: int = 0


class _Answer(msgspec.Struct):
    result: Any


_read_answer = msgspec.json.Decoder(_Answer).decode


class LeanSession(AiohttpSession):
    """aiogram's session. A plain call goes out as JSON, and of its answer only the message's number is read."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's
    ) -> TelegramType:
        if method.__api_method__ not in _PLAIN:
            return await super().make_request(bot, method, timeout)
        within = aiohttp.ClientTimeout(total=timeout or self.timeout, sock_connect=CONNECT_WITHIN)
        body = msgspec.json.encode(method.model_dump(exclude_unset=True, exclude_none=True))
        try:
            status, content = await self.post(self.api.api_url(bot.token, method.__api_method__), body, within)
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="time-out") from error
        except aiohttp.ClientError as error:
            raise TelegramNetworkError(method=method, message=type(error).__name__) from error
        if status == 200:  # noqa: PLR2004 - HTTP
            return cast("TelegramType", _sent(content))
        self.check_response(bot, method, status, content.decode(errors="replace"))
        raise FateUnknown  # a status that is neither success nor refusal

    async def post(self, address: str, body: bytes, within: aiohttp.ClientTimeout) -> tuple[int, bytes]:
        """HTTP's status and the answer, unread."""
        session = await self.create_session()
        async with session.post(address, data=body, headers=_JSON, timeout=within) as answer:
            return answer.status, await answer.read()

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        if status_code >= 500:  # noqa: PLR2004 - HTTP; a proxy's 502 has no JSON that could be read
            raise TelegramServerError(method=method, message="the server failed")
        return super().check_response(bot, method, status_code, content)

    async def close(self) -> None:
        """Without TLS there is nothing to wait for after closing."""
        if self._session is not None and self.api.base.startswith("http:"):
            await self._session.close()
        await super().close()


def _sent(content: bytes) -> Sent:
    try:
        result = _read_answer(content).result
    except msgspec.MsgspecError:
        raise FateUnknown from None
    return Sent(result["message_id"]) if isinstance(result, dict) and "message_id" in result else Sent()


def bot_at(token: str, api: str, answer_within: float) -> Bot:
    """Aiogram's Bot on a session of ours. `answer_within`: seconds."""
    server = TelegramAPIServer.from_base(api.rstrip("/"))
    return Bot(token, LeanSession(api=server, timeout=answer_within))


async def call(bot: Bot, method: TelegramMethod[Any]) -> Any:
    """Makes a call. Raises a DeliveryError that says what to do, and nothing of the chat or the message."""
    try:
        return await bot(method)
    except (TelegramAPIError, AiogramError) as error:
        raise _meant(error) from None


async def call_edit(bot: Bot, method: TelegramMethod[Any]) -> None:
    """The same; a message that is as it should be, or gone, is no error."""
    try:
        await bot(method)
    except TelegramBadRequest as error:
        if not _HARMLESS_TO_EDIT.search(error.message):
            raise _meant(error) from None
    except AiogramError as error:
        raise _meant(error) from None


async def call_erase(bot: Bot, method: TelegramMethod[Any]) -> bool:
    """The same for a deletion: whether it was done; of what is refused nothing is."""
    try:
        await bot(method)
    except TelegramBadRequest as error:
        if _LOST.search(error.message):
            raise _meant(error) from None
        return False
    except AiogramError as error:
        raise _meant(error) from None
    return True


def _meant(error: AiogramError) -> DeliveryError:
    meant: DeliveryError
    match error:
        case TelegramRetryAfter(retry_after=seconds):
            meant = TryLater(seconds)
        case TelegramMigrateToChat(migrate_to_chat_id=chat):
            meant = ChatMoved(str(chat))
        case TelegramForbiddenError():
            meant = ChatLost()
        case TelegramServerError():
            meant = TryLater(AFTER_SERVER_ERROR)
        case TelegramUnauthorizedError() | TelegramNotFound():
            meant = TryLater(AFTER_WRONG_TOKEN)
        case TelegramNetworkError():
            meant = TryLater(AFTER_NO_CONNECTION) if _was_not_written(error.__cause__) else FateUnknown()
        case TelegramAPIError():
            meant = _refused(error.message)
        case _:
            meant = FateUnknown()
    return meant


def _refused(why: str) -> DeliveryError:
    if _TOO_BIG.search(why):
        return TooBig()
    return ChatLost() if _LOST.search(why) else Refused(_reason(why))


def _was_not_written(cause: BaseException | None) -> bool:
    """Whether the connection was never there, so that nothing can have been sent."""
    return isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | ConnectionRefusedError)


def _reason(description: str) -> str:
    """The fixed part of Telegram's words: what follows the second colon may quote the message."""
    return ": ".join(description.split(": ")[:2])


async def get_updates(bot: Bot, body: bytes, within: float) -> tuple[int, bytes]:
    """HTTP's status and the answer, unread. Raises aiohttp.ClientError, TimeoutError or OSError."""
    session = cast("LeanSession", bot.session)
    limit = aiohttp.ClientTimeout(total=within, sock_connect=CONNECT_WITHIN)
    return await session.post(session.api.api_url(bot.token, "getUpdates"), body, limit)


async def ask_bot(bot: Bot) -> tuple[int, str]:
    """The bot's own name, and HTTP's status when it was not told (0: no connection)."""
    try:
        return 200, (await bot.get_me()).username or ""
    except (TelegramUnauthorizedError, TelegramNotFound):
        return 401, ""
    except AiogramError:
        return 0, ""
