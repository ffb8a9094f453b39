"""What comes along with a message on Telegram: files, albums, positions, and what nobody takes."""

import asyncio
import logging

import pytest

from bot.channels.channel import Attachment
from bot.channels.telegram_albums import MOST_LOOKS
from tests.loopback.bot_api import BotApi
from tests.polling import channel_at, heard_by, running

SORTS = {
    "photo": "photo",
    "document": "file",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "voice": "sound",
    "audio": "sound",
}


# files


@pytest.mark.parametrize("kind", SORTS)
def test_a_file_is_heard(kind):
    """A photo, document, video … is one file of its sort and size; the caption is the text, the ref the message."""
    sent = []

    async def acts(server):
        an = server.person(7, first_name="An")
        sent.append(await an.sends(kind, b"x" * 100))
        sent.append(await an.sends(kind, b"x" * 100, "xem này"))

    one, two = heard_by(acts)
    assert one.files == (Attachment(ref=sent[0].file, sort=SORTS[kind], size=100),)
    assert [(it.text, it.attached, it.position) for it in (one, two)] == [("", False, None), ("xem này", False, None)]
    assert [it.ref for it in (one, two)] == [str(it.id) for it in sent]


def test_the_largest_photo_that_can_be_fetched_is_taken():
    """Of a photo's sizes it is the largest of at most 20 MB; where none is, the largest, which is then too big."""
    sizes = [("a", 90, 1000), ("b", 800, 90_000), ("c", 4000, 20_000_000), ("d", 9000, 20_000_001)]

    def update(number, some):
        photo = [
            {"file_id": name, "file_unique_id": name, "width": w, "height": w, "file_size": size}
            for name, w, size in some
        ]
        head = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}
        sender = {"id": 7, "is_bot": False, "first_name": "An"}
        return {"update_id": number, "message": head | {"from": sender, "photo": photo}}

    async def acts(server):
        server.queue(update(2000, sizes))
        server.queue(update(2001, sizes[::-1]))
        server.queue(update(2002, sizes[3:]))
        server.queue(update(2003, [("e", 90, 0), ("f", 800, 0)]))

    assert [one.files[0].ref for one in heard_by(acts)] == ["c", "c", "d", "f"]


@pytest.mark.parametrize("kind", ["sticker", "dice", "poll"])
def test_what_nobody_takes_is_told(kind):
    """A sticker, a poll or dice is heard as something that came along."""

    async def acts(server):
        await server.person(7).sends_other(kind)

    (heard,) = heard_by(acts)
    assert (heard.attached, heard.files, heard.position, heard.text) == (True, (), None, "")


def test_names_and_numbers_are_not_read():
    """A file's name, a shared contact and a venue's name and address are not in what is heard, whatever was sent."""

    async def acts(server):
        an = server.person(7)
        await an.sends("document", b"x", name="canary-nguyen-van-an.pdf")
        await an.sends("audio", b"x", name="canary.mp3")
        await an.shares_contact("+84canary", "Canary")
        await an.shares_venue(22.48, 103.97, "canary quán", "canary phố")

    heard = heard_by(acts)
    assert [(len(one.files), one.attached) for one in heard] == [(1, False), (1, False), (0, True), (0, False)]
    assert "canary" not in str(heard).lower()


# positions


def test_a_position_is_heard():
    """A point and a venue are a position; one off the globe is only something that came along."""

    async def acts(server):
        an = server.person(7)
        await an.shares_position(22.4856, 103.9707)
        await an.shares_venue(22, 104, "Chợ", "Lào Cai")
        await an.shares_position(91.0, 10.0)
        await an.shares_position(10.0, -180.5)

    heard = heard_by(acts)
    assert [one.position for one in heard] == [(22.4856, 103.9707), (22.0, 104.0), None, None]
    assert [one.attached for one in heard] == [False, False, True, True]
    assert all(one.ref for one in heard)


def test_positions_are_not_logged(caplog, capsys):
    """At DEBUG, also when the house fails, no log holds a shared position."""
    caplog.set_level(logging.DEBUG)

    async def scene():
        async with BotApi() as server:
            failures = iter([True])

            async def hear(one):
                if next(failures, False):
                    raise OSError("disk full")

            async with running(server, hear):
                await server.person(7).shares_position(22.485611, 103.970722)
                await server.settled(0.05)

    asyncio.run(scene())
    output = capsys.readouterr()
    logged = caplog.text + output.out + output.err
    assert "could not be kept" in logged
    assert "22.4856" not in logged
    assert "103.97" not in logged


# edits


def test_an_edit_reaches_nobody():
    """What a person changes afterwards, text or caption, is not heard: it is not even asked for."""

    async def acts(server):
        an = server.person(7)
        text, photo = await an.writes("đầu"), await an.sends("photo", b"x", "chú thích")
        await server.settled(0.05)
        await an.changes(text, "khác")
        await an.changes(photo, "khác")
        assert len(server.updates) == 0
        await an.writes("cuối")

    assert [one.text for one in heard_by(acts)] == ["đầu", "chú thích", "cuối"]


