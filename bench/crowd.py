"""The loopback Bot API server, and the people who talk to the bots through it, in one process.

People act as soon as they have their answer, one conversation after another, each conversation a new person: so a bot
is always busy, and what is counted is what it can do. Orders come as JSON lines on standard input, answers go out the
same way; at the end of the input everything stops.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

import msgspec
import psutil

from tests.loopback.bot_api import BotApi
from tests.loopback.people import Person, Seen

WARM_UP = 1.0  # seconds before counting
LAST_ANSWERS = 3.0  # seconds in which those who wait may still get their answer
WRITES = ("/tip", None, None, "phuong sa pa", "Tối nào cũng có nhóm thanh niên ở căn nhà cuối ngõ, xe máy ra vào.")
"""What a person does, act by act: writes this, or (None) presses the first button of the last message."""
PRESSES_FIRST, PRESSES_LAST = 0, -1
THEN_PRESSES, THEN_PRESSES_TO_FILE = 3, 7
"""Buttons that are pressed after all is written: two answers and the way out; or all the answers up to "Gửi"."""


class Order(msgspec.Struct):
    """What to do: `serve` one more bot's server, tell whether it is `polled`, or let `people` talk to a bot (process
    `pid`) for `seconds`.
    """

    act: Literal["serve", "polled", "talk"]
    bot: str
    pid: int = 0
    people: int = 1
    seconds: float = 1.0
    files: bool = False  # each conversation ends with a filed tip, not with "cancel"


class Measured(msgspec.Struct):
    """What came of a talk. Latencies are in milliseconds, CPU in microseconds a turn."""

    turns: int
    conversations: int
    per_second: float
    cpu_a_turn: float
    median_ms: float
    p99_ms: float
    server_share: float  # of one core, 0 to 1
    bot_share: float


@dataclass(eq=False)
class Talker:
    """One person in one conversation: how many acts are done, and since when the answer is waited for."""

    person: Person
    acts: int = 0
    since: float = 0.0


@dataclass
class Crowd:
    """The people of one bot."""

    server: BotApi
    files: bool = False
    talking: dict[int, Talker] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1_000_000))
    is_open: bool = False
    latencies: list[float] = field(default_factory=list)
    conversations: int = 0
    troubles: list[str] = field(default_factory=list)

    @property
    def last_act(self) -> int:
        return len(WRITES) - 1 + (THEN_PRESSES_TO_FILE if self.files else THEN_PRESSES)

    def comes(self) -> None:
        """Somebody new begins a conversation."""
        talker = Talker(self.server.person(next(self.numbers), "Người dân", language_code="vi"))
        self.talking[talker.person.id] = talker
        self.acts(talker, None)

    def watch(self, method: str, _params: Any, result: Any) -> None:
        """The server did what a bot asked: if that was an answer, its person goes on."""
        if method != "sendMessage":
            return
        talker = self.talking.get(result["chat"]["id"])
        if talker is None:
            return
        self.latencies.append(_now() - talker.since)
        asyncio.get_running_loop().call_soon(self.goes_on, talker, result)

    def goes_on(self, talker: Talker, message: Any) -> None:
        """The next act, or somebody else's first one. A finished person's chat is forgotten."""
        if talker.acts <= self.last_act:
            self.acts(talker, message)
            return
        self.conversations += 1
        del self.talking[talker.person.id], self.server.chats[talker.person.id]
        if self.is_open:
            self.comes()

    def acts(self, talker: Talker, message: Any) -> None:
        if message is not None and not self.is_open and talker.acts:
            del self.talking[talker.person.id]
            return
        number, talker.acts = talker.acts, talker.acts + 1
        talker.since = _now()
        written = WRITES[number] if number < len(WRITES) else None
        if written is not None:
            _write(self.server, talker.person, written)
            return
        is_last = number == self.last_act
        self.presses(talker, message, PRESSES_LAST if is_last and not self.files else PRESSES_FIRST)

    def presses(self, talker: Talker, message: Any, which: int) -> None:
        rows = message.get("reply_markup", {}).get("inline_keyboard", ())
        buttons = [button["callback_data"] for row in rows for button in row]
        if not buttons:
            self.troubles.append(f"act {talker.acts}: no buttons under {message['text'][:80]!r}")
            del self.talking[talker.person.id]
            return
        seen = Seen(message["message_id"], "", (tuple(buttons),), (tuple(buttons),), chat=talker.person.chat)
        _press(talker.person, seen, buttons[which])


def _write(server: BotApi, person: Person, text: str) -> None:
    """What Person.writes does, without its coroutine."""
    chat = person.chat
    chat.is_open = True
    server.updates.add("message", server.new_message(chat, person.user, {"text": text}))


def _press(person: Person, seen: Seen, data: str) -> None:
    """Person.presses awaits nothing: it is run to its end at once."""
    try:
        person.presses(seen, data).send(None)
    except StopIteration:
        return


def _now() -> float:
    return asyncio.get_running_loop().time()


async def talk(crowd: Crowd, order: Order) -> Measured:
    """Lets people talk; counts after a warm-up; waits for the last answers."""
    crowd.files, crowd.is_open = order.files, True
    for _ in range(order.people):
        crowd.comes()
    await asyncio.sleep(WARM_UP)
    crowd.latencies.clear()
    crowd.conversations = 0
    bot, here = psutil.Process(order.pid), psutil.Process(os.getpid())
    began, bot_before, here_before = _now(), _cpu(bot), _cpu(here)
    await asyncio.sleep(order.seconds)
    elapsed, bot_used, here_used = _now() - began, _cpu(bot) - bot_before, _cpu(here) - here_before
    waits, conversations = sorted(crowd.latencies), crowd.conversations
    await _close(crowd)
    if crowd.troubles or not waits:  # a bot that answers nobody for a whole round has lost something
        raise SystemExit(f"{order.bot}, {order.people} at once: {crowd.troubles[:3] or 'no answers came'}")
    return Measured(
        turns=len(waits),
        conversations=conversations,
        per_second=len(waits) / elapsed,
        cpu_a_turn=bot_used / len(waits) * 1e6,
        median_ms=statistics.median(waits) * 1e3,
        p99_ms=waits[min(len(waits) - 1, int(len(waits) * 0.99))] * 1e3,
        server_share=here_used / elapsed,
        bot_share=bot_used / elapsed,
    )


async def _close(crowd: Crowd) -> None:
    """Nobody begins anything; who waits gets the answer."""
    crowd.is_open = False
    end = _now() + LAST_ANSWERS
    while crowd.talking and _now() < end:
        await asyncio.sleep(0.02)
    crowd.talking.clear()
    await asyncio.sleep(0.1)
    crowd.server.queries.clear()
    crowd.server.chats.clear()


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def main() -> None:
    crowds: dict[str, Crowd] = {}
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = msgspec.json.decode(line, type=Order)
        if order.act == "serve":
            server = await BotApi(check_every=0).start()
            crowds[order.bot] = Crowd(server)
            server.watch = crowds[order.bot].watch
            answer: Any = {"api": server.url, "token": server.token}
        elif order.act == "polled":
            answer = {"polled": crowds[order.bot].server.updates.is_polled}
        else:
            answer = await talk(crowds[order.bot], order)
        print(msgspec.json.encode(answer).decode(), flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(130)
