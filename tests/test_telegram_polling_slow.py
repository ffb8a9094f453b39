"""One person's slow message on Telegram, and everybody else's."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.channels import telegram_download
from bot.channels.channel import Button, Said, TryLater
from tests.loopback.bot_api import BotApi
from tests.polling import channel_at, running

THREE = [("photo", b"a"), ("video", b"bb"), ("photo", b"ccc")]
SLOW = "7"


class House:
    """Hears; what `SLOW` writes takes until `go` is set. `begun` and `kept`: what was handed on, what is committed."""

    def __init__(self):
        self.begun, self.kept, self.go = [], [], asyncio.Event()

    async def hear(self, one):
        self.begun.append(one)
        if one.sender == SLOW:
            await self.go.wait()
        self.kept.append(one)

    def texts(self, sender):
        return [one.text for one in self.kept if one.sender == sender]

    async def has(self, count, *, begun=False):
        """Waits until so many are kept, or begun."""
        async with asyncio.timeout(20):
            while len(self.begun if begun else self.kept) < count:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(house, **more):
    """A server that treats haste as Telegram does, a channel, and a slow message that is being heard."""
    async with BotApi() as server:
        server.updates.slows_hasty = True
        async with running(server, house.hear, **more) as channel:
            await server.person(int(SLOW)).writes("chậm")
            await house.has(1, begun=True)
            yield server, channel
        assert server.complaints == []


def numbers_kept(server):
    """The updates that are not confirmed."""
    return [number for number, _ in server.updates._kept]


async def ends_well(server, house, count):
    """Once the slow one is through, all is confirmed, and all was handed on once."""
    house.go.set()
    await server.settled(0.05)
    assert Counter(one.key for one in house.begun).most_common(1)[0][1] == 1
    assert len(house.kept) == count


def test_a_slow_message_delays_nobody():
    """While one message is being heard, others' words, presses and albums are heard, in each chat's order, once."""

    async def scene():
        house = House()
        async with listening(house) as (server, channel):
            hoa, la = server.person(8), server.person(9)
            await hoa.writes("một")
            await hoa.writes("hai")
            await house.has(2)
            await channel.say("8", Said("Chọn", rows=((Button("Có", "yes"),),)))
            query = await hoa.presses(await hoa.sees("Chọn"), "Có")
            await la.sends_album(THREE, "ba ảnh", first=2)
            await hoa.writes("ba")
            assert await server.until(lambda: server.queries[query].answer)
            await house.has(5)
            assert [one.text or one.choice for one in house.kept if one.sender == "8"] == ["một", "hai", "yes", "ba"]
            assert [(one.text, len(one.files)) for one in house.kept if one.sender == "9"] == [("ba ảnh", 3)]
            assert numbers_kept(server) == list(range(1000, 1008))
            await ends_well(server, house, 6)

    asyncio.run(scene())


def test_what_the_slow_person_writes_meanwhile_keeps_its_order():
    """Further messages of the slow conversation are handed on in the order they came, over several looks."""

    async def scene():
        house = House()
        async with listening(house) as (server, _):
            for number in range(4):
                await server.person(7).writes(str(number))
                await house.has(number + 2, begun=True)
            assert [one.text for one in house.begun] == ["chậm", "0", "1", "2", "3"]
            assert house.kept == []
            await ends_well(server, house, 5)

    asyncio.run(scene())


def test_the_offset_goes_as_far_as_what_is_committed():
    """What stands before the slow message is confirmed, the slow one and what stands behind it are not."""

    async def scene():
        house = House()
        async with BotApi() as server:
            server.updates.slows_hasty = True
            for who in (8, 9, 7, 8, 9):
                await server.person(who).writes("x")
            channel = channel_at(server)
            task = asyncio.create_task(channel.run(house.hear))
            await house.has(4)
            assert await server.until(lambda: numbers_kept(server)[0] == 1002)
            before = server.calls["getUpdates"]
            assert await server.until(lambda: server.calls["getUpdates"] > before)
            assert numbers_kept(server) == [1002, 1003, 1004]
            await ends_well(server, house, 5)
            task.cancel()
            await asyncio.wait([task])
            await channel.close()

    asyncio.run(scene())


def test_a_crash_meanwhile_loses_nothing():
    """A channel that dies while one is slow leaves all from that one on: it is delivered again under the same keys."""

    async def scene():
        house = House()
        async with listening(house) as (server, _):
            for who in (8, 9, 10):
                await server.person(who).writes(str(who))
            await house.has(3)
        again = House()
        again.go.set()
        await server.start()
        async with running(server, again.hear):
            await server.settled(0.05)
        await server.stop()
        assert [one.key for one in again.kept] == ["u1000", "u1001", "u1002", "u1003"]
        assert [one.key for one in house.kept] == ["u1001", "u1002", "u1003"]

    asyncio.run(scene())


def test_what_is_being_heard_ends_with_the_channel():
    """Nothing goes on being heard after the channel was ended, so that it can't be kept by two."""

    async def scene():
        house = House()
        before = len(asyncio.all_tasks())
        async with listening(house) as (server, _):
            await server.person(8).writes("x")
            await house.has(1)
        house.go.set()
        await asyncio.sleep(0.05)
        assert [one.sender for one in house.kept] == ["8"]
        assert len(asyncio.all_tasks()) == before

    asyncio.run(scene())


