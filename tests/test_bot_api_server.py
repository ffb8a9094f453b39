"""The loopback Bot API server, judged by the specification, by python-telegram-bot and by aiogram."""

import asyncio
import json
from contextlib import asynccontextmanager

import aiohttp
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from tests.loopback.bot_api import BotApi
from tests.loopback.entities import BrokenMarkup, parse_html, utf16_length
from tests.loopback.flood import Flood
from tests.loopback.world import DAY

KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("Có", callback_data="yes")]])


@asynccontextmanager
async def calling():
    """A server, and a function that calls it with JSON and returns the envelope."""
    async with BotApi() as server, aiohttp.ClientSession() as http:

        async def call(method, **params):
            async with http.post(f"{server.url}/bot{server.token}/{method}", json=params) as response:
                return await response.json() | {"status": response.status}

        yield server, call


def ptb_bot(server, token=None):
    return telegram.Bot(token or server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")


async def writing(server, number=7):
    """Somebody who has written, so that the bot may answer."""
    person = server.person(number, first_name="An", username="an_nguyen", language_code="vi")
    await person.writes("xin chào")
    return person


# long polling


def test_updates_stay_until_their_offset_is_confirmed():
    """An update comes again until a higher offset confirms it, and then never."""

    async def scene():
        async with calling() as (server, call):
            an = await writing(server)
            await an.writes("hai")
            first = (await call("getUpdates"))["result"]
            assert [one["message"]["text"] for one in first] == ["xin chào", "hai"]
            assert (await call("getUpdates"))["result"] == first
            assert (await call("getUpdates", offset=first[0]["update_id"] + 1))["result"] == first[1:]
            assert (await call("getUpdates", offset=first[1]["update_id"] + 1))["result"] == []
            assert (await call("getUpdates"))["result"] == []

    asyncio.run(scene())


def test_limit_and_negative_offset():
    """A limit bounds the batch; a negative offset keeps the last ones."""

    async def scene():
        async with calling() as (server, call):
            an = await writing(server)
            for number in range(120):
                await an.writes(str(number))
            assert len((await call("getUpdates"))["result"]) == 100
            assert len((await call("getUpdates", limit=3))["result"]) == 3
            last = (await call("getUpdates", offset=-1))["result"]
            assert [one["message"]["text"] for one in last] == ["119"]

    asyncio.run(scene())


def test_poll_returns_as_soon_as_there_is_something():
    """A waiting poll is answered by the next update, long before its time is up."""

    async def scene():
        async with calling() as (server, call):
            poll = asyncio.create_task(call("getUpdates", timeout=50))
            assert await server.until(lambda: server.updates.is_polled)
            await writing(server)
            assert (await poll)["result"][0]["message"]["text"] == "xin chào"

    asyncio.run(scene())


def test_older_poll_is_refused():
    """Of two pollers the older gets a 409 that says why."""

    async def scene():
        async with calling() as (server, call):
            older = asyncio.create_task(call("getUpdates", timeout=50))
            assert await server.until(lambda: server.updates.is_polled)
            newer = asyncio.create_task(call("getUpdates", timeout=50))
            refused = await older
            assert refused["status"] == refused["error_code"] == 409
            assert refused["description"] == (
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
            await writing(server)
            assert (await newer)["ok"]

    asyncio.run(scene())


def test_webhook_ends_polling():
    """While a webhook is set, getUpdates is refused, and a poll that waits is ended."""

    async def scene():
        async with calling() as (server, call):
            poll = asyncio.create_task(call("getUpdates", timeout=50))
            assert await server.until(lambda: server.updates.is_polled)
            assert (await call("setWebhook", url="https://example.org/hook"))["ok"]
            assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
            assert "use deleteWebhook" in (await call("getUpdates"))["description"]
            assert (await call("getWebhookInfo"))["result"]["url"] == "https://example.org/hook"
            await call("deleteWebhook")
            assert (await call("getUpdates"))["ok"]

    asyncio.run(scene())


def test_allowed_updates():
    """Kinds that were not asked for do not come."""

    async def scene():
        async with calling() as (server, call):
            await call("getUpdates", allowed_updates=["callback_query"])
            an = await writing(server)
            assert (await call("getUpdates"))["result"] == []
            await call("getUpdates", allowed_updates=[])
            await an.writes("jetzt")
            assert len((await call("getUpdates"))["result"]) == 1

    asyncio.run(scene())


# the envelope and the judge


def test_wrong_token_and_unknown_method():
    """A wrong token is 401, an unknown method 404, both in the usual envelope."""

    async def scene():
        async with calling() as (server, call), aiohttp.ClientSession() as http:
            async with http.get(f"{server.url}/bot1:wrong/getMe") as response:
                assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
                assert response.status == 401
            unknown = await call("sendMesage", chat_id=7, text="x")
            assert (unknown["status"], unknown["description"]) == (404, "Not Found: method not found")
            assert server.complaints == ["sendMesage: no such method"]

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({"text": "x"}, "sendMessage: chat_id is missing"),
        ({"chat_id": 7, "text": "x", "silent": True}, "sendMessage: silent is unknown"),
        ({"chat_id": 7, "text": ["x"]}, "sendMessage.text: not String"),
        ({"chat_id": 7, "text": "x", "parse_mode": "Html5"}, "sendMessage.parse_mode: not one of"),
        ({"chat_id": 7, "text": "x", "protect_content": "maybe"}, "sendMessage.protect_content: not Boolean"),
        (
            {"chat_id": 7, "text": "x", "reply_markup": {"inline_keyboard": [[{"callback_data": "a"}]]}},
            "sendMessage.reply_markup.inline_keyboard[0][0]: text is missing",
        ),
    ],
)
def test_calls_against_the_specification_are_refused_and_recorded(params, complaint):
    """A parameter that is unknown, missing, of a wrong type or not allowed is a 400 and a complaint."""

    async def scene():
        async with calling() as (server, call):
            await writing(server)
            assert (await call("sendMessage", **params))["status"] == 400
            assert any(one.startswith(complaint) for one in server.complaints), server.complaints

    asyncio.run(scene())