# albums

THREE = [("photo", b"a"), ("video", b"bb"), ("photo", b"ccc")]


@pytest.mark.parametrize("captioned", [0, 2])
@pytest.mark.parametrize("first", [0, 1, 2])
def test_an_album_is_one_message(first, captioned):
    """However its items are split over polls, an album is heard once: all files, its caption, the first one's key."""
    sent = []

    async def acts(server):
        an = server.person(7)
        sent.extend(await an.sends_album(THREE, "ba ảnh", captioned=captioned, first=first))
        await server.settled(0.05)
        await an.writes("xong")

    album, after = heard_by(acts)
    assert [(file.ref, file.sort, file.size) for file in album.files] == [
        (one.file, kind, len(content)) for one, (kind, content) in zip(sent, THREE, strict=True)
    ]
    assert (album.text, album.key, after.key) == ("ba ảnh", "u1000", "u1003")
    assert album.ref == ",".join(str(one.id) for one in sent)
    assert after.text == "xong"


def test_albums_of_several_people_do_not_mix():
    """Items that arrive among each other's and among other messages make an album for each, in each chat's order."""

    async def acts(server):
        an, hoa = server.person(7), server.person(8)
        await an.writes("trước")
        await asyncio.gather(an.sends_album(THREE, "của An", first=1), hoa.sends_album(THREE, "của Hoa", first=2))
        await hoa.writes("sau")

    heard = heard_by(acts)
    by = {who: [(one.text, len(one.files)) for one in heard if one.sender == who] for who in "78"}
    assert by == {"7": [("trước", 0), ("của An", 3)], "8": [("của Hoa", 3), ("sau", 0)]}


def test_what_follows_in_the_chat_ends_the_waiting():
    """An album that something else follows in its chat is whole: it is handed on at once, and before that."""

    async def scene():
        async with BotApi() as server:
            an, heard = server.person(7), []
            await an.sends_album(THREE)
            await an.writes("sau")

            async def hear(one):
                heard.append(one)

            async with running(server, hear):
                await server.settled(0.05)
                assert [len(one.files) for one in heard] == [3, 0]
                assert server.calls["getUpdates"] == 2

    asyncio.run(scene())


def test_others_do_not_wait_for_an_album():
    """While an album is looked at again, what others say is heard, once."""

    async def acts(server):
        an, hoa = server.person(7), server.person(8)
        await an.sends_album(THREE, "album", first=2)
        await hoa.writes("một")
        await hoa.writes("hai")

    heard = heard_by(acts)
    assert [one.text for one in heard if one.sender == "8"] == ["một", "hai"]
    assert [(one.text, len(one.files)) for one in heard if one.sender == "7"] == [("album", 3)]


def test_nothing_of_an_album_is_confirmed_before_it_is_kept():
    """A channel that dies while it looks again, or while the house is at it, leaves the whole album, with its key."""

    async def scene():
        async with BotApi() as server:
            an, begun, heard = server.person(7), asyncio.Event(), []

            async def dies(one):
                begun.set()
                await asyncio.Event().wait()

            async def hear(one):
                heard.append(one)

            async with running(server, dies):
                await an.sends_album(THREE, first=2)
                assert not begun.is_set()
            assert len(server.updates) == 3
            channel = channel_at(server)
            task = asyncio.create_task(channel.run(dies))
            await begun.wait()
            task.cancel()
            await asyncio.wait([task])
            await channel.close()
            assert len(server.updates) == 3
            async with running(server, hear):
                await server.settled(0.05)
            assert [(one.key, len(one.files)) for one in heard] == [("u1000", 3)]

    asyncio.run(scene())


def test_an_album_the_house_could_not_keep_comes_again_whole():
    """When storage fails at an album, it is handed on again as it was, and others' messages are not."""

    async def scene():
        async with BotApi() as server:
            an, hoa, heard, failures = server.person(7), server.person(8), [], iter([True])

            async def hear(one):
                if one.files and next(failures, False):
                    raise OSError("disk full")
                heard.append((one.key, len(one.files)))

            async with running(server, hear):
                await an.sends_album(THREE)
                await hoa.writes("x")
                await server.settled(0.05)
            assert sorted(heard) == [("u1000", 3), ("u1003", 0)]

    asyncio.run(scene())