class Failing(House):
    """Fails so many times at what says "hỏng"; `tried`: what person 8 wrote, each time it was handed on."""

    def __init__(self, times):
        super().__init__()
        self.left, self.tried = times, []

    async def hear(self, one):
        if one.sender == "8":
            self.tried.append(one.text)
        if one.text == "hỏng" and self.left:
            self.left -= 1
            raise OSError("disk full")
        await super().hear(one)


@pytest.mark.parametrize("times", [1, 4])
def test_what_can_not_be_kept_delays_nobody(times):
    """Among others, one that the house fails to keep is tried until it is kept, and nothing else is heard twice."""

    async def scene():
        house = Failing(times)
        async with listening(house, pause=0.2) as (server, _):
            for who, text in ((8, "hỏng"), (8, "sau"), (9, "khác")):
                await server.person(who).writes(text)
            await house.has(3)
            assert house.texts("9") == ["khác"]
            assert Counter(house.tried) == {"hỏng": times + 1, "sau": 1}
            assert numbers_kept(server) == [1000, 1001, 1002, 1003]
            await ends_well(server, house, 4)

    asyncio.run(scene())


def test_a_chat_is_not_overtaken():
    """What arrives in a chat while its last message can't be kept is heard after it."""

    async def scene():
        async with BotApi() as server:
            server.updates.slows_hasty = True
            kept, tried, broken = [], asyncio.Event(), True

            async def hear(one):
                if one.text == "một" and broken:
                    tried.set()
                    raise OSError("disk full")
                kept.append((one.sender, one.text))

            async with running(server, hear):
                await server.person(8).writes("một")
                await tried.wait()
                await server.person(8).writes("hai")
                await server.person(8).writes("ba")
                await server.person(9).writes("khác")
                assert await server.until(lambda: server.updates.fetched == 1003)
                while not kept:
                    await asyncio.sleep(0.01)
                assert kept == [("9", "khác")]
                broken = False
                await server.settled(0.05)
            assert kept == [("9", "khác"), ("8", "một"), ("8", "hai"), ("8", "ba")]

    asyncio.run(scene())


def test_a_hundred_behind_a_slow_one():
    """Of 150 updates with the first one stuck, what one poll shows is heard; the rest once the first is through."""

    async def scene():
        house = House()
        async with BotApi() as server:
            server.updates.slows_hasty = True
            for number in range(150):
                await server.person(7 + number).writes(str(number))
            channel = channel_at(server)
            task = asyncio.create_task(channel.run(house.hear))
            await house.has(99)
            await asyncio.sleep(1)
            assert (len(house.kept), server.updates.fetched, len(server.updates)) == (99, 1099, 150)
            assert server.calls["getUpdates"] == 1
            await ends_well(server, house, 150)
            assert [one.text for one in house.begun] == [str(number) for number in range(150)]
            task.cancel()
            await asyncio.wait([task])
            await channel.close()

    asyncio.run(scene())


def test_what_can_not_be_read_is_counted_once():
    """An unreadable update behind a slow one is skipped and counted once, however often it is shown."""

    async def scene():
        house = House()
        async with listening(house) as (server, channel):
            for bad in (b'{"update_id":1001,"message":5}', b"{}", b"null"):
                server.queue(bad)
            await server.person(8).writes("một")
            await house.has(1)
            await server.person(8).writes("hai")
            await house.has(2)
            assert channel.skipped == 3
            await ends_well(server, house, 3)
            assert channel.skipped == 3

    asyncio.run(scene())


def test_quick_messages_cost_no_look():
    """Where nothing is slow, a batch is one poll and the next one waits for news, confirming all of it."""

    async def scene():
        async with BotApi() as server:
            heard = []

            async def hear(one):
                await asyncio.sleep(0.01 * (len(heard) % 3))
                heard.append(one)

            for number in range(50):
                await server.person(100 + number).writes("x")
            async with running(server, hear):
                await server.settled(0.05)
                assert (len(heard), server.calls["getUpdates"]) == (50, 2)
                for number in range(5):
                    await server.person(100 + number).writes("y")
                    await server.settled(0.05)
                assert (len(heard), server.calls["getUpdates"]) == (55, 7)

    asyncio.run(scene())


class Trickling(BotApi):
    """Its files come byte by byte, and never end."""

    async def _download(self, name, request):
        self.calls["file"] += 1
        response = web.StreamResponse()
        await response.prepare(request)
        while not self._stopping.is_set():
            await response.write(b"x")
            await asyncio.sleep(0.02)
        return response


def test_a_file_that_trickles_is_given_up(monkeypatch):
    """A download in which bytes keep coming, but too slowly, ends with TryLater, and its error holds no address."""
    monkeypatch.setattr(telegram_download, "WITHIN", 0.3)

    async def scene():
        async with Trickling() as server:
            sent = await server.person(7).sends("document", b"x" * 1000)
            channel = channel_at(server)
            with pytest.raises(TryLater) as caught:
                await channel.download(sent.file, 1_000_000)
            assert server.calls["file"] == 1
            error = caught.value
            while error is not None:
                assert server.token not in repr(error)
                error = error.__context__
            await channel.close()

    asyncio.run(scene())
