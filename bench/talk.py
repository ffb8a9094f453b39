"""Turns a second, CPU a turn and memory of tinbao beside three others, in one run on one server. See bench/README.md.

The bots: tinbao (durable: SQLite, WAL, synchronous=FULL, committed before each answer), aiogram (FSM, MemoryStorage),
python-telegram-bot (ConversationHandler, PicklePersistence) and a bare aiohttp loop that does no work (the ceiling).
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.bots.ours import install
from bench.processes import child, peak_memory
from bench.starting import demo, help_seconds

PEOPLE = 64
BOTS = ("tinbao", "aiogram", "python-telegram-bot", "bare loop")
OURS = BOTS[0]
FILERS = 16
FILING_SECONDS = 5.0
LONE_SECONDS = 3.0
STARTS_WITHIN = 60.0  # seconds

Ask = Callable[..., dict[str, Any]]


@dataclass
class Bot:
    """A bot that runs, and what was measured of it, round by round."""

    name: str
    process: subprocess.Popen[str]
    rounds: list[dict[str, Any]] = field(default_factory=list)
    lone: dict[str, Any] = field(default_factory=dict)

    def middle(self, figure: str) -> float:
        return float(median(one[figure] for one in self.rounds))

    def figures(self) -> dict[str, float]:
        return {
            "turns_a_second": self.middle("per_second"),
            "cpu_us_a_turn": self.middle("cpu_a_turn"),
            "memory_mb": peak_memory(self.process.pid),
            "lone_median_ms": self.lone["median_ms"],
            "lone_p99_ms": self.lone["p99_ms"],
            "busy_p99_ms": self.middle("p99_ms"),
            "bot_share": self.middle("bot_share"),
            "server_share": self.middle("server_share"),
        }


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    options.add_argument("--rounds", type=int, default=3, help="rounds of each bot, in turn")
    options.add_argument("--seconds", type=float, default=4.0, help="seconds of a round, after one of warm-up")
    options.add_argument("--only", choices=BOTS, action="append", help="leave the others out (may be repeated)")
    options.add_argument("--json", action="store_true", help="one JSON document instead of a table")
    options.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the bots' folders and logs there")
    given = options.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tinbao-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        found = measure(stack, folder, given)
    print(json.dumps(found, indent=1, ensure_ascii=False) if given.json else table(found))


def measure(stack: ExitStack, folder: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Starts everything, lets the bots take turns, and returns all figures."""
    start = {"help_seconds": help_seconds(), **dict(zip(("demo_seconds", "demo_mb"), demo(folder), strict=True))}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    crowd = stack.enter_context(child(["-m", "bench.crowd"], folder / "crowd.log", **pipes))
    ask = _orders(crowd, folder / "crowd.log")
    bots = [_start(stack, folder, name, ask) for name in given.only or BOTS]
    for bot in bots:
        _wait_for(bot, ask, folder)
    for _ in range(given.rounds):
        for bot in bots:
            bot.rounds.append(_talk(ask, bot, people=PEOPLE, seconds=given.seconds))
    for bot in bots:
        bot.lone = _talk(ask, bot, seconds=LONE_SECONDS)
    figures = {bot.name: bot.figures() for bot in bots}
    ours = next((bot for bot in bots if bot.name == OURS), None)
    filed = _talk(ask, ours, people=FILERS, seconds=FILING_SECONDS, files=True)["conversations"] if ours else 0
    tips = filed / FILING_SECONDS
    return {"bots": figures, "ratios": _ratios(figures), "start": start, "tips_a_second": tips, "rounds": given.rounds}


def _orders(crowd: subprocess.Popen[str], log: Path) -> Ask:
    """What sends an order to the crowd's process and returns its answer."""
    assert crowd.stdin is not None
    assert crowd.stdout is not None
    orders, answers = crowd.stdin, crowd.stdout

    def ask(**order: Any) -> dict[str, Any]:
        orders.write(json.dumps(order) + "\n")
        orders.flush()
        answer = answers.readline()
        if not answer:
            raise SystemExit(f"the server ended: {log.read_text()[-800:]}")
        told: dict[str, Any] = json.loads(answer)
        return told

    return ask


def _start(stack: ExitStack, folder: Path, name: str, ask: Ask) -> Bot:
    own = folder / name.replace(" ", "-")
    own.mkdir(exist_ok=True)
    served = ask(act="serve", bot=name)
    at = ["--api", served["api"], "--token", served["token"]]
    arguments = {
        "tinbao": lambda: install(own, served["api"], served["token"]),
        "aiogram": lambda: ["-m", "bench.bots.aiogram_fsm", *at],
        "python-telegram-bot": lambda: ["-m", "bench.bots.ptb_conversation", *at, "--folder", str(own)],
        "bare loop": lambda: ["-m", "bench.bots.bare", *at],
    }[name]()
    return Bot(name, stack.enter_context(child(arguments, own / "log")))


def _talk(ask: Ask, bot: Bot, **how: Any) -> dict[str, Any]:
    return ask(act="talk", bot=bot.name, pid=bot.process.pid, **how)


def _wait_for(bot: Bot, ask: Ask, folder: Path) -> None:
    """Until the bot polls: its import may take seconds."""
    end = time.monotonic() + STARTS_WITHIN
    while not ask(act="polled", bot=bot.name)["polled"]:
        if time.monotonic() > end or bot.process.poll() is not None:
            log = (folder / bot.name.replace(" ", "-") / "log").read_text()
            raise SystemExit(f"{bot.name} does not start: {log[-800:]}")
        time.sleep(0.1)


def _ratios(figures: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Ours divided by each peer's."""
    ours = figures.get(OURS)
    compared = ("turns_a_second", "cpu_us_a_turn", "memory_mb", "lone_median_ms", "lone_p99_ms")
    peers = {name: theirs for name, theirs in figures.items() if name != OURS}
    return {name: {key: ours[key] / theirs[key] for key in compared} for name, theirs in peers.items()} if ours else {}


def table(found: dict[str, Any]) -> str:
    """All figures as text."""
    head = f"{'':20} turns/s  CPU µs/turn  memory MB  lone p50/p99 ms  busy p99 ms  core: bot  server"
    lines = [head, *(_line(name, one) for name, one in found["bots"].items()), "", f"{OURS} divided by:"]
    for name, one in found["ratios"].items():
        waits = f"{one['lone_median_ms']:8.2f} / {one['lone_p99_ms']:.2f}"
        numbers = f"{one['turns_a_second']:8.2f} {one['cpu_us_a_turn']:12.2f} {one['memory_mb']:10.2f}"
        lines.append(f"{name:20}{numbers} {waits}")
    start = found["start"]
    lines += [
        "",
        f"tips filed a second  {found['tips_a_second']:.1f}",
        f"tinbao --help        {start['help_seconds']:.2f} s",
        f"demo ready           {start['demo_seconds']:.2f} s (new folder, process start to HTTP 200)",
        f"demo memory          {start['demo_mb']:.0f} MB",
    ]
    return "\n".join(lines)


def _line(name: str, one: dict[str, float]) -> str:
    waits = f"{one['lone_median_ms']:8.1f} / {one['lone_p99_ms']:.1f}"
    shares = f"{one['bot_share']:9.0%} {one['server_share']:8.0%}"
    numbers = f"{one['turns_a_second']:8.0f} {one['cpu_us_a_turn']:12.0f} {one['memory_mb']:10.0f}"
    return f"{name:20}{numbers} {waits:>16} {one['busy_p99_ms']:12.0f} {shares}"


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
