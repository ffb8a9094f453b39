"""Files fetched from Telegram, recordings and links said on it, and messages erased."""

import asyncio
import logging
import socket
import traceback

import pytest

from bot.channels.channel import Button, ChatLost, DeliveryError, FateUnknown, Refused, Said, TooBig, TryLater
from bot.channels.telegram import Telegram
from tests.loopback.world import DAY
from tests.polling import NoOffset, saying

MEGA = 1_000_000
CONTENT = bytes(range(256)) * 1000
SPOKEN = "hmong/tip-what"


def of_bot(person):
    return [one for one in person.screen() if one.from_bot]


# downloading


@pytest.mark.parametrize("hides", [False, True])
@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
def test_a_file_is_fetched(kind, hides):
    """What a person sent comes as it was, whether or not the server says how long it is."""

    async def act(server, channel, person):
        server.hides_length = hides
        sent = await person.sends(kind, CONTENT)
        assert await channel.download(sent.file, len(CONTENT)) == CONTENT
        assert await channel.download((await person.sends(kind, b"")).file, 10) == b""

    saying(act)


def test_a_file_that_says_it_is_too_big_is_not_fetched():
    """Beyond what we take, or what Telegram hands out, a file is TooBig before a byte of it comes."""

    async def act(server, channel, person):
        ours = await person.sends("document", CONTENT)
        theirs = await person.sends("video", bytes(20 * 1024 * 1024 + 1))
        for sent, at_most in ((ours, len(CONTENT) - 1), (theirs, 100 * MEGA)):
            with pytest.raises(TooBig):
                await channel.download(sent.file, at_most)
        assert server.calls["file"] == 0

    saying(act)


@pytest.mark.parametrize("hides", [False, True])
def test_a_file_that_lies_about_its_size_is_cut_off(hides):
    """When more bytes come than we take, the file is TooBig, whatever was told of its size."""

    async def act(server, channel, person):
        server.hides_length = hides
        server.watch = lambda method, params, result: result.pop("file_size") if method == "getFile" else None
        sent = await person.sends("document", bytes(10 * MEGA))
        with pytest.raises(TooBig):
            await channel.download(sent.file, MEGA)
        assert await channel.download(sent.file, 10 * MEGA) == bytes(10 * MEGA)

    saying(act)


TROUBLES = [
    ("fails", "getFile", (400, "Bad Request: wrong file_id or the file is temporarily unavailable"), Refused),
    ("fails", "getFile", (400, "Bad Request: invalid file_id"), Refused),
    ("fails", "getFile", (400, "Bad Request: file is too big"), TooBig),
    ("fails", "getFile", (429, "Too Many Requests: retry after 7"), TryLater),
    ("fails", "getFile", (502, "Bad Gateway"), TryLater),
    ("fails", "getFile", (401, "Unauthorized"), TryLater),
    ("cuts", "getFile", (), TryLater),
    ("hangs", "getFile", (), TryLater),
    ("fails", "file", (404, "Not Found"), Refused),
    ("fails", "file", (302, "Found"), Refused),
    ("fails", "file", (401, "Unauthorized"), TryLater),
    ("fails", "file", (429, "Too Many Requests: retry after 7"), TryLater),
    ("fails", "file", (500, "Internal Server Error"), TryLater),
    ("cuts", "file", (), TryLater),
    ("hangs", "file", (), TryLater),
]


@pytest.mark.parametrize(("trouble", "method", "how", "error"), TROUBLES)
def test_a_download_that_fails_says_what_to_do(trouble, method, how, error, caplog, capsys):
    """Wrong and expired numbers are refused, everything else comes later; no error and no log holds the token."""
    caplog.set_level(logging.DEBUG)

    async def act(server, channel, person):
        sent = await person.sends("document", CONTENT)
        after = {"retry_after": 7} if "retry" in str(how) else {}
        getattr(server, trouble)(method, *how, **after)
        with pytest.raises(error) as caught:
            await channel.download(sent.file, MEGA)
        assert await channel.download(sent.file, MEGA) == CONTENT
        told = "".join(traceback.format_exception(caught.value)) + _all_of(caught.value)
        output = capsys.readouterr()
        logged = caplog.text + output.out + output.err
        assert server.token not in told + logged
        assert server.token.split(":")[1] not in told + logged
        assert sent.file not in logged

    saying(act)


def _all_of(error):
    """Also what a traceback leaves out: the errors that were there before it."""
    found = []
    while error is not None:
        found.append(repr(error) + str(error.args))
        error = error.__context__
    return "".join(found)


def test_a_dead_server_is_asked_later_for_a_file():
    """Where no connection is made, the file comes later."""

    async def scene():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}"
        channel = Telegram("1234:token", address, offsets=NoOffset())
        with pytest.raises(TryLater):
            await channel.download("x", 10)
        await channel.close()

    asyncio.run(scene())


# recordings


