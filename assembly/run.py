"""`tinbao run`: everything that config.toml enables, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from assembly.demo import open_demo
from assembly.errors import Unusable
from assembly.parts import Opened, Parts, open_storage, put_together, read_programme
from assembly.telegram import telegram_channel
from assembly.web import web_channel
from bot.channels.channel import Channel
from bot.channels.web import listen
from bot.clock import Clock
from bot.config import Config
from bot.logs import set_up_logs
from bot.storage.units import all_plans
from bot.storage.web_rooms import WebRooms
from bot.words import say


async def open_installation(config: Config) -> Parts:
    """The installation that config describes, ready to run. Raises Unusable and what storage raises."""
    opened = await open_storage(config, Clock(), alone=True)
    try:
        return await _with_channels(opened)
    except BaseException:
        await opened.close()
        raise


async def _with_channels(opened: Opened) -> Parts:
    config = opened.config
    async with opened.database.work() as work:
        if not await all_plans(work):
            raise Unusable("cli-no-plan")
    rooms = WebRooms(opened.database, opened.keyring.rooms, opened.clock)
    channels: list[Channel] = []
    values: dict[str, object] = {}
    if config.web.enabled:
        lines = (await read_programme(opened)).hotlines
        channels.append(web_channel(opened, rooms, _listen(config), hotlines=lines))
    if config.telegram.enabled:
        telegram, values["bot_link"] = await telegram_channel(opened)
        channels.append(telegram)
    if not channels:
        raise Unusable("cli-no-channel")
    return await put_together(opened, rooms, channels, **values)


def _listen(config: Config) -> socket.socket:
    """The web channel's socket, on the very port that config names: a proxy knows no other."""
    try:
        return listen(config.web.host, config.web.port, or_next=0)
    except OSError as error:
        raise Unusable(
            "serving-not-listening", host=config.web.host, port=str(config.web.port), why=error.strerror or ""
        ) from None


def run_installation(config: Config, language: str) -> None:
    set_up_logs()
    asyncio.run(_until_told(_run(config, language)))


async def _run(config: Config, language: str) -> None:
    parts = await open_installation(config)
    print(say(language, "cli-running", {"channels": ", ".join(parts.channels)}), flush=True)  # noqa: T201 - a command's answer
    await parts.run()


def run_demo(folder: Path, port: int, language: str) -> None:
    set_up_logs("warning")
    asyncio.run(_until_told(_demo(folder, port, language)))


async def _demo(folder: Path, port: int, language: str) -> None:
    parts = await open_demo(folder, port)
    web = parts.opened.config.web
    if web.port != port:
        print(say(language, "cli-port-taken", {"port": str(port), "other": str(web.port)}), flush=True)  # noqa: T201
    values = {"address": parts.opened.config.web_address, "key": str(folder / "reader.key"), "data": str(folder)}
    print(say(language, "cli-demo-open", values), flush=True)  # noqa: T201
    await parts.run()


async def _until_told(running: Coroutine[Any, Any, None]) -> None:
    """Runs until SIGINT or SIGTERM; what is being said is finished first."""
    task = asyncio.ensure_future(running)
    loop = asyncio.get_running_loop()
    for told in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(told, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return
