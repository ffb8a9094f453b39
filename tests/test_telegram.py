"""The Telegram channel, against the loopback Bot API server."""

import asyncio
import html
import logging
import socket
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.channel import Button, ChatLost, ChatMoved, FateUnknown, Refused, Said, TryLater
from bot.channels.telegram import Telegram, UnknownToken
from bot.channels.telegram_messages import edited, messages
from tests.loopback.bot_api import BotApi
from tests.loopback.entities import parse_html, utf16_length
from tests.loopback.world import DAY
from tests.polling import NoOffset, channel_at, heard_by, running, saying

ROWS = ((Button("Có", "yes"), Button("Không", "no")),)


# hearing


def test_a_private_message_is_heard():
    """A text carries chat, sender, key, name and language."""

    async def acts(server):
        person = server.person(7, first_name="An", last_name="Nguyễn", language_code="vi")
        await person.writes("xin chào")

    (heard,) = heard_by(acts)
    assert (heard.channel, heard.chat, heard.sender, heard.private) == ("telegram", "7", "7", True)
    assert (heard.text, heard.name, heard.language) == ("xin chào", "An Nguyễn", "vi")
    assert heard.key.startswith("u")


@pytest.mark.parametrize(
    ("written", "text", "start"),
    [
        ("/start", "/start", ""),
        ("/start AB-12_x", "/start", "AB-12_x"),
        ("/start@tinbao_bot AB12", "/start", "AB12"),
        ("/start " + "x" * 65, "/start " + "x" * 65, ""),
        ("/start xin chào", "/start xin chào", ""),
        ("/help@TINBAO_BOT tôi", "/help tôi", ""),
        ("/help", "/help", ""),
        ("/ help", "/ help", ""),
        ("a" * 5000, "a" * 4096, ""),
    ],
)
def test_commands_and_links(written, text, start):
    """A link's payload is told apart from the command; the bot's own name is taken off."""

    async def acts(server):
        await server.person(7).writes(written)

    (heard,) = heard_by(acts)
    assert (heard.text, heard.start) == (text, start)


def test_groups():
    """In a group one hears replies with their ref, not what is for another bot, and knows the group's title."""

    async def acts(server):
        an = server.person(7, first_name="An")
        group = server.group("Sở Y tế", [an])
        first = server.says(group, "Bao nhiêu?")
        await an.writes("/xong", in_=group)
        await an.writes("/xong@other_bot", in_=group)
        await an.writes("hai", in_=group, reply_to=first)

    one, two = heard_by(acts)
    assert (one.private, one.chat_title, one.chat[0]) == (False, "Sở Y tế", "-")
    assert (two.text, two.reply_to) == ("hai", "1")


@pytest.mark.parametrize("status", ["member", "administrator"])
def test_what_people_say_to_each_other_is_not_heard(status):
    """In a group where Telegram tells the bot everything, only commands, replies to it and its name are heard."""

    async def acts(server):
        an = server.person(7, first_name="An")
        group = server.group("Tổ", [an], bot=status)
        ours = server.says(group, "Chào")
        mine = await an.writes("chuyện riêng", in_=group)
        await an.writes("nhắc lại", in_=group, reply_to=mine)
        await an.writes("an@tinbao_bot.vn, @tinbao_bot2, tinbao_bot", in_=group)
        await an.writes("/trogiup", in_=group)
        await an.writes("vâng", in_=group, reply_to=ours)
        await an.writes("nhờ @TinBao_bot xem", in_=group)
        await an.sends("photo", in_=group)

    assert [one.text for one in heard_by(acts)] == ["/trogiup", "vâng", "nhờ @TinBao_bot xem"]


def test_membership_and_migration():
    """Being brought into a group is a /start there; being thrown out is nothing; a move tells the new address."""

    async def acts(server):
        an = server.person(7, first_name="An")
        group = server.group("Tổ", [an], bot="left")
        await group.adds_bot(an)
        await group.adds_bot(an, "administrator")
        await group.moves()
        await group.kicks_bot(an)
        await an.blocks()

    start, moved = heard_by(acts)
    assert (start.text, start.chat_title, start.sender) == ("/start", "Tổ", "7")
    assert (moved.chat, moved.text) == (start.chat, "")
    assert int(moved.moved_to) < -1_000_000_000_000


