"""`tinbao demo`: a sample province on this machine, with a clock that can be moved; no token, no network."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from assembly.parts import Opened, Parts, create_keys, open_storage, put_together, read_programme
from assembly.plans import load_plan
from assembly.web import web_channel
from bot.channels.web import listen, port_of
from bot.clock import Clock
from bot.config import Config, TipsSection, WebSection
from bot.storage.key_file import make_reader_key
from bot.storage.tips import ReaderKey, active_readers, add_reader
from bot.storage.web_rooms import WebRooms
from console.demo import SampleProvince, demo_clock
from handlers.join import door_key

PLAN = Path(__file__).parent.parent / "plans/lao-cai-2026.toml"
READER_KEY = "reader.key"
HOST = "127.0.0.1"


async def open_demo(folder: Path, port: int) -> Parts:
    """The sample province, ready to run. Raises OSError when no port is free, StorageError when it runs already."""
    config = Config(
        data="data",
        home=folder,
        plans=(str(PLAN),),
        web=WebSection(port=port, secure=False),
        tips=TipsSection(notice_delay=(0, 0)),
    )
    create_keys(config.data_folder)
    opened = await open_storage(config, Clock(), alone=True)
    opened.clock = clock = await demo_clock(opened.database)
    await _found(opened, folder)
    listener = listen(HOST, port)
    opened.config = config = config_on(config, port_of(listener))
    programme = await read_programme(opened)
    province = SampleProvince(opened.database, opened.keyring, clock, programme)
    await province.furnish(partial(door_key, opened.keyring))
    rooms = WebRooms(opened.database, opened.keyring.rooms, clock)
    web = web_channel(opened, rooms, listener, province, programme.hotlines)
    parts = await put_together(opened, rooms, [web])
    province.ring, province.next_at = parts.clockwork.ring, parts.reminders.next_at
    return parts


def config_on(config: Config, port: int) -> Config:
    """The config with the port that was free."""
    web = WebSection(port=port, secure=False)
    return Config(data=config.data, home=config.home, plans=config.plans, web=web, tips=config.tips)


async def _found(opened: Opened, folder: Path) -> None:
    """Loads the plan, and makes a reader whose key lies beside the data: a sample's, protected by nothing."""
    await load_plan(opened, PLAN)
    async with opened.database.work() as work:
        if await active_readers(work):
            return
        key = make_reader_key("demo")
        (folder / READER_KEY).write_text(key.text(None), encoding="utf-8")
        (folder / READER_KEY).chmod(0o600)
        await add_reader(work, ReaderKey("demo", "demo", key.known.public))
