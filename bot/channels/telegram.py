"""Telegram: long polling, read lean; sending by aiogram."""

from __future__ import annotations

from pathlib import Path

from aiogram.methods import DeleteMessages
from aiogram.utils.token import TokenValidationError

from bot.channels.channel import (
    Capabilities,
    ChatLost,
    ChatMoved,
    FateUnknown,
    Hear,
    OffsetStore,
    Said,
    TryLater,
)
from bot.channels.telegram_calls import bot_at, call, call_edit, call_erase
from bot.channels.telegram_download import download
from bot.channels.telegram_messages import TEXT_LIMIT, edited, messages
from bot.channels.telegram_polling import Polling, UnknownToken
from bot.channels.telegram_recordings import Recordings

ERASE_TOGETHER = 100  # identifiers in one deleteMessages

__all__ = ["Telegram", "UnknownToken"]


class Telegram:
    """One bot. `username` is known once `run` has begun: links are https://t.me/<username>?start=CODE.

    A ref is a message's number, or several joined by ",": of all that one `say` sent (a recording, the pieces of a
    long text) or of all items of an album that was heard. The last of them is the one that has the buttons.
    """

    name = "telegram"
    can = Capabilities(
        buttons=True,
        edit=True,
        erase=True,
        groups=True,
        text_limit=TEXT_LIMIT,
        files_in=True,
        location=True,
        sound=True,
        groups_hear_replies_only=True,
    )

    def __init__(  # noqa: PLR0913 - the last three are what tests make short
        self,
        token: str,
        api: str = "https://api.telegram.org",
        *,
        offsets: OffsetStore,
        recordings: Path | None = None,
        poll: int = 50,
        pause: float = 1.0,
        answer_within: float = 30.0,
    ) -> None:
        """`recordings`: the folder of what `Said.sound` names. `poll`, `pause` and `answer_within`: how long a poll
        waits, the first pause after a failure, and how long a call may take, in seconds.

        Raises UnknownToken for what can't be a token.
        """
        try:
            self._bot = bot_at(token, api, answer_within)
        except TokenValidationError:
            raise UnknownToken from None
        self._polling = Polling(self._bot, offsets, poll, pause)
        self._recordings = Recordings(self._bot, recordings)
        self._answer_within = answer_within

    @property
    def username(self) -> str:
        """The bot's own name."""
        return self._polling.username

    @property
    def skipped(self) -> int:
        """How many updates could not be read."""
        return self._polling.skipped

    async def run(self, hear: Hear) -> None:
        """Hears until cancelled. Raises UnknownToken when Telegram does not know the token at the start."""
        await self._polling.run(hear)

    async def download(self, ref: str, at_most: int) -> bytes:
        """An attachment's bytes. Raises TooBig, Refused (wrong or expired), TryLater."""
        return await download(self._bot, ref, at_most, self._answer_within)

    async def say(self, chat: str, said: Said) -> str:
        """Sends and returns the ref of all that was sent. Raises a DeliveryError.

        When the text could not be sent or its fate is unknown, a recording that stands above it is not sent again.
        What `said.takes` is not shown: people share files and their position with the paper clip.
        """
        number = _number(chat)
        played = await self._recordings.play(number, said)
        try:
            sent = await self._send(number, said, self._polling.newest_in(chat))
        except (TryLater, FateUnknown):
            self._recordings.keep(number, said.sound, played)
            raise
        return ",".join([played, *sent] if played else sent)

    async def _send(self, chat: int, said: Said, answers: int | None) -> list[str]:
        refs: list[str] = []
        for message in messages(chat, said, answers):
            try:
                refs.append(str((await call(self._bot, message)).message_id))
            except (TryLater, ChatMoved):
                if refs:
                    raise FateUnknown from None  # the pieces before it stand there already
                raise
        return refs

    async def edit(self, chat: str, ref: str, said: Said) -> None:
        """Replaces a message. One that is unchanged, gone or too old to be edited is no error."""
        await call_edit(self._bot, edited(_number(chat), _numbers(ref)[-1], said))

    async def erase(self, chat: str, refs: tuple[str, ...]) -> int:
        """Deletes messages, and returns how many of them are gone: Telegram keeps those older than 48 hours.

        Counted are numbers, of which a ref may have several; what was gone already counts. Raises a DeliveryError;
        called again with the same refs, it goes on where it was.
        """
        numbers = list(dict.fromkeys(number for ref in refs for number in _numbers(ref)))
        starts = range(0, len(numbers), ERASE_TOGETHER)
        return sum([await self._erase(_number(chat), numbers[start : start + ERASE_TOGETHER]) for start in starts])

    async def _erase(self, chat: int, numbers: list[int]) -> int:
        """All at once. One that can't be deleted refuses the whole call: then each half by itself, down to that one."""
        if await call_erase(self._bot, DeleteMessages(chat_id=chat, message_ids=numbers)):
            return len(numbers)
        half = len(numbers) // 2
        return await self._erase(chat, numbers[:half]) + await self._erase(chat, numbers[half:]) if half else 0

    async def clear(self, chat: str) -> int:  # noqa: ARG002 - the protocol's
        """Telegram has no such thing for bots (`can.clears` is False): nothing is forgotten."""
        return 0

    async def close(self) -> None:
        """Lets go of connections."""
        await self._polling.close()
        await self._bot.session.close()


def _numbers(ref: str) -> list[int]:
    return [int(one) for one in ref.split(",") if one.isdecimal()]


def _number(chat: str) -> int:
    try:
        return int(chat)
    except ValueError:
        raise ChatLost from None