def test_a_straggler_is_a_message_of_its_own():
    """An item that comes when its album was handed on already is heard by itself, with its own key."""

    async def scene():
        async with BotApi() as server:
            an, heard = server.person(7), []

            async def hear(one):
                heard.append(one)

            async with running(server, hear):
                await an.sends_album(THREE[:2])
                await server.settled(0.05)
                group = an.chat.messages[1]["media_group_id"]
                photo = an.chat.messages[1]["photo"]
                message = server.new_message(an.chat, an.user, {"photo": photo, "media_group_id": group})
                server.updates.add("message", message)
                await server.settled(0.05)
            assert [(one.key, len(one.files)) for one in heard] == [("u1000", 2), ("u1002", 1)]

    asyncio.run(scene())


def test_the_looks_are_bounded():
    """An album whose items drop in one by one is not waited for endlessly."""

    async def scene():
        async with BotApi() as server:
            an, heard = server.person(7), []

            async def hear(one):
                heard.append(one)

            async def drop(photo):
                message = server.new_message(an.chat, an.user, {"photo": photo, "media_group_id": "g"})
                number = server.updates.add("message", message)
                assert await server.until(lambda: heard or server.updates.fetched >= number)

            await an.sends("photo")
            photo = an.chat.messages[1]["photo"]
            async with running(server, hear):
                heard.clear()
                while not heard:
                    await drop(photo)
            assert len(heard[0].files) == MOST_LOOKS + 1

    asyncio.run(scene())


def test_ten_items_are_a_whole_album():
    """An album of ten, which is Telegram's most, is not waited for."""

    async def scene():
        async with BotApi() as server:
            an, heard = server.person(7), []
            await an.sends_album([("photo", b"x")] * 10)

            async def hear(one):
                heard.append(one)

            async with running(server, hear):
                await server.settled(0.05)
                assert [len(one.files) for one in heard] == [10]
                assert server.calls["getUpdates"] == 2

    asyncio.run(scene())


def test_a_full_batch_is_not_waited_for():
    """Where more waits already, the next poll shows the rest of an album: a flood of others is not slowed down."""

    async def scene():
        async with BotApi() as server:
            an, heard = server.person(7), []
            for number in range(98):
                await server.person(100 + number).writes(str(number))
            await an.sends_album(THREE, "album")
            await an.writes("sau")

            async def hear(one):
                heard.append(one)

            async with running(server, hear):
                server.updates.slows_hasty = True
                await server.settled(0.05)
                assert server.calls["getUpdates"] == 3
            assert [len(one.files) for one in heard] == [0] * 98 + [3, 0]

    asyncio.run(scene())


def test_an_album_at_the_end_of_a_full_batch_is_looked_at_too():
    """An album that a full batch cuts off, and whose rest is not there in the next poll either, is one message."""

    async def scene():
        async with BotApi() as server:
            an, heard = server.person(7), []
            await an.sends("photo")
            photo = an.chat.messages[1]["photo"]
            for number in range(98):
                await server.person(100 + number).writes(str(number))

            def drop():
                message = server.new_message(an.chat, an.user, {"photo": photo, "media_group_id": "g"})
                server.updates.add("message", message)

            async def hear(one):
                heard.append(one)

            drop()
            server.updates.slows_hasty = True
            channel = channel_at(server)
            task = asyncio.create_task(channel.run(hear))
            assert await server.until(lambda: server.calls["getUpdates"] == 2)
            drop()
            await server.settled(0.05)
            task.cancel()
            await asyncio.wait([task])
            await channel.close()
            assert [len(one.files) for one in heard] == [1, *[0] * 98, 2]

    asyncio.run(scene())


def test_an_album_that_others_fill_a_batch_with_is_handed_on():
    """An album whose items stand at both ends of a full batch can't be seen any further: it does not stop the queue."""

    async def scene():
        async with BotApi() as server:
            an, heard = server.person(7), []
            await an.sends("photo")
            photo = an.chat.messages[1]["photo"]

            def drop():
                message = server.new_message(an.chat, an.user, {"photo": photo, "media_group_id": "g"})
                server.updates.add("message", message)

            server.updates.confirm(2000)
            drop()
            for number in range(98):
                await server.person(100 + number).writes(str(number))
            drop()
            drop()

            async def hear(one):
                heard.append(one)

            async with running(server, hear):
                await server.settled(0.05)
            assert [len(one.files) for one in heard if one.files] == [2, 1]
            assert len(heard) == 100

    asyncio.run(scene())


def test_an_album_in_a_group_is_for_us_as_a_whole():
    """An album whose caption names the bot, or that replies to it, is heard with all its files; another is not."""

    async def acts(server):
        an = server.person(7)
        group = server.group("Tổ", [an])
        ours = server.says(group, "Gửi ảnh")
        await an.sends_album(THREE, in_=group)
        await an.sends_album(THREE, "nhờ @tinbao_bot xem", captioned=1, in_=group)
        await an.sends_album(THREE, in_=group, reply_to=ours)

    named, replied = heard_by(acts)
    assert [len(one.files) for one in (named, replied)] == [3, 3]
    assert replied.reply_to == "1"