def test_what_is_not_for_us():
    """Bots, channels, edits, service messages, inline queries and empty presses are not handed on."""
    person = {"id": 7, "is_bot": False, "first_name": "An"}
    chat = {"id": 7, "type": "private"}
    head = {"message_id": 1, "date": 1, "chat": chat}
    ignored = [
        {"message": head | {"from": person | {"is_bot": True}, "text": "x"}},
        {"message": head | {"from": person, "new_chat_title": "x"}},
        {"message": head | {"text": "x"}},
        {"message": head | {"from": person, "sender_chat": {"id": -1, "type": "channel"}, "text": "x"}},
        {"edited_message": head | {"from": person, "text": "x"}},
        {"channel_post": head | {"text": "x"}},
        {"callback_query": {"id": "1", "from": person, "chat_instance": "1", "data": "x"}},
        {"callback_query": {"id": "1", "from": person, "chat_instance": "1", "message": head, "game_short_name": "x"}},
        {"inline_query": {"id": "1", "from": person, "query": "", "offset": ""}},
    ]

    async def acts(server):
        for number, update in enumerate(ignored):
            server.queue({"update_id": 2000 + number} | update)
        server.queue({"update_id": 3000, "message": head | {"from": person, "photo": [{"file_id": "x"}]}})

    (heard,) = heard_by(acts)
    assert (heard.key, heard.text) == ("u3000", "")


def test_a_press_is_heard_and_answered():
    """A pressed button carries its data and the message's ref; Telegram gets its answer after the house took it."""

    async def scene():
        async with BotApi() as server:
            an = server.person(7, first_name="An")
            heard = []

            async def hear(one):
                heard.append(one)
                if one.text:
                    await channel.say(one.chat, Said("Chọn", rows=ROWS))

            async with running(server, hear) as channel:
                await an.writes("chào")
                message = await an.sees("Chọn")
                assert message.buttons == (("Có", "Không"),)
                number = await an.presses(message, "Không")
                assert await server.until(lambda: server.queries[number].answer)
                assert (heard[-1].choice, heard[-1].reply_to) == ("no", str(message.id))
                server.queue({"update_id": 5000, "callback_query": _stale_press()})
                await server.settled()
                assert heard[-1].choice == "old"
                assert server.complaints == []

    asyncio.run(scene())


def _stale_press():
    chat = {"id": 7, "type": "private", "first_name": "An"}
    return {
        "id": "999",
        "from": {"id": 7, "is_bot": False, "first_name": "An"},
        "message": {"message_id": 1, "date": 0, "chat": chat},
        "chat_instance": "1",
        "data": "old",
    }


def test_order_is_kept():
    """A batch is handed on side by side, each message begun in the order it came."""

    async def acts(server):
        for number in range(150):
            await server.person(number % 5 + 1).writes(str(number))

    assert [one.text for one in heard_by(acts)] == [str(number) for number in range(150)]


def test_nothing_is_confirmed_before_it_is_kept():
    """What the house has not committed is not confirmed: a channel that dies leaves it for the next one."""

    async def scene():
        async with BotApi() as server:
            an = server.person(7, first_name="An")
            begun = asyncio.Event()

            async def dies(one):
                begun.set()
                await asyncio.Event().wait()

            async with running(server, dies):
                await an.writes("quan trọng")
                await begun.wait()
            heard = []

            async def hear(one):
                heard.append(one)

            async with running(server, hear):
                await server.settled(0.05)
            assert [one.text for one in heard] == ["quan trọng"]

    asyncio.run(scene())


def test_what_the_house_could_not_keep_comes_again():
    """When storage fails, the message is asked for again, and nothing after it is lost."""

    async def scene():
        async with BotApi() as server:
            an = server.person(7, first_name="An")
            heard, failures = [], iter([True, True])

            async def hear(one):
                if one.text == "hai" and next(failures, False):
                    raise OSError("disk full")
                heard.append(one.key)

            async with running(server, hear):
                for text in ("một", "hai", "ba"):
                    await an.writes(text)
                await server.settled(0.05)
            assert set(heard) == {"u1000", "u1001", "u1002"}
            assert heard.count("u1000") == heard.count("u1001") == 1

    asyncio.run(scene())


