"""The Telegram channel on a loopback server, for its tests: one that polls, and one that only says."""

import asyncio
from contextlib import asynccontextmanager, suppress

from bot.channels.telegram import Telegram
from tests.loopback.bot_api import BotApi


class NoOffset:
    """An offset store that holds nothing."""

    async def load(self):
        return 0

    async def save(self, offset):
        raise AssertionError("no offset is saved")


def channel_at(server, **more):
    return Telegram(
        more.pop("token", server.token), server.url, offsets=NoOffset(), **{"poll": 5, "pause": 0.01} | more
    )


@asynccontextmanager
async def running(server, hear, **more):
    """The channel, polling the server, handing on to `hear`."""
    channel = channel_at(server, **more)
    task = asyncio.create_task(channel.run(hear))
    try:
        assert await server.until(lambda: channel.username and server.updates.is_polled)
        yield channel
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await channel.close()


def heard_by(acts, *, privacy=False):
    """What the channel hands on while people act, and the server it came from."""

    async def scene():
        heard = []

        async def hear(one):
            heard.append(one)

        async with BotApi(privacy=privacy) as server, running(server, hear):
            server.updates.slows_hasty = True
            await acts(server)
            await server.settled(0.05)
            assert server.complaints == []
        return heard

    return asyncio.run(scene())


def saying(act, **more):
    """Runs `act(server, channel, person)` with a channel that only says."""

    async def scene():
        async with BotApi() as server:
            person = server.person(7, first_name="An")
            await person.writes("chào")
            channel = channel_at(server, answer_within=1.0, **more)
            try:
                await act(server, channel, person)
            finally:
                await channel.close()
            assert server.complaints == []

    asyncio.run(scene())
