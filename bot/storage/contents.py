"""The content of a part before it is sealed: `length (4, big-endian) | header (JSON, UTF-8) | bytes`.

A browser makes and reads the same (bot/channels/web/static/seal.js).
"""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.storage.seal import SealBroken

_LENGTH = 4
_HOSTILE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for no JSON, for text that is no UTF-8, and for JSON too deep: a browser may have sealed it."""


class Header(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the bytes are. `cleaned`: they lost their metadata, here or in the sender's browser, which `where` says; if
    not, `warning` says why (the id of a sentence). `number` counts the messages of a talk. `said`: words that came
    along with a file.
    """

    sort: Literal["words", "photo", "video", "sound", "file"]
    mime: str = "text/plain"
    cleaned: bool = False
    where: Literal["server", "browser"] = "server"
    warning: str = ""
    number: int = 0
    said: str = ""


def pack(header: Header, content: bytes) -> bytes:
    told = msgspec.json.encode(header)
    return len(told).to_bytes(_LENGTH, "big") + told + content


def unpack(content: bytes) -> tuple[Header, bytes]:
    """What `pack` was given. Raises SealBroken for what nobody packed."""
    end = _LENGTH + int.from_bytes(content[:_LENGTH], "big")
    try:
        return msgspec.json.decode(content[_LENGTH:end], type=Header), content[end:]
    except _HOSTILE:
        raise SealBroken from None