def test_bodies_of_every_kind_mean_the_same():
    """JSON, a form and multipart are read alike, objects in forms being JSON."""

    async def scene():
        async with BotApi() as server, aiohttp.ClientSession() as http:
            an = await writing(server)
            address = f"{server.url}/bot{server.token}/sendMessage"
            plain = {"chat_id": "7", "text": "chọn", "protect_content": "true"}
            markup = {"inline_keyboard": [[{"text": "Có", "callback_data": "y"}]]}
            form = plain | {"reply_markup": json.dumps(markup)}
            multipart = aiohttp.FormData(default_to_multipart=True)
            for key, value in form.items():
                multipart.add_field(key, value)
            for body in ({"json": plain | {"reply_markup": markup}}, {"data": form}, {"data": multipart}):
                async with http.post(address, **body) as response:
                    assert (await response.json())["result"]["has_protected_content"] is True
            first, *others = [one for one in an.screen() if one.from_bot]
            assert first.buttons == (("Có",),)
            assert len(others) == 2
            assert all((one.text, one.buttons) == (first.text, first.buttons) for one in others)
            assert server.complaints == []

    asyncio.run(scene())


def test_methods_that_are_not_there_yet_complain():
    """A method of the specification that the server lacks is a 501, and recorded."""

    async def scene():
        async with calling() as (server, call):
            assert (await call("sendDice", chat_id=7))["status"] == 501
            assert server.complaints

    asyncio.run(scene())


