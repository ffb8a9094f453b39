"""The Telegram channel, put together. The only room that imports it, and with it aiogram (seconds, over 100 MB)."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from assembly.errors import Unusable
from assembly.parts import Opened
from bot.channels.channel import Channel
from bot.storage.settings import Offset


async def telegram_channel(opened: Opened) -> tuple[Channel, Callable[[], str]]:
    """The channel, and what makes its link (`https://t.me/name`) once it knows its name."""
    config = opened.config.telegram
    token = read_token(opened.config.home / config.token_file)
    telegram = import_module("bot.channels.telegram").Telegram(
        token,
        config.api,
        offsets=Offset(opened.database, "telegram"),
        recordings=opened.config.recordings_folder,
    )

    def link() -> str:
        return f"https://t.me/{telegram.username}" if telegram.username else ""

    return telegram, link


def read_token(path: Path) -> str:
    """The token in the file. Raises Unusable."""
    try:
        token = path.read_text("utf-8").strip()
    except OSError:
        raise Unusable("cli-token-missing", path=str(path)) from None
    number, colon, rest = token.partition(":")
    if not (number.isdecimal() and colon and rest and token.isascii() and " " not in token):
        raise Unusable("cli-token-bad", path=str(path))
    return token
