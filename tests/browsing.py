"""A person's browser without a screen: reads a room over HTTP, presses, writes, tries again when the server dies."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

import httpx

PATIENCE = 60.0  # seconds until an answer is given up
_NEWEST = 4
_BUTTON = re.compile(r'<button[^>]* name="choice" value="([^"]*)">([^<]*)</button>')


@dataclass(frozen=True)
class Message:
    ref: str
    ours: bool
    text: str
    buttons: dict[str, str]


def read_page(page: str) -> list[Message]:
    """The messages on a room's page."""
    found = re.findall(r'<article id="m(\d+)" class="message (\w+)[^>]*>(.*?)</article>', page, re.DOTALL)
    return [
        Message(
            ref,
            who == "ours",
            unescape(re.sub(r"<[^>]+>", "", re.sub(r"<form.*</form>", "", body, flags=re.DOTALL))).strip(),
            {unescape(label): unescape(value) for value, label in _BUTTON.findall(body)},
        )
        for ref, who, body in found
    ]


@dataclass
class Person:
    """Speaks in one room. `say_path` and `path` are the room's; a citizen's room is the cookie `room`."""

    address: str
    path: str
    say_path: str
    room: str = ""
    name: str = ""
    acknowledged: Callable[[], None] = lambda: None
    inputs: int = 0
    client: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        cookies = {"tb": self.room} if self.room else None
        self.client = httpx.AsyncClient(base_url=self.address, cookies=cookies, timeout=20)

    async def _until_answered(self, send: Callable[[], object]) -> httpx.Response:
        """Sends again, the same, until somebody answers: as a page does whose reader presses once more."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    answer = await send()
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                    continue
                if answer.status_code != 503:
                    return answer

    async def messages(self) -> list[Message]:
        answer = await self._until_answered(lambda: self.client.get(self.path, params={"fragment": "1"}))
        assert answer.status_code == 200, answer.status_code
        return read_page(answer.text)

    async def send(self, **fields: str) -> None:
        """One input, with one key, until it is acknowledged."""
        self.inputs += 1
        form = {"key": f"{self.name}-{self.inputs:016}", "text": "", "choice": "", "reply_to": ""} | fields
        answer = await self._until_answered(
            lambda: self.client.post(self.say_path, params={"fragment": "1"}, data=form)
        )
        assert answer.status_code == 200, (answer.status_code, answer.text)
        self.acknowledged()

    async def write(self, text: str, *then: str) -> Message:
        await self.send(text=text)
        return await self.hears(*then)

    async def press(self, label: str, *then: str) -> Message:
        """Presses the button with this label on the newest message that has one, and waits for what is said then."""
        found = next(one for one in reversed(await self.messages()) if label in one.buttons)
        await self.send(choice=found.buttons[label], reply_to=found.ref)
        return await self.hears(*then)

    async def hears(self, *sentences: str) -> Message:
        """Waits until one of our newest messages says all this; a notice may have come in between."""
        newest: list[Message] = []
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    newest = (await self.messages())[: -_NEWEST - 1 : -1]
                    for one in newest:
                        if one.ours and all(sentence in one.text for sentence in sentences):
                            return one
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError((self.name, sentences, newest)) from None

    async def close(self) -> None:
        await self.client.aclose()