# texts


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("ă <x>y</x>", 'Unsupported start tag "x" at byte offset 3'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_broken_html_is_refused_with_the_real_words(broken, why):
    """Broken HTML is refused, and the words say where."""
    with pytest.raises(BrokenMarkup) as caught:
        parse_html(broken)
    assert str(caught.value) == why


def test_entities_count_in_utf16():
    """Offsets are in UTF-16 units, nested tags give nested entities, references are words."""
    text, entities = parse_html('😀<b>Đ<i>ậm</i></b> &lt;&amp; <a href="https://x.vn/?a&amp;b">ở đây</a>')
    assert text == "😀Đậm <& ở đây"
    assert entities == [
        {"type": "bold", "offset": 2, "length": 3},
        {"type": "italic", "offset": 3, "length": 2},
        {"type": "text_link", "offset": 9, "length": 5, "url": "https://x.vn/?a&b"},
    ]
    assert utf16_length(text) == 14


def test_size_limits_hold_after_parsing():
    """4,096 characters pass after parsing, one more does not; 64 bytes of data do; nothing is too little."""

    async def scene():
        async with calling() as (server, call):
            await writing(server)

            async def refused(**params):
                return (await call("sendMessage", chat_id=7, **params)).get("description")

            def markup(data):
                return {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}

            assert await refused(text="<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML") is None
            assert await refused(text="x" * 4097) == "Bad Request: message is too long"
            assert await refused(text="😀" * 2049) == "Bad Request: message is too long"
            assert await refused(text=" \n ") == "Bad Request: message text is empty"
            assert await refused(text="<b></b>", parse_mode="HTML") == "Bad Request: message text is empty"
            assert await refused(text="x", reply_markup=markup("y" * 64)) is None
            assert await refused(text="x", reply_markup=markup("ữ" * 22)) == "Bad Request: BUTTON_DATA_INVALID"
            assert await refused(text="x", reply_markup=markup("")) == "Bad Request: BUTTON_DATA_INVALID"
            assert "unclosed" not in (await refused(text="<b>x", parse_mode="HTML")).lower()

    asyncio.run(scene())


# deleting


def test_deleting_ends_after_48_hours():
    """What is older than 48 hours can't be deleted; unknown messages are skipped by deleteMessages alone."""

    async def scene():
        async with calling() as (server, call):
            an = await writing(server)
            numbers = [(await call("sendMessage", chat_id=7, text=str(n)))["result"]["message_id"] for n in range(4)]
            assert (await call("deleteMessage", chat_id=7, message_id=numbers[0]))["ok"]
            gone = await call("deleteMessage", chat_id=7, message_id=numbers[0])
            assert gone["description"] == "Bad Request: message to delete not found"
            assert (await call("deleteMessages", chat_id=7, message_ids=[numbers[0], numbers[1], 99999]))["ok"]
            assert (await call("deleteMessages", chat_id=7, message_ids=list(range(101))))["status"] == 400
            assert [one.text for one in an.screen() if one.from_bot] == ["2", "3"]
            server.moves(2 * DAY)
            late = await call("deleteMessage", chat_id=7, message_id=numbers[2])
            assert late["description"] == "Bad Request: message can't be deleted"
            assert (await call("deleteMessages", chat_id=7, message_ids=numbers[2:]))["status"] == 400
            assert len([one for one in an.screen() if one.from_bot]) == 2

    asyncio.run(scene())


def test_deleting_skips_what_is_unknown_and_refuses_what_is_old():
    """One message that is too old refuses all; those of the person go too; a number that is none is skipped."""

    async def scene():
        async with calling() as (server, call):
            an = await writing(server)
            old = (await call("sendMessage", chat_id=7, text="cũ"))["result"]["message_id"]
            server.moves(2 * DAY - 60)
            mine = await an.sends("photo", b"x")
            server.moves(61)
            refused = await call("deleteMessages", chat_id=7, message_ids=[mine.id, old])
            assert refused["description"] == "Bad Request: message can't be deleted"
            assert [one.id for one in an.screen()][-1] == mine.id
            assert (await call("deleteMessages", chat_id=7, message_ids=[mine.id, 424242]))["result"] is True
            assert [one.text for one in an.screen()] == ["xin chào", "cũ"]

    asyncio.run(scene())


# files

KINDS = ("photo", "document", "video", "video_note", "animation", "voice", "audio")


async def _send_everything(an):
    """Every kind of message that a person of the server can send; how many updates that makes."""
    for kind in KINDS:
        await an.sends(kind, b"x", name="tên.bin")
    for kind in ("photo", "document", "video"):
        await an.sends(kind, b"x", "chú thích @tinbao_bot")
    await an.sends_album([("photo", b"a"), ("video", b"b")], "album")
    await an.shares_position(22.48, 103.97)
    await an.shares_venue(22.48, 103.97, "Chợ", "Lào Cai")
    await an.shares_contact("+84900000000", "Hoa")
    for kind in ("sticker", "poll", "dice"):
        await an.sends_other(kind)
    await an.changes(await an.sends("photo", b"x", "cũ"), "mới")
    return len(KINDS) + 3 + 2 + 3 + 3 + 2


def test_what_people_send_is_as_the_specification_has_it():
    """Every update of a person's files, albums, positions, contacts and edits is a Message of the specification."""

    async def scene():
        async with calling() as (server, call):
            count = await _send_everything(await writing(server))
            updates = (await call("getUpdates"))["result"]
            assert len(updates) == count + 1
            assert [fault for one in updates for fault in server.spec.faults_of("Update", one)] == []
            edited = [one["edited_message"] for one in updates if "edited_message" in one]
            assert [one["caption"] for one in edited] == ["mới"]
            albums = [one["message"]["media_group_id"] for one in updates if "media_group_id" in one.get("message", {})]
            assert len(albums) == 2
            assert len(set(albums)) == 1

    asyncio.run(scene())


def test_an_album_can_come_in_two_polls():
    """The rest of an album arrives once its first items were fetched."""

    async def scene():
        async with calling() as (server, call):
            an = server.person(7)
            album = asyncio.create_task(an.sends_album([("photo", b"x")] * 3, first=1))
            await asyncio.sleep(0)
            assert len((await call("getUpdates"))["result"]) == 1
            await album
            assert len((await call("getUpdates"))["result"]) == 3

    asyncio.run(scene())


def test_hasty_polls_bring_one_update():
    """Asked for, the same offset again within half a second brings one update; another offset brings all."""

    async def scene():
        async with calling() as (server, call):
            server.updates.slows_hasty = True
            an = await writing(server)
            for number in range(3):
                await an.writes(str(number))
            assert [len((await call("getUpdates", offset=at))["result"]) for at in (0, 0, 1001)] == [4, 1, 3]

    asyncio.run(scene())


def test_files_are_handed_out_up_to_20_mb():
    """A file is fetched by its path with the token; a bigger one, a wrong number and a wrong token are refused."""

    async def scene():
        async with calling() as (server, call), aiohttp.ClientSession() as http:
            an = await writing(server)
            small, big = await an.sends("photo", b"jpeg"), await an.sends("video", bytes(20 * 1024 * 1024 + 1))
            file = (await call("getFile", file_id=small.file))["result"]
            assert file["file_size"] == 4
            for token, status in ((server.token, 200), ("1:wrong", 404)):
                async with http.get(f"{server.url}/file/bot{token}/{file['file_path']}") as response:
                    assert response.status == status
                    assert status != 200 or await response.read() == b"jpeg"
            assert (await call("getFile", file_id=big.file))["description"] == "Bad Request: file is too big"
            wrong = await call("getFile", file_id="x")
            assert wrong["description"] == "Bad Request: wrong file_id or the file is temporarily unavailable"
            assert server.complaints == []

    asyncio.run(scene())


def test_sound_is_sent_by_upload_and_by_number():
    """A voice message is uploaded once and sent again by its number; a number that is none is refused."""

    async def scene():
        async with calling() as (server, call), aiohttp.ClientSession() as http:
            an = await writing(server)
            form = aiohttp.FormData({"chat_id": "7", "caption": "nghe"})
            form.add_field("voice", b"OggS", filename="a.ogg")
            async with http.post(f"{server.url}/bot{server.token}/sendVoice", data=form) as response:
                number = (await response.json())["result"]["voice"]["file_id"]
            assert (await call("sendVoice", chat_id=7, voice=number))["ok"]
            assert (await call("sendAudio", chat_id=7, audio="x"))["status"] == 400
            assert [(one.kind, one.text, one.file) for one in an.screen()[1:]] == [
                ("voice", "nghe", number),
                ("voice", "", number),
            ]
            assert server.complaints == []

    asyncio.run(scene())


def test_links_of_buttons_need_a_host():
    """A button opens an address; one whose host has no dot is refused."""

    async def scene():
        async with calling() as (server, call):
            an = await writing(server)

            async def sent(address):
                keys = {"inline_keyboard": [[{"text": "Mở", "url": address}]]}
                return (await call("sendMessage", chat_id=7, text="x", reply_markup=keys)).get("description")

            assert await sent("https://tinbao.example/a") is None
            assert await sent("http://localhost:8080") == "Bad Request: BUTTON_URL_INVALID"
            assert (await an.sees("x")).links == (("https://tinbao.example/a",),)

    asyncio.run(scene())


# groups


def test_privacy_mode():
    """With privacy on, a bot in a group hears commands to it, replies to it and its name; off, everything."""

    async def scene(privacy):
        async with BotApi(privacy=privacy) as server, aiohttp.ClientSession() as http:
            an = server.person(7, first_name="An")
            group = server.group("Sở Y tế", [an])
            async with http.post(
                f"{server.url}/bot{server.token}/sendMessage", json={"chat_id": group.id, "text": "Nhắc việc"}
            ):
                pass
            asked = await an.sees("Nhắc việc", group)
            for words in ("ăn trưa chưa", "/xong@other_bot", "/xong", "/xong@tinbao_bot 3", "hỏi @tinbao_bot xem"):
                await an.writes(words, in_=group)
            await an.writes("xong rồi", in_=group, reply_to=asked)
            async with http.get(f"{server.url}/bot{server.token}/getUpdates") as response:
                return [one["message"]["text"] for one in (await response.json())["result"]]

    assert asyncio.run(scene(True)) == ["/xong", "/xong@tinbao_bot 3", "hỏi @tinbao_bot xem", "xong rồi"]
    assert len(asyncio.run(scene(False))) == 6


def test_groups_move_and_throw_out():
    """A group that moved names its new id in both ways; blocked, kicked, left and deleted are 403 with their words."""

    async def scene():
        async with calling() as (server, call):
            an = await writing(server)
            group, other = server.group("A", [an]), server.group("B", [an], supergroup=True)
            old = group.id
            await group.moves()
            moved = await call("sendMessage", chat_id=old, text="x")
            assert (moved["status"], moved["parameters"]) == (400, {"migrate_to_chat_id": group.id})
            updates = (await call("getUpdates"))["result"]
            said = [one["message"] for one in updates if "message" in one]
            assert [one.get("migrate_to_chat_id") for one in said] == [None, group.id, None]
            assert said[-1]["migrate_from_chat_id"] == old
            await other.kicks_bot(an)
            kicked = await call("sendMessage", chat_id=other.id, text="x")
            assert kicked["description"] == "Forbidden: bot was kicked from the supergroup chat"
            await an.blocks()
            blocked = await call("sendMessage", chat_id=7, text="x")
            assert (blocked["status"], blocked["description"]) == (403, "Forbidden: bot was blocked by the user")
            await an.unblocks()
            await an.vanishes()
            assert "deactivated" in (await call("sendMessage", chat_id=7, text="x"))["description"]
            assert (await call("sendMessage", chat_id=8, text="x"))["description"] == "Bad Request: chat not found"
            server.person(8)
            assert (await call("sendMessage", chat_id=8, text="x"))["description"] == "Bad Request: chat not found"

    asyncio.run(scene())


def test_flood_control():
    """Beyond the pace a send is refused with the seconds to wait, in body and header; other chats go on."""

    async def scene():
        async with calling() as (server, call):
            await writing(server, 7)
            await writing(server, 8)
            server.flood = Flood(burst=0)
            assert (await call("sendMessage", chat_id=7, text="1"))["ok"]
            refused = await call("sendMessage", chat_id=7, text="2")
            assert refused["description"] == "Too Many Requests: retry after 1"
            assert (refused["status"], refused["parameters"]) == (429, {"retry_after": 1})
            assert (await call("sendMessage", chat_id=8, text="1"))["ok"]
            server.moves(1.1)
            assert (await call("sendMessage", chat_id=7, text="2"))["ok"]

    asyncio.run(scene())


def test_troubles_happen_once():
    """A trouble that was ordered befalls one call; `done` ones took effect."""

    async def scene():
        async with calling() as (server, call):
            an = await writing(server)
            server.fails("sendMessage", 502, "Bad Gateway")
            assert (await call("sendMessage", chat_id=7, text="x"))["status"] == 502
            server.cuts("sendMessage", done=True)
            with pytest.raises(aiohttp.ClientError):
                await call("sendMessage", chat_id=7, text="y")
            assert (await call("sendMessage", chat_id=7, text="z"))["ok"]
            assert [one.text for one in an.screen() if one.from_bot] == ["y", "z"]

    asyncio.run(scene())


def test_not_seeing_shows_the_screen():
    """Waiting in vain fails with the screen, so that a test's failure can be read."""

    async def scene():
        async with BotApi() as server:
            an = await writing(server)
            with pytest.raises(AssertionError, match="xin chào"):
                await an.sees("không có", within=0.05)

    asyncio.run(scene())


# python-telegram-bot


async def _start(update, context):
    await update.message.reply_text(f"mã {context.args}", reply_markup=KEYS)


async def _echo(update, context):
    await update.message.reply_html(f"<b>{update.message.text}</b>", reply_markup=KEYS)


async def _pressed(update, context):
    await update.callback_query.answer("đã nhận")
    await update.callback_query.edit_message_text(f"chọn {update.callback_query.data}")


@asynccontextmanager
async def ptb_application(server):
    """A python-telegram-bot Application that polls the server."""
    builder = ApplicationBuilder().token(server.token).base_url(f"{server.url}/bot")
    application = builder.base_file_url(f"{server.url}/file/bot").build()
    application.add_handler(CommandHandler("start", _start))
    application.add_handler(CallbackQueryHandler(_pressed))
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    async with application:
        await application.start()
        await application.updater.start_polling()
        yield application
        await application.updater.stop()
        await application.stop()


def test_python_telegram_bot_talks_over_the_server():
    """A python-telegram-bot application polls, answers with buttons, is pressed and edits; nothing to complain of."""

    async def scene():
        async with BotApi() as server, ptb_application(server):
            an = server.person(7, first_name="An", language_code="vi")
            await an.starts("ABC")
            assert (await an.sees("mã ['ABC']")).buttons == (("Có",),)
            await an.writes("xin chào")
            message = await an.sees("xin chào")
            number = await an.presses(message, "Có")
            assert (await an.sees("chọn yes")).id == message.id
            assert server.queries[number].answer["text"] == "đã nhận"
            await server.settled()
            assert [one.text for one in an.screen()] == ["/start ABC", "mã ['ABC']", "xin chào", "chọn yes"]
            assert server.complaints == []

    asyncio.run(scene())


def test_python_telegram_bot_reads_every_answer():
    """python-telegram-bot's strict constructors accept the answer of every method there is."""

    async def scene():
        async with BotApi() as server:
            an = await writing(server)
            group = server.group("Công an tỉnh", [an], supergroup=True)
            await group.adds_bot(an, "administrator")
            async with ptb_bot(server) as bot:
                assert (await bot.get_me()).username == "tinbao_bot"
                assert [one.message.text for one in await bot.get_updates() if one.message] == ["xin chào"]
                reply = telegram.ReplyParameters(1)
                sent = await bot.send_message(
                    7, "<u>a</u> /b", parse_mode="HTML", reply_markup=KEYS, reply_parameters=reply
                )
                assert [one.type for one in sent.entities] == ["underline", "bot_command"]
                assert sent.reply_to_message.text == "xin chào"
                assert (await bot.edit_message_text("b", 7, sent.id)).edit_date
                assert await bot.edit_message_reply_markup(7, sent.id, reply_markup=KEYS)
                await bot.send_message(group.id, "?", reply_markup=telegram.ForceReply(selective=True))
                assert (await an.sees("?", group)).forces_reply
                document = await bot.send_document(7, b"%PDF-1.7", filename="a.pdf", caption="tệp")
                file = await bot.get_file(document.document.file_id)
                assert await file.download_as_bytearray() == b"%PDF-1.7"
                assert (await bot.send_photo(7, b"\x89PNG")).photo
                voice = (await bot.send_voice(7, b"OggS", filename="a.ogg")).voice
                assert (await bot.send_voice(7, voice.file_id, protect_content=True)).voice.file_id == voice.file_id
                assert (await bot.send_audio(7, b"ID3", filename="a.mp3")).audio.file_name == "a.mp3"
                link = InlineKeyboardMarkup([[InlineKeyboardButton("Mở", url="https://tinbao.example")]])
                assert (await bot.send_message(7, "x", reply_markup=link)).reply_markup == link
                assert await bot.edit_message_caption(7, document.id, caption="khác")
                assert await bot.delete_message(7, sent.id)
                assert await bot.delete_messages(7, [document.id])
                assert (await bot.get_chat(7)).first_name == "An"
                assert (await bot.get_chat_member(group.id, 7)).status == "member"
                assert (await bot.get_chat_administrators(group.id))[0].user.is_bot
                assert await bot.get_chat_member_count(group.id) == 2
                assert await bot.send_chat_action(7, "typing")
                assert await bot.set_my_commands([("help", "Trợ giúp")])
                assert (await bot.get_my_commands())[0].command == "help"
                assert await bot.delete_my_commands()
                assert await bot.set_my_description("Tin báo")
                assert (await bot.get_my_description()).description == "Tin báo"
                assert await bot.set_my_short_description("Tin")
                assert await bot.get_my_short_description()
                assert await bot.set_my_name("Tin Báo")
                assert (await bot.get_my_name()).name == "Tin Báo"
                assert await bot.set_webhook("https://example.org")
                assert (await bot.get_webhook_info()).url
                assert await bot.delete_webhook()
                assert await bot.leave_chat(group.id)
            assert server.complaints == []

    asyncio.run(scene())


def test_python_telegram_bot_reads_what_people_send():
    """Its strict constructors accept every update of files, albums, positions, contacts, polls and edits."""

    async def scene():
        async with BotApi() as server:
            count = await _send_everything(await writing(server))
            async with ptb_bot(server) as bot:
                updates = await bot.get_updates()
                assert len(updates) == count + 1
                messages = [one.effective_message for one in updates]
                attached = [one.effective_attachment for one in messages if one.effective_attachment]
                assert len(attached) == count
                photo = next(one.photo[-1] for one in messages if one.photo)
                assert await (await bot.get_file(photo.file_id)).download_as_bytearray() == b"x"
                assert {one.caption for one in messages if one.caption} >= {"album", "cũ", "mới"}
            assert server.complaints == []

    asyncio.run(scene())


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")  # its retry_after will change its type
def test_python_telegram_bot_knows_the_errors():
    """Each refusal is the error that python-telegram-bot has for it."""

    async def scene():
        async with BotApi() as server:
            an = await writing(server)
            with pytest.raises(InvalidToken):
                async with ptb_bot(server, "1:wrong"):
                    pass
            async with ptb_bot(server) as bot:
                sent = await bot.send_message(7, "x")
                with pytest.raises(BadRequest, match="Message is not modified"):
                    await bot.edit_message_text("x", 7, sent.id)
                with pytest.raises(BadRequest, match="Message to edit not found"):
                    await bot.edit_message_text("x", 7, 999)
                with pytest.raises(BadRequest, match="Query is too old"):
                    await bot.answer_callback_query("1")
                server.fails("sendMessage", 429, "Too Many Requests: retry after 9", retry_after=9)
                with pytest.raises(RetryAfter):
                    await bot.send_message(7, "x")
                await bot.set_webhook("https://example.org")
                with pytest.raises(Conflict):
                    await bot.get_updates()
                await an.blocks()
                with pytest.raises(Forbidden):
                    await bot.send_message(7, "x")

    asyncio.run(scene())


# aiogram


def test_aiogram_reads_every_answer():
    """aiogram's Bot accepts the answers too, and its errors are the right ones."""
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
    from aiogram.types import BotCommand, BufferedInputFile, ForceReply, ReplyParameters
    from aiogram.types import InlineKeyboardButton as Key
    from aiogram.types import InlineKeyboardMarkup as Keys

    async def scene():
        async with BotApi() as server:
            an = await writing(server)
            keys = Keys(inline_keyboard=[[Key(text="Có", callback_data="y")]])
            async with Bot(server.token, AiohttpSession(api=TelegramAPIServer.from_base(server.url))) as bot:
                assert (await bot.get_me()).username == "tinbao_bot"
                update = (await bot.get_updates())[0]
                assert update.message.from_user.language_code == "vi"
                reply = ReplyParameters(message_id=update.message.message_id)
                sent = await bot.send_message(
                    7, "<b>đậm</b>", parse_mode="HTML", reply_markup=keys, reply_parameters=reply
                )
                assert sent.html_text == "<b>đậm</b>"
                await an.presses(await an.sees("đậm"), "y")
                query = (await bot.get_updates(offset=update.update_id + 1))[0].callback_query
                assert query.data == "y"
                assert query.chat_instance
                assert await bot.answer_callback_query(query.id)
                assert await bot.edit_message_text("khác", chat_id=7, message_id=sent.message_id)
                assert await bot.send_message(7, "?", reply_markup=ForceReply(selective=True), protect_content=True)
                document = await bot.send_document(7, BufferedInputFile(b"x", "a.txt"), caption="tệp")
                assert document.caption == "tệp"
                assert (await bot.download(document.document.file_id)).read() == b"x"
                assert await bot.set_my_commands([BotCommand(command="help", description="Trợ giúp")])
                assert (await bot.get_chat(7)).first_name == "An"
                assert await bot.delete_messages(7, [sent.message_id])
                with pytest.raises(TelegramBadRequest, match="can't parse entities"):
                    await bot.send_message(7, "<b>", parse_mode="HTML")
                await an.blocks()
                with pytest.raises(TelegramForbiddenError):
                    await bot.send_message(7, "x")
            assert server.complaints == []

    asyncio.run(scene())