@pytest.mark.parametrize(
    "bad",
    [
        b'{"update_id":2000,"message":5}',
        b'{"update_id":2000,"message":{"message_id":"x","date":1,"chat":{"id":7,"type":"private"}}}',
        b'{"update_id":2000,"message":{"message_id":1,"chat":{}}}',
        b'{"update_id":2000,"callback_query":{"id":5}}',
        b'{"update_id":2000,"message":{"message_id":1,"date":1,"chat":{"id":7,"type":"private"},"text":"\\ud800"}}',
        b'{"update_id":"2000"}',
        b'{"message":{}}',
        b"{}",
        b"[]",
        b"null",
        b'{"update_id":2000,"message":' + b"[" * 2000 + b"]" * 2000 + b"}",
    ],
)
def test_a_malformed_update_spoils_no_other(bad):
    """What can't be read is skipped and counted; what stands before and behind it is heard once."""

    async def scene():
        async with BotApi() as server:
            an, heard = server.person(7, first_name="An"), []

            async def hear(one):
                heard.append(one.text)

            def spoil():
                server.queue(bad.replace(b"2000", str(server.updates.next_id).encode()))

            await an.writes("trước")
            spoil()
            await an.writes("sau")
            async with running(server, hear) as channel:
                await server.settled(0.05)
                spoil()
                await server.settled(0.05)
                await an.writes("cuối")
                await server.settled(0.05)
            assert heard == ["trước", "sau", "cuối"]
            assert channel.skipped >= 2

    asyncio.run(scene())


def test_wrong_token():
    """A token that Telegram does not know ends the start with a sentence; so does what can't be a token."""

    async def scene():
        async with BotApi() as server:
            channel = channel_at(server, token="1234:wrong")
            with pytest.raises(UnknownToken, match="cli-token-unknown"):
                await channel.run(_deaf)
            await channel.close()
            with pytest.raises(UnknownToken):
                channel_at(server, token="not a token")

    asyncio.run(scene())


async def _deaf(one):
    """Hears nothing."""


def test_it_goes_on_after_every_trouble():
    """5xx, 429, a cut line, garbage, a webhook, a second poller and a dead server are waited out."""

    async def scene():
        server = BotApi()
        await server.start()
        port = int(server.url.rsplit(":", 1)[1])
        an, heard = server.person(7, first_name="An"), []

        async def hear(one):
            heard.append(one.text)

        server.fails("getMe", 502, "Bad Gateway")
        async with running(server, hear):
            server.cuts("getUpdates")
            server.fails("getUpdates", 500, "Internal Server Error")
            server.fails("getUpdates", 429, "Too Many Requests: retry after 1", retry_after=1)
            server.fails("getUpdates", 401, "Unauthorized")
            await an.writes("một")
            await server.settled(0.05)
            server.settings["webhook"] = "https://example.org"
            server.updates.end_polls()
            await an.writes("hai")
            await server.settled(0.05)
            assert server.settings["webhook"] == ""
            async with running(server, hear):
                await an.writes("ba")
                await server.until(lambda: "ba" in heard)
            await server.stop()
            await server.start(port)
            await an.writes("bốn")
            await server.settled(0.05)
        await server.stop()
        assert list(dict.fromkeys(heard)) == ["một", "hai", "ba", "bốn"]

    asyncio.run(scene())


# saying


def test_a_message_looks_as_it_should():
    """The head is bold, HTML and control characters are harmless, buttons and protection arrive, the ref is the id."""

    async def act(server, channel, person):
        said = Said("1 < 2 & <b>x</b>\x00\x1b\ud800", head="Nhắc <việc>", rows=ROWS, protect=True)
        ref = await channel.say("7", said)
        message = person.chat.messages[int(ref)]
        assert message["text"] == "Nhắc <việc>\n1 < 2 & <b>x</b>"
        assert message["entities"] == [{"type": "bold", "offset": 0, "length": 11}]
        assert message["has_protected_content"]
        assert (await person.sees("Nhắc")).choices == (("yes", "no"),)

    saying(act)


