"""An attachment's bytes, fetched from Telegram into memory. Its address holds the token: no error carries it."""

from __future__ import annotations

import asyncio
import io
from http import HTTPStatus
from typing import cast

import aiohttp
from aiogram import Bot
from aiogram.methods import GetFile

from bot.channels.channel import FateUnknown, Refused, TooBig, TryLater
from bot.channels.telegram_calls import (
    AFTER_NO_CONNECTION,
    AFTER_SERVER_ERROR,
    AFTER_WRONG_TOKEN,
    CONNECT_WITHIN,
    LeanSession,
    call,
)

WITHIN = 60.0  # seconds for a whole file, however steadily it trickles: 20 MB come at 3 Mbit/s
_CHUNK = 65_536  # bytes


async def download(bot: Bot, ref: str, at_most: int, silence: float) -> bytes:
    """The file of that file_id. `silence`: seconds without a byte after which it is given up.

    Raises TooBig as soon as it is known; Refused for a file_id that is wrong or has expired; otherwise TryLater, for
    fetching changes nothing.
    """
    try:
        async with asyncio.timeout(WITHIN):
            return await _download(bot, ref, at_most, silence)
    except TimeoutError:
        raise TryLater(AFTER_NO_CONNECTION) from None


async def _download(bot: Bot, ref: str, at_most: int, silence: float) -> bytes:
    try:
        file = await call(bot, GetFile(file_id=ref))
    except FateUnknown:
        raise TryLater(AFTER_NO_CONNECTION) from None
    if (file.file_size or 0) > at_most:
        raise TooBig
    if not file.file_path:
        raise Refused("no path")
    content = await _fetch(bot, file.file_path, at_most, silence)
    if content is None:
        raise TryLater(AFTER_NO_CONNECTION)
    return content


async def _fetch(bot: Bot, path: str, at_most: int, silence: float) -> bytes | None:
    """None when the connection failed: the error of aiohttp, which knows the address, ends here."""
    session = cast("LeanSession", bot.session)
    address = session.api.file_url(bot.token, path)
    within = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_WITHIN, sock_read=silence)
    try:
        http = await session.create_session()
        async with http.get(address, timeout=within, allow_redirects=False) as answer:
            _check(answer.status)
            return await _read(answer.content, at_most)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None


def _check(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.UNAUTHORIZED:
        raise TryLater(AFTER_WRONG_TOKEN)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryLater(AFTER_SERVER_ERROR)
    raise Refused(f"HTTP {status}")


async def _read(stream: aiohttp.StreamReader, at_most: int) -> bytes:
    content = io.BytesIO()
    async for chunk in stream.iter_chunked(_CHUNK):
        if content.tell() + len(chunk) > at_most:
            raise TooBig
        content.write(chunk)
    return content.getvalue()
