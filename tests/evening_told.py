"""A story told on a channel, and the search of all that is kept, logged and printed while it is told and after it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from tests.canaries import Finds
from tests.marks import WORDS
from tests.telling import Told
from tests.telling_channels import CHANNELS
from tests.written_down import written_down

Story = Callable[[Told, Finds], Awaitable[None]]


def told(folder: Path, channel: str, story: Story) -> Finds:
    """What is found in the data folder, the logs, on standard output and error, in the limits' memory, and, of what no
    reader is to learn, in the reader's copy.
    """

    async def main() -> Told:
        citizen = CHANNELS[channel](folder)
        await citizen.open()
        try:
            await story(citizen, finds)
            finds.update(await citizen.read_copy(), citizen.held_by_limits())
            look(citizen, finds)
        finally:
            await citizen.leave()
        return citizen

    finds: Finds = set()
    with written_down(folder / "logs") as logs_folder:
        citizen = asyncio.run(main())
        _a_library_quotes(citizen)
        structlog.get_logger("tinbao").debug("the last line")
    canaries = citizen.canaries
    finds |= canaries.search_folder(citizen.data) | canaries.search_folder(logs_folder)
    assert {"tinbao.sqlite", "installation.key", "stdout.txt", "stderr.txt", "operator.log"} <= set(canaries.searched)
    assert (logs_folder / "stderr.txt").stat().st_size > 1000
    return finds


def look(citizen: Told, finds: Finds) -> None:
    """Searches the data folder as it lies there now."""
    finds.update(citizen.canaries.search_folder(citizen.data))


def _a_library_quotes(citizen: Told) -> None:
    """As asyncpg, asyncio or a driver at DEBUG may: in the message, in its values, in an error's words."""
    quoted = ", ".join(map(str, citizen.canaries.words.values()))
    logging.getLogger("asyncio").error("task failed: %s, %s", quoted, WORDS, exc_info=ValueError(quoted))
    logging.getLogger("aiosqlite").debug(quoted, stack_info=True)