def test_long_texts_are_cut():
    """A text over 4,096 characters becomes several messages; the last has the buttons and is the one to edit."""

    async def act(server, channel, person):
        ref = await channel.say("7", Said("Đoạn & văn.\n\n" * 900, head="Đầu", rows=ROWS))
        seen = [one for one in person.screen() if one.from_bot]
        assert len(seen) == 3
        assert seen[0].text.startswith("Đầu\nĐoạn & văn.")
        assert [bool(one.buttons) for one in seen] == [False, False, True]
        assert ",".join(str(one.id) for one in seen) == ref
        await channel.edit("7", ref, Said("Ngắn"))
        assert [one.text for one in person.screen()][-1] == "Ngắn"
        assert await channel.erase("7", (ref,)) == 3

    saying(act)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=5000), st.text(st.characters(), max_size=100))
def test_no_words_break_the_html(text, head):
    """Whatever is said, Telegram reads the HTML as the very words, at most 4,096 units of it."""
    said = Said(text, head=head)
    for message in [*messages(7, said, None), edited(7, 1, said)]:
        read, entities = parse_html(message.text)
        assert html.unescape(message.text.replace("<b>", "", 1).replace("</b>", "", 1)) == read
        assert len(entities) <= 1
        assert utf16_length(read) <= 4096
        read.encode()


def test_a_group_is_asked_for_a_reply():
    """Where words are awaited in a group, the person who spoke is shown a reply box; in private nobody is."""

    async def scene():
        async with BotApi(privacy=False) as server:
            an = server.person(7, first_name="An")
            group = server.group("Tổ", [an])

            async def hear(one):
                await channel.say(one.chat, Said("Bao nhiêu?", await_text=True))

            async with running(server, hear) as channel:
                asked = await an.writes("/xong", in_=group)
                question = await an.sees("Bao nhiêu", group)
                assert question.forces_reply
                answered = group.chat.messages[question.id]["reply_to_message"]
                assert answered["message_id"] == asked.id
                await an.writes("chào")
                assert not (await an.sees("Bao nhiêu")).forces_reply
                assert server.complaints == []

    asyncio.run(scene())


def test_who_pressed_is_asked_for_the_reply():
    """After a press the reply box opens for who pressed, not for who wrote last; for a stranger to us, for all."""

    async def scene():
        async with BotApi() as server:
            an, hoa, la = [
                server.person(number, first_name=name) for number, name in ((7, "An"), (8, "Hoa"), (9, "La"))
            ]
            group = server.group("Tổ", [an, hoa, la])

            async def hear(one):
                rows = () if one.choice else ROWS
                await channel.say(one.chat, Said("Nói gì?" if one.choice else "Chọn", rows=rows, await_text=not rows))

            async with running(server, hear) as channel:
                mine = await an.writes("/xong", in_=group)
                await an.sees("Chọn", group)
                await hoa.writes("/xong", in_=group)
                keyboard = await hoa.sees("Chọn", group)
                for person, answered in ((an, mine.id), (la, None)):
                    await person.presses(keyboard, "Có")
                    question = await person.sees("Nói gì", group)
                    assert question.forces_reply
                    shown = group.chat.messages[question.id].get("reply_to_message", {})
                    assert shown.get("message_id") == answered
                assert server.complaints == []

    asyncio.run(scene())


def test_edits():
    """A message is replaced; one that is the same or gone is no error; a too long one ends with an ellipsis."""

    async def act(server, channel, person):
        ref = await channel.say("7", Said("cũ", rows=ROWS))
        await channel.edit("7", ref, Said("mới", head="Đầu"))
        await channel.edit("7", ref, Said("mới", head="Đầu"))
        assert [(one.text, one.buttons) for one in person.screen() if one.from_bot] == [("Đầu\nmới", ())]
        await channel.edit("7", ref, Said("dài " * 3000))
        assert person.chat.messages[int(ref)]["text"].endswith("…")
        assert await channel.erase("7", (ref,)) == 1
        await channel.edit("7", ref, Said("mất rồi"))

    saying(act)


def test_erasing():
    """Both sides' messages go; those older than 48 hours stay and are not counted."""

    async def act(server, channel, person):
        old = await channel.say("7", Said("cũ"))
        server.moves(2 * DAY)
        refs = [await channel.say("7", Said(str(number))) for number in range(101)]
        mine = await person.writes("của tôi")
        assert await channel.erase("7", (*refs, str(mine.id), "not a ref")) == 102
        late = await channel.say("7", Said("mới"))
        assert await channel.erase("7", (old, late)) == 1
        assert [one.text for one in person.screen()] == ["chào", "cũ"]

    saying(act)


