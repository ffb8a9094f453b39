"""An operator's recordings, sent as voice messages above the text they speak."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import structlog
from aiogram import Bot
from aiogram.methods import SendAudio, SendVoice
from aiogram.types import BufferedInputFile

from bot.channels.channel import ChatLost, ChatMoved, DeliveryError, FateUnknown, Refused, Said, TryLater
from bot.channels.telegram_calls import call

SUFFIXES = (".ogg", ".mp3", ".m4a")  # the first that is there; .ogg holds Opus
KEPT = 1000  # recordings that stand in a chat without their text
_NAME = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*")  # no dot: no way out of the folder

_log = structlog.get_logger("tinbao.telegram")


class Recordings:
    """The recordings of one folder. Telegram's number of each is remembered in memory, so that it is uploaded once."""

    def __init__(self, bot: Bot, folder: Path | None) -> None:
        self._bot = bot
        self._folder = folder
        self._known: dict[Path, str] = {}  # file -> file_id
        self._waiting: dict[tuple[int, str], str] = {}  # chat and sound -> ref of a recording whose text is to come
        self._uploading = asyncio.Lock()
        self._broken = 0  # uploads that broke off

    async def play(self, chat: int, said: Said) -> str:
        """Sends what speaks the message and returns its ref; "" where there is none.

        A recording is an extra: whatever speaks against it alone, the text still goes. Raises TryLater, ChatLost or
        ChatMoved, which would befall the text as well.
        """
        if waiting := self._waiting.pop((chat, said.sound), ""):
            return waiting
        if (path := self._file(said.sound)) is None:
            return ""
        try:
            return str(await self._send(chat, path, protect=said.protect))
        except (TryLater, ChatLost, ChatMoved):
            raise
        except (DeliveryError, OSError) as error:  # some people let nobody send them voice messages
            _log.warning("a recording could not be sent", sound=said.sound, error=type(error).__name__)
            return ""

    def keep(self, chat: int, sound: str, ref: str) -> None:
        """The text is still to come: when it is said again, it goes alone."""
        if ref:
            self._waiting[chat, sound] = ref
        if len(self._waiting) > KEPT:
            del self._waiting[next(iter(self._waiting))]

    def _file(self, sound: str) -> Path | None:
        if self._folder is None or not _NAME.fullmatch(sound):
            return None
        paths = (self._folder / f"{sound}{suffix}" for suffix in SUFFIXES)
        return next((path for path in paths if path.is_file()), None)

    async def _send(self, chat: int, path: Path, *, protect: bool) -> int:
        if known := self._known.get(path):
            try:
                return await self._call(chat, path, known, protect=protect)
            except Refused:
                self._known.pop(path, None)  # Telegram knows that number no more
        return await self._upload(chat, path, protect=protect)

    async def _upload(self, chat: int, path: Path, *, protect: bool) -> int:
        """One at a time. When one breaks off, which takes its time, those who wait behind it do not try as well."""
        broken = self._broken
        async with self._uploading:
            if self._broken != broken:
                raise FateUnknown
            file: str | BufferedInputFile | None = self._known.get(path)
            if file is None:
                file = await asyncio.to_thread(_content, path)
            try:
                return await self._call(chat, path, file, protect=protect)
            except FateUnknown:
                self._broken += 1
                raise

    async def _call(self, chat: int, path: Path, file: str | BufferedInputFile, *, protect: bool) -> int:
        method: SendVoice | SendAudio
        if path.suffix == ".ogg":
            method = SendVoice(chat_id=chat, voice=file, protect_content=protect or None)
        else:
            method = SendAudio(chat_id=chat, audio=file, protect_content=protect or None)
        message = await call(self._bot, method)
        if sent := message.voice or message.audio or message.document:
            self._known[path] = sent.file_id
        return int(message.message_id)


def _content(path: Path) -> BufferedInputFile:
    return BufferedInputFile(path.read_bytes(), filename=path.name)
