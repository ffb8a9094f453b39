"""Ours: `tinbao run` itself, on an installation made for the bench: its plan, one reader, Telegram only."""

from __future__ import annotations

import asyncio
from pathlib import Path

from assembly.init import found
from assembly.keys import add_public, make_key
from assembly.parts import open_storage
from bot.clock import Clock
from bot.config import read_config

ROOT = Path(__file__).parents[2]

CONFIG = """\
source = "https://tinbao.example/source"
data = "data"
plans = ["{plan}"]

[web]
enabled = false

[telegram]
enabled = true
token_file = "token"
api = "{api}"
"""


def install(folder: Path, api: str, token: str) -> list[str]:
    """Makes the installation in the folder; returns the arguments that run it."""
    config = folder / "config.toml"
    (folder / "token").write_text(token)
    config.write_text(CONFIG.format(plan=ROOT / "plans/lao-cai-2026.toml", api=api))
    asyncio.run(_install(config))
    return [str(ROOT / "tinbao.py"), "run", "--config", str(config)]


async def _install(config: Path) -> None:
    await found(config, another_admin=False, admin_name="bench", desk_name="bench")
    public = make_key(config.parent / "reader.key", "bench", None)
    opened = await open_storage(read_config(config), Clock())
    await add_public(opened, public.text())
    await opened.close()