@pytest.fixture
def recordings(tmp_path):
    folder = tmp_path / "recordings"
    (folder / "hmong").mkdir(parents=True)
    (folder / "hmong/tip-what.ogg").write_bytes(b"OggS" + CONTENT)
    (folder / "hmong/tip-how.mp3").write_bytes(b"ID3")
    (folder / "hmong/tip-when.m4a").write_bytes(b"ftyp")
    (tmp_path / "outside.ogg").write_bytes(b"OggS")
    return folder


@pytest.mark.parametrize(("sound", "kind"), [("tip-what", "voice"), ("tip-how", "audio"), ("tip-when", "audio")])
def test_a_recording_is_played_above_its_text(recordings, sound, kind):
    """Opus is a voice message, other sound an audio file; then comes the text; the ref names both, the text last."""

    async def act(server, channel, person):
        ref = await channel.say("7", Said("Chuyện gì?", sound=f"hmong/{sound}", protect=True))
        spoken, text = of_bot(person)
        assert (spoken.kind, spoken.text, text.kind, text.text) == (kind, "", "text", "Chuyện gì?")
        assert ref == f"{spoken.id},{text.id}"
        assert all(person.chat.messages[one.id]["has_protected_content"] for one in (spoken, text))
        await channel.edit("7", ref, Said("Khác", sound=f"hmong/{sound}"))
        assert [one.text for one in of_bot(person)] == ["", "Khác"]
        assert await channel.erase("7", (ref,)) == 2
        assert of_bot(person) == []

    saying(act, recordings=recordings)


def test_a_recording_is_uploaded_once(recordings):
    """However many ask for it, together or later, it is uploaded once; when Telegram forgets it, once again."""

    async def act(server, channel, person):
        others = [server.person(number) for number in range(10, 20)]
        for one in others:
            await one.writes("chào")
        await asyncio.gather(*(channel.say(str(one.id), Said("?", sound=SPOKEN)) for one in others))
        assert len(server.files) == 1
        assert all([one.kind for one in of_bot(it)] == ["voice", "text"] for it in others)
        server.files.clear()
        await channel.say("7", Said("?", sound=SPOKEN))
        await channel.say("7", Said("?", sound=SPOKEN))
        assert len(server.files) == 1
        assert [one.kind for one in of_bot(person)] == ["voice", "text"] * 2

    saying(act, recordings=recordings)


def test_an_upload_that_hangs_holds_up_no_text(recordings):
    """Those who wait behind an upload that breaks off get their text without it; the next try plays again."""

    async def act(server, channel, person):
        others = [server.person(number) for number in range(10, 20)]
        for one in others:
            await one.writes("chào")
        server.hangs("sendVoice")
        await asyncio.gather(*(channel.say(str(one.id), Said("?", sound=SPOKEN)) for one in others))
        assert all([one.kind for one in of_bot(it)] == ["text"] for it in others)
        await channel.say("7", Said("?", sound=SPOKEN))
        assert [one.kind for one in of_bot(person)] == ["voice", "text"]

    saying(act, recordings=recordings)


@pytest.mark.parametrize(
    "sound", ["", "hmong/none", "../outside", "hmong/../../outside", "/etc/passwd", "hmong", "A", "a b"]
)
def test_without_a_recording_the_text_goes_alone(recordings, sound):
    """A sound that is not there, or that leads out of the folder, plays nothing."""

    async def act(server, channel, person):
        ref = await channel.say("7", Said("Chuyện gì?", sound=sound))
        assert [(str(one.id), one.kind) for one in of_bot(person)] == [(ref, "text")]

    saying(act, recordings=recordings)


def test_without_a_folder_nothing_is_played():
    """Where no folder is given, the text goes alone."""

    async def act(server, channel, person):
        await channel.say("7", Said("?", sound=SPOKEN))
        assert [one.kind for one in of_bot(person)] == ["text"]

    saying(act)


@pytest.mark.parametrize(
    "trouble", [("fails", 400, "Bad Request: VOICE_MESSAGES_FORBIDDEN"), ("cuts",), ("fails", 413, "Too Large")]
)
def test_a_recording_that_is_not_taken_does_not_stop_the_text(recordings, trouble):
    """Some people let nobody send them voice messages, some uploads break off: the text goes all the same."""

    async def act(server, channel, person):
        name, *how = trouble
        getattr(server, name)("sendVoice", *how)
        await channel.say("7", Said("?", sound=SPOKEN))
        assert [one.kind for one in of_bot(person)] == ["text"]

    saying(act, recordings=recordings)


@pytest.mark.parametrize(("status", "why", "error"), [(429, "retry after 5", TryLater), (403, "blocked", ChatLost)])
def test_what_befalls_the_recording_befalls_the_text(recordings, status, why, error):
    """A chat that has to wait or is lost is so for both."""

    async def act(server, channel, person):
        server.fails("sendVoice", status, why, **({"retry_after": 5} if status == 429 else {}))
        with pytest.raises(error):
            await channel.say("7", Said("?", sound=SPOKEN))
        assert of_bot(person) == []

    saying(act, recordings=recordings)


