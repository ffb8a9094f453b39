"""Files on their way in: fetched, cleaned, sealed and put away, all before a transaction is opened.

Bytes are in memory only, of few files at once, and never on disk in the clear (docs/design.md, sections 3 and 7).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

from bot import chance
from bot.channels.channel import Attachment, Channel, DeliveryError, Heard, SealFor, Sort, TooBig
from bot.cleaning import LARGEST, Cleaned, Cleaner, Refused
from bot.domain.limits import Quota
from bot.domain.refusal import refusal
from bot.domain.why import Explanation
from bot.storage.contents import Header, pack
from bot.storage.database import Work
from bot.storage.files import Files
from bot.storage.seal import seal_tip
from bot.storage.tip_parts import Part, add_part

RECEIPT = "receipt"
"""Who a part is sealed for beside its readers, where the receipt opens it too."""

AT_ONCE = 2
"""Files of a channel in memory at the same time."""

PATIENCE = 120.0
"""Seconds for all files of one message."""
_HERE = 16 * 1024  # bytes: a sealed body no bigger stays in the database
_SEALED_LARGEST = LARGEST + LARGEST // 16 + 8192  # padding and header are added to what a browser seals

_log = structlog.get_logger("tinbao.intake")


@dataclass(frozen=True, slots=True)
class Taken:
    """A part that is put away, and what it is; or why it was not taken."""

    part: Part | None
    sort: Sort = "file"
    why: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose account files come: a hash of the sender, and of the network prefix, "" where there is none."""

    hashed: bytes
    network: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """For what files are taken in: whom they are sealed for, when, on whose account, and the words that came along."""

    seal: SealFor
    now: datetime
    sender: Sender
    said: str = ""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How many files and bytes one conversation may send, and how many bytes all of one network prefix."""

    files: Quota
    bytes: Quota
    nearby: Quota


class Intake:
    """Takes files in for all channels. What was taken for a message waits here until its turn is done again."""

    def __init__(
        self, channels: Mapping[str, Channel], files: Files, cleaner: Cleaner, limits: FileLimits, zone: ZoneInfo
    ) -> None:
        self.files = files
        self._channels = channels
        self._cleaner = cleaner
        self._limits = limits
        self._zone = zone
        self._rooms = {name: asyncio.Semaphore(AT_ONCE) for name in channels}  # one channel's slow line holds no other
        self._taken: dict[tuple[str, str], Sequence[Taken]] = {}

    async def close(self) -> None:
        """Lets the cleaning processes end."""
        await self._cleaner.close()

    def taken(self, heard: Heard) -> Sequence[Taken] | None:
        """What became of the message's files; None: they have not been taken in yet."""
        return self._taken.pop((heard.channel, heard.key), None)

    async def take_in(self, heard: Heard, asked: Asked) -> None:
        """Fetches, cleans and seals; of each that can't be, or comes after PATIENCE, the person will be told why."""
        taken: list[Taken] = []
        try:
            async with asyncio.timeout(PATIENCE):
                for one in heard.files:
                    one_taken = self._one_too_many(asked) or await self._take_one(heard.channel, one, asked)
                    taken.append(one_taken)
        except TimeoutError:
            missed = len(heard.files) - len(taken)
            taken += [Taken(None, why=Explanation("files-not-fetched"))] * missed
        self._taken[heard.channel, heard.key] = taken

    def _one_too_many(self, asked: Asked) -> Taken | None:
        limited = self._limits.files.take(asked.now, asked.sender.hashed)
        return Taken(None, why=refusal(limited, asked.now, self._zone)) if limited else None

    def _too_much(self, asked: Asked, size: int) -> Taken | None:
        limited = self._limits.bytes.take(asked.now, asked.sender.hashed, size)
        if limited is None and asked.sender.network:
            limited = self._limits.nearby.take(asked.now, asked.sender.network.encode(), size)
        return Taken(None, why=refusal(limited, asked.now, self._zone)) if limited else None

    async def _take_one(self, channel: str, one: Attachment, asked: Asked) -> Taken:
        async with self._rooms[channel]:
            try:
                content = await self._channels[channel].download(one.ref, _SEALED_LARGEST if one.part else LARGEST)
                if refused := self._too_much(asked, max(1, len(content))):
                    return refused
                return await (self._keep_sealed if one.part else self._seal)(one, content, asked)
            except TooBig:
                return Taken(None, why=Explanation("clean-too-big"))
            except DeliveryError as error:
                _log.warning("a file could not be fetched", error=type(error).__name__)
                return Taken(None, why=Explanation("files-not-fetched"))
            except Refused as refused:
                return Taken(None, why=Explanation(refused.sentence))
            except OSError as error:
                _log.error("a file could not be put away", error=type(error).__name__)
                return Taken(None, why=Explanation("files-not-kept"))

    async def _seal(self, _one: Attachment, content: bytes, asked: Asked) -> Taken:
        cleaned = await self._cleaner.clean(content)
        header = Header(_sort(cleaned), cleaned.mime, cleaned=cleaned.cleaned, warning=cleaned.warning, said=asked.said)
        part = await sealed_part(self.files, asked.seal, pack(header, cleaned.content), asked.now)
        return Taken(part, header.sort)

    async def _keep_sealed(self, one: Attachment, body: bytes, asked: Asked) -> Taken:
        if set(one.keys) != set(asked.seal.readers):
            return Taken(None, why=Explanation("files-old-page"))  # a reader came or went since the page was made
        part = await _put_away(self.files, asked.seal.tip, one.part, body, dict(one.keys), asked.now)
        return Taken(part, one.sort)


async def keep_taken(work: Work, taken: Sequence[Taken], until: datetime) -> list[tuple[str, Sort]]:
    """Stages what was taken; returns each part's id and what it is, in the order it was sent."""
    kept = [(one.part, one.sort) for one in taken if one.part is not None]
    for part, _ in kept:
        await add_part(work, part, until)
    return [(part.id, sort) for part, sort in kept]


async def sealed_part(files: Files, seal: SealFor, content: bytes, now: datetime) -> Part:
    """A new part of a tip with this content (see bot/storage/contents.py), sealed and put away. Raises OSError."""
    name = chance.name()
    sealed = seal_tip(content, seal.readers, f"{seal.tip}/{name}".encode())
    return await _put_away(files, seal.tip, name, sealed.body, dict(sealed.keys), now)


async def _put_away(files: Files, tip: str, name: str, body: bytes, keys: dict[str, bytes], now: datetime) -> Part:
    keys = dict(keys)
    receipt_key = keys.pop(RECEIPT, None)
    if len(body) <= _HERE:
        return Part(name, tip, "citizen", now, keys, body=body, receipt_key=receipt_key)
    return Part(name, tip, "citizen", now, keys, file=await files.put(body), receipt_key=receipt_key)


def _sort(cleaned: Cleaned) -> Literal["photo", "video", "sound", "file"]:
    """By what it is, not by what it was sent as."""
    kind = cleaned.mime.partition("/")[0]
    match kind:
        case "image":
            return "photo"
        case "video":
            return "video"
        case "audio":
            return "sound"
    return "file"
