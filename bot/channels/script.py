"""A channel of said and heard lines: the tests' transcripts and the README's speak through it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.channels.channel import Capabilities, Hear, Said, TooBig

_CAN = Capabilities(
    buttons=True, edit=True, erase=True, groups=True, text_limit=4096, files_in=True, location=True, sound=True
)


@dataclass
class Script:
    """Keeps what was said in each chat, in order; an edited message stands where it stood."""

    name: str = "script"
    can: Capabilities = _CAN
    chats: dict[str, dict[str, Said]] = field(default_factory=dict)
    said: int = 0
    files: dict[str, bytes] = field(default_factory=dict)  # what `download` hands out, by ref

    async def run(self, hear: Hear) -> None:  # noqa: ARG002 - what it hears is handed to the house by the script
        await asyncio.Event().wait()

    async def say(self, chat: str, said: Said) -> str:
        messages = self.chats.setdefault(chat, {})
        self.said += 1
        ref = str(self.said)
        messages[ref] = said
        return ref

    async def edit(self, chat: str, ref: str, said: Said) -> None:
        self.chats[chat][ref] = said

    async def erase(self, chat: str, refs: Sequence[str]) -> int:
        return sum(self.chats[chat].pop(ref, None) is not None for ref in refs)

    async def clear(self, chat: str) -> int:
        return len(self.chats.pop(chat, {}))

    async def download(self, ref: str, at_most: int) -> bytes:
        if len(self.files[ref]) > at_most:
            raise TooBig
        return self.files[ref]

    async def close(self) -> None:
        """Nothing is held."""