@pytest.mark.parametrize(("trouble", "error"), [(("fails", 429, "retry after 5"), TryLater), (("cuts",), FateUnknown)])
def test_a_recording_that_stands_there_is_not_sent_again(recordings, trouble, error):
    """When the text has to go again, it goes alone, and its ref still names the recording; the next has its own."""

    async def act(server, channel, person):
        name, *how = trouble
        getattr(server, name)("sendMessage", *how, **({"retry_after": 5} if how else {}))
        with pytest.raises(error):
            await channel.say("7", Said("?", sound=SPOKEN))
        ref = await channel.say("7", Said("(lại) ?", sound=SPOKEN))
        assert ref == ",".join(str(one.id) for one in of_bot(person))
        assert [one.kind for one in of_bot(person)] == ["voice", "text"]
        await channel.say("7", Said("?", sound=SPOKEN))
        assert [one.kind for one in of_bot(person)] == ["voice", "text"] * 2

    saying(act, recordings=recordings)


# links


def test_a_link_is_a_button():
    """A button with a link opens the address; beside it stand others, on an edited message too."""
    rows = ((Button("Mở trang", link="https://tinbao.example/t?a=1&b=2"), Button("Ở lại", "stay")),)

    async def act(server, channel, person):
        ref = await channel.say("7", Said("Chọn", rows=rows))
        await channel.edit("7", ref, Said("Chọn đi", rows=rows))
        (seen,) = of_bot(person)
        assert (seen.text, seen.buttons, seen.choices) == ("Chọn đi", (("Mở trang", "Ở lại"),), (("", "stay"),))
        assert seen.links == (("https://tinbao.example/t?a=1&b=2", ""),)

    saying(act)


@pytest.mark.parametrize(
    "link", ["http://localhost:8080/t", "tinbao", "ftp://a.example", "http://[x/", "javascript:1.2"]
)
def test_a_link_that_can_not_be_a_button_is_written_out(link):
    """Telegram refuses a message with such a button: its address stands in the text, and the other buttons stay."""
    rows = ((Button("Mở trang", link=link),), (Button("Ở lại", "stay"),))

    async def act(server, channel, person):
        ref = await channel.say("7", Said("Chọn", rows=rows))
        await channel.edit("7", ref, Said("Chọn đi", rows=rows))
        (seen,) = of_bot(person)
        assert (seen.text, seen.buttons) == (f"Chọn đi\n\nMở trang: {link}", (("Ở lại",),))

    saying(act)


# erasing


def test_refs_of_several_messages_are_erased():
    """A ref may hold several numbers: each is one message, and none counts twice; what is gone counts as gone."""

    async def act(server, channel, person):
        numbers = [int(await channel.say("7", Said(str(number)))) for number in range(5)]
        refs = (f"{numbers[0]},{numbers[1]}", str(numbers[1]), f"{numbers[2]},x", "", "99999999")
        assert await channel.erase("7", refs) == 4
        assert await channel.erase("7", refs) == 4
        assert [one.text for one in of_bot(person)] == ["3", "4"]
        assert await channel.erase("7", ()) == 0

    saying(act)


def test_the_count_is_true_when_some_are_too_old():
    """Among 250 messages those that Telegram keeps are not counted, and all others go, in far fewer calls."""

    async def act(server, channel, person):
        old = [await channel.say("7", Said("cũ")) for _ in range(5)]
        server.moves(2 * DAY)
        new = [await channel.say("7", Said("mới")) for _ in range(245)]
        assert await channel.erase("7", (*new[:100], *old, *new[100:])) == 245
        assert [one.text for one in of_bot(person)] == ["cũ"] * 5
        assert server.calls["deleteMessages"] < 40

    saying(act)


@pytest.mark.parametrize("trouble", ["fails", "cuts", "hangs"])
def test_an_erasing_that_is_interrupted_goes_on(trouble):
    """After a refusal for the pace, or a broken call, the same refs are asked for again and counted in full."""

    async def act(server, channel, person):
        refs = tuple([await channel.say("7", Said(str(number))) for number in range(150)])
        how = (429, "Too Many Requests: retry after 5") if trouble == "fails" else ()
        server.watch = lambda method, *_: (
            getattr(server, trouble)(method, *how, **({"retry_after": 5} if how else {})),
            setattr(server, "watch", None),
        )
        with pytest.raises(DeliveryError) as caught:
            await channel.erase("7", refs)
        assert isinstance(caught.value, TryLater if trouble == "fails" else FateUnknown)
        assert len(of_bot(person)) == 50
        assert await channel.erase("7", refs) == 150
        assert of_bot(person) == []

    saying(act)


def test_a_lost_chat_can_not_be_erased():
    """Where the person has blocked the bot, erasing says that the chat is lost."""

    async def act(server, channel, person):
        ref = await channel.say("7", Said("x"))
        await person.blocks()
        with pytest.raises(ChatLost):
            await channel.erase("7", (ref,))

    saying(act)


def test_what_telegram_can_do():
    """Files and positions are taken, recordings played, messages erased; a chat is not forgotten at once."""
    can = Telegram.can
    assert all((can.files_in, can.location, can.sound, can.erase))
    assert not can.clears