@pytest.mark.parametrize(
    ("status", "description", "parameters", "error"),
    [
        (429, "Too Many Requests: retry after 10072", {"retry_after": 10072}, TryLater),
        (403, "Forbidden: bot was blocked by the user", {}, ChatLost),
        (403, "Forbidden: user is deactivated", {}, ChatLost),
        (403, "Forbidden: bot was kicked from the supergroup chat", {}, ChatLost),
        (403, "Forbidden: bot is not a member of the group chat", {}, ChatLost),
        (403, "Forbidden: the group chat was deleted", {}, ChatLost),
        (400, "Bad Request: chat not found", {}, ChatLost),
        (400, "Bad Request: not enough rights to send text messages to the chat", {}, ChatLost),
        (
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": -1001234567890},
            ChatMoved,
        ),
        (400, "Bad Request: BUTTON_DATA_INVALID", {}, Refused),
        (500, "Internal Server Error", {}, TryLater),
        (502, "Bad Gateway", {}, TryLater),
        (401, "Unauthorized", {}, TryLater),
    ],
)
def test_refusals(status, description, parameters, error):
    """Each refusal is the error that says what to do, and names no chat."""

    async def act(server, channel, person):
        server.fails("sendMessage", status, description, **parameters)
        with pytest.raises(error) as caught:
            await channel.say("7", Said("bí mật"))
        assert "bí mật" not in str(caught.value)
        assert caught.value.__suppress_context__
        if error is TryLater and status == 429:
            assert caught.value.after == 10072
        if error is ChatMoved:
            assert caught.value.address == "-1001234567890"

    saying(act)


def test_chats_that_never_were():
    """A person who never wrote, and an address that is none, are lost chats."""

    async def act(server, channel, person):
        for chat in ("8", "abc"):
            with pytest.raises(ChatLost):
                await channel.say(chat, Said("x"))

    saying(act)


@pytest.mark.parametrize("trouble", ["cuts", "hangs"])
def test_a_call_that_broke_off_has_an_unknown_fate(trouble):
    """A reset or a time-out after the request was written: the message may stand there or not."""

    async def act(server, channel, person):
        getattr(server, trouble)("sendMessage", done=True)
        with pytest.raises(FateUnknown):
            await channel.say("7", Said("x"))
        await person.sees("x")

    saying(act)


def test_a_cut_text_that_stops_half_way_has_an_unknown_fate():
    """When the first piece stands there, "try later" would double it unmarked."""

    async def act(server, channel, person):
        calls = []
        server.watch = lambda *call: (
            calls.append(call),
            server.fails("sendMessage", 429, "Too Many Requests: retry after 5", retry_after=5),
        )
        with pytest.raises(FateUnknown):
            await channel.say("7", Said("Đoạn văn.\n\n" * 900))
        assert len(calls) == 1

    saying(act)


def test_a_dead_server_is_tried_later():
    """Where no connection was made, nothing was sent."""

    async def scene():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}"
        channel = Telegram("1234:token", address, offsets=NoOffset())
        with pytest.raises(TryLater):
            await channel.say("7", Said("x"))
        await channel.close()

    asyncio.run(scene())


def test_logs_hold_no_ids_and_no_words(caplog, capsys):
    """At DEBUG, through faults and malformed updates, no log holds the token, an id or a word."""
    caplog.set_level(logging.DEBUG)

    async def scene():
        async with BotApi() as server:
            an = server.person(777_000_111, first_name="Hoàng Canary")

            async def hear(one):
                with suppress(TryLater):
                    await channel.say(one.chat, Said("trả lời chim hoàng yến"))

            async with running(server, hear) as channel:
                server.queue({"update_id": 1000, "message": {"text": "canary-words", "chat": {"id": 777000111}}})
                server.fails("sendMessage", 429, "Too Many Requests: retry after 5", retry_after=5)
                server.fails("getUpdates", 500, "Internal Server Error")
                await an.writes("canary-words")
                await server.settled()
            return server.token

    token = asyncio.run(scene())
    output = capsys.readouterr()
    logged = caplog.text + output.out + output.err
    assert "could not be read" in logged
    assert not any(canary in logged for canary in (token, token.split(":")[1], "777000111", "anary", "hoàng yến"))
