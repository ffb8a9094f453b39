"""The web channel: its pages, what they take, and what they never tell. Served by uvicorn where a stream is read."""

from __future__ import annotations

import ast
import asyncio
import html
import io
import logging
import re
import subprocess
import sys
import tarfile
import unicodedata
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot import chance, words
from bot.channels.channel import Button, Said
from bot.channels.web import Door, Web, listen, port_of
from bot.channels.web.assets import pack_source
from bot.channels.web.bodies import BODY_LIMIT
from bot.channels.web.forms import TEXT_LIMIT
from bot.channels.web.news import ROOM_LIMIT
from bot.channels.web.pages import linked
from bot.clock import Clock
from bot.domain.plain import clean
from bot.storage import tables
from bot.storage.database import open_database
from bot.storage.seal import Vault
from bot.storage.web_rooms import WebRooms

NOW = datetime(2026, 2, 26, 1, 0, tzinfo=UTC)
UNITS = (("cong-an-tinh", "Công an tỉnh", "province"), ("so-y-te", "Sở Y tế", "province"), ("xa-1", "Xã A", "commune"))


class Doors:
    """Three links: two officers of one unit, and a coordinator whose name is hostile."""

    async def open(self, secret):
        return {
            "binh": Door("room:so-y-te", "member-1", "Trần Văn Bình", "Sở Y tế"),
            "hoa": Door("room:so-y-te", "member-2", "Lê Thị Hoa", "Sở Y tế"),
            "evil": Door("room:triage", "member-3", "<b>Ác</b>", "<script>1</script>"),
            "citizen": Door("c.abcdefghijklmnopqrstuvwxyz", "member-4", "N", "T"),
        }.get(secret)


class Demo:
    def __init__(self):
        self.instant = NOW

    def units(self):
        return UNITS

    def door(self, code):
        return {"so-y-te": "binh"}.get(code, f"door-{code}")

    def coordinators(self):
        return "evil"

    def now(self):
        return self.instant

    async def move(self, to):
        self.instant += {"hour": timedelta(hours=1), "day": timedelta(days=1)}[to]


class House:
    """A web channel on a real database, and all that it heard."""

    def __init__(self, web, client):
        self.web, self.client, self.heard = web, client, []
        self.fails = False
        self.begun, self.waits = asyncio.Event(), asyncio.Event()
        self.waits.set()

    async def hear(self, heard):
        self.begun.set()
        await self.waits.wait()
        if self.fails:
            raise RuntimeError("canary-in-exception")
        self.heard.append(heard)
        await self.web.say(heard.chat, Said("Đã nghe.", rows=((Button("Đồng ý", "yes"),),)))

    async def get(self, path, **more):
        return await self.client.get(path, **more)

    async def post(self, path, fields, **more):
        return await self.client.post(path, files={name: (None, value) for name, value in fields.items()}, **more)

    async def form(self, path):
        """The hidden fields of the page's first form, as a browser would send them."""
        page = (await self.get(path)).text
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
        return {name: html.unescape(value) for name, value in reversed(found)}

    async def start(self):
        """A citizen's first word."""
        return await self.post("/say", await self.form("/chat"))


def at_house(
    folder, tell: Callable[[House], Awaitable[None]], *, secure=False, demo=None, served=False, **more
) -> None:
    """Runs `tell(house)`; `more` is given to the channel."""

    async def main():
        database = open_database(f"sqlite+aiosqlite:///{folder / 'web.sqlite'}")
        async with database._engine.begin() as connection:
            await connection.run_sync(tables.metadata.create_all)
        store = WebRooms(database, Vault(bytes(32)), Clock())
        listener = listen("127.0.0.1", 0) if served else None
        web = Web(
            store,
            **{
                "say_words": words.say,
                "now": lambda: NOW,
                "token": chance.name,
                "secure": secure,
                "doors": Doors(),
                "demo": demo,
                "listener": listener,
                **more,
            },
        )
        transport = httpx.AsyncHTTPTransport() if served else httpx.ASGITransport(web.app)
        address = f"http://127.0.0.1:{port_of(listener)}" if listener else "https://tinbao.test"
        async with (
            httpx.AsyncClient(transport=transport, base_url=address, timeout=20) as client,
            _running(web, client) as house,
        ):
            await tell(house)
        assert web.bell.closed == served  # whoever waits for news is let go when serving ends
        await web.close()
        await database.close()

    asyncio.run(main())


@asynccontextmanager
async def _running(web, client):
    house = House(web, client)
    running = asyncio.create_task(web.run(house.hear))
    await asyncio.sleep(0)
    try:
        yield house
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def messages(page: str) -> str:
    return page[page.index('<div id="messages"') : page.index("</main>")]


def test_a_look_leaves_no_trace(tmp_path):
    """Who only looks gets no cookie, nothing is heard, and nothing is asked of any other server."""

    async def tell(house):
        page = await house.get("/")
        assert page.status_code == 200
        assert "set-cookie" not in page.headers
        assert not house.heard
        outside = set(re.findall(r'(?:src|href|action)="(https?:[^"]+)"', page.text))
        assert outside == {"https://vnexpress.net"}  # the quick exit, which only a press follows

    at_house(tmp_path, tell)


def test_the_first_page_is_light(tmp_path):
    """The first page with all it loads stays under 100 KB, unpacked."""

    async def tell(house):
        page = await house.get("/")
        loaded = [page, *[await house.get(path) for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)]]
        assert len(loaded) == 5
        assert all(one.status_code == 200 for one in loaded)
        assert sum(len(one.content) for one in loaded) < 100_000

    at_house(tmp_path, tell)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/r/unknown", "/static/page.css", "/static/..", "/source", "/say"])
def test_every_answer_is_guarded(tmp_path, path):
    """Every answer, errors too, has the strict policy, is not stored and tells no referrer."""

    async def tell(house):
        headers = (await house.get(path)).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; ")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"

    at_house(tmp_path, tell)


def test_no_page_has_a_script_or_style_inside(tmp_path):
    """No page holds an inline script, handler or style: the policy would refuse it."""

    async def tell(house):
        await house.start()
        for path in ("/", "/chat", "/r/binh", "/r/nope"):
            page = (await house.get(path)).text
            assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|javascript:", page)

    at_house(tmp_path, tell, demo=Demo())


@pytest.mark.parametrize("secure", [True, False])
def test_the_first_word_brings_the_cookie(tmp_path, secure):
    """The first word sets one session cookie, hidden from scripts, and is heard from a room with that name."""

    async def tell(house):
        answer = await house.start()
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("tb=c.")
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert ("Secure" in cookie) == secure
        assert "expires" not in cookie.lower()
        assert "max-age" not in cookie.lower()
        (heard,) = house.heard
        token = cookie.split(";")[0].removeprefix("tb=")
        assert (heard.chat, heard.sender, heard.private) == (token, token, True)
        assert (heard.text, heard.name, heard.chat_title) == ("/start", "", "")

    at_house(tmp_path, tell, secure=secure)


def test_the_page_after_a_post_shows_the_answer(tmp_path):
    """Without JavaScript the page that a POST leads to shows what was said and what was answered."""

    async def tell(house):
        answer = await house.start()
        shown = messages((await house.get(answer.headers["location"])).text)
        assert shown.index("Bắt đầu") < shown.index("Đã nghe.") < shown.index("Đồng ý")

    at_house(tmp_path, tell)


def test_a_form_sent_twice_is_heard_once(tmp_path):
    """A double press, even of the very first form, has one effect, one message, one cookie."""

    async def tell(house):
        form = await house.form("/")
        house.client.cookies.clear()
        answers = await asyncio.gather(house.post("/say", form), house.post("/say", form))
        assert [answer.status_code for answer in answers] == [303, 303]
        assert len({answer.headers["set-cookie"] for answer in answers}) == 1
        assert len(house.heard) == 1
        assert messages((await house.get("/")).text).count("Bắt đầu") == 1

    at_house(tmp_path, tell)


def test_a_button_is_heard_as_its_choice_and_shown_as_its_label(tmp_path):
    """A pressed button, an old one too, is handed on by its data and stands in the room by its label."""

    async def tell(house):
        await house.start()
        for _ in range(2):
            form = await house.form("/")
            await house.post("/say", form | {"choice": "yes"})
        assert [(heard.choice, heard.text) for heard in house.heard[1:]] == [("yes", ""), ("yes", "")]
        assert house.heard[1].key != house.heard[2].key
        await house.post("/say", await house.form("/") | {"choice": "gone:7"})
        assert house.heard[-1].choice == "gone:7"
        assert "(nút cũ)" in messages((await house.get("/")).text)

    at_house(tmp_path, tell)


def test_a_press_names_no_message_but_its_own(tmp_path):
    """A press is handed on with the message it names only where that button stands on it: not with another of the
    room's messages, the person's own words, or one that was never there.
    """

    async def tell(house):
        await house.start()
        await house.web.say(house.heard[0].chat, Said("Mã tin 1234", rows=((Button("Đã chép", "copied:7"),),)))
        for number, ref in enumerate(("1", "2", "3", "99", "")):
            await house.post("/say", {"choice": "copied:7", "reply_to": ref, "key": f"press-of-a-button-{number}"})
        assert [(one.choice, one.reply_to) for one in house.heard[1:]] == [
            ("copied:7", "3" if ref == "3" else "") for ref in ("1", "2", "3", "99", "")
        ]
        assert messages((await house.get("/")).text).count("(nút cũ)") == 3

    at_house(tmp_path, tell)


def test_typed_words_are_composed(tmp_path):
    """What was typed with separate marks, or with unassigned letters, is heard as all of the house reads it."""

    async def tell(house):
        typed = unicodedata.normalize("NFD", "Bạc Hà") + "\ue000"
        await house.post("/r/binh/say", {"text": typed, "key": "k" * 20})
        assert house.heard[0].text == "Bạc Hà"

    at_house(tmp_path, tell)


def test_a_unit_s_room_is_shared(tmp_path):
    """Officers of one unit speak in one room, each under their own name, and each sees who wrote what."""

    async def tell(house):
        await house.post("/r/binh/say", {"text": "xong 80%", "key": "k" * 20})
        (heard,) = house.heard
        assert (heard.chat, heard.sender, heard.private) == ("room:so-y-te", "member-1", False)
        assert (heard.name, heard.chat_title, heard.language) == ("Trần Văn Bình", "Sở Y tế", "")
        assert 'class="who">Trần Văn Bình' not in messages((await house.get("/r/binh")).text)
        assert 'class="who">Trần Văn Bình' in messages((await house.get("/r/hoa")).text)
        assert "set-cookie" not in (await house.get("/r/binh")).headers

    at_house(tmp_path, tell)


def test_a_reply_says_what_it_answers(tmp_path):
    """A message with a subject can be replied to; the page shows to what, and the ref is handed on."""

    async def tell(house):
        ref = await house.web.say("room:so-y-te", Said("Báo cáo tuần", head="Nhắc việc", subject="assignment:12"))
        plain_ref = await house.web.say("room:so-y-te", Said("Chào"))
        page = (await house.get("/r/binh")).text
        assert f'data-reply="{ref}"' in page
        assert f'data-reply="{plain_ref}"' not in page
        page = (await house.get(f"/r/binh?reply={ref}")).text
        assert "<q>Nhắc việc Báo cáo tuần</q>" in page
        assert f'name="reply_to" value="{ref}"' in page
        await house.post("/r/binh/say", {"text": "xong", "reply_to": ref, "key": "k" * 20})
        assert house.heard[0].reply_to == ref

    at_house(tmp_path, tell)


def test_a_link_that_opens_nothing_says_so(tmp_path):
    """Every link that opens nothing gets the same page: wrong, endless, odd, or for a citizen's room."""

    async def tell(house):
        pages = [await house.get(f"/r/{secret}") for secret in ("x", "y" * 5_000, "%00%ff", "citizen")]
        assert {page.status_code for page in pages} == {404}
        assert len({page.text for page in pages}) == 1
        assert "không mở được phòng nào" in pages[0].text
        assert (await house.post("/r/x/say", {"text": "a", "key": "k" * 20})).status_code == 404
        assert (await house.get("/r/x/events")).status_code == 404

    at_house(tmp_path, tell)


@pytest.mark.parametrize("cookie", ["room:so-y-te", "room:triage", "", "c.", "c.short", "c." + "a" * 500, "c.<b>" * 9])
def test_a_made_up_cookie_opens_nothing(tmp_path, cookie):
    """A cookie that names a unit's room, or is none of ours, is as good as no cookie."""

    async def tell(house):
        await house.web.say("room:so-y-te", Said("Chỉ cho đơn vị"))
        await house.web.say("room:triage", Said("Chỉ cho điều phối"))
        page = (await house.get("/", headers={"cookie": f"tb={cookie}"})).text
        assert 'class="landing"' in page
        assert "Chỉ cho" not in page
        assert (await house.get("/events", headers={"cookie": f"tb={cookie}"})).status_code == 204

    at_house(tmp_path, tell)


def test_what_people_write_is_never_markup(tmp_path):
    """Texts, names, titles, heads, labels and typed words are shown as they are, never as HTML."""
    evil = "<img src=x onerror=alert(1)>\"'</textarea>"

    async def tell(house):
        said = Said(evil, head=evil, rows=((Button(evil, "a\"'<b>"),),), subject="x")
        ref = await house.web.say("room:triage", said)
        await house.post("/r/evil/say", {"text": evil, "key": "k" * 20})
        too_long = await house.post("/r/evil/say", {"text": evil * 300, "key": "l" * 20})
        for page in ((await house.get(f"/r/evil?reply={ref}")).text, too_long.text):
            assert "<img" not in page
            assert "<b>" not in page
            assert "<script>" not in page
            assert page.count("</textarea>") == 1

    at_house(tmp_path, tell)


@given(st.text())
def test_linking_changes_no_word(text):
    """Whatever a text holds, its linked form shows the same words, and markup only for http links."""
    markup = str(linked(text))
    tags = re.findall(r"<[^>]*>", markup)
    assert html.unescape(re.sub(r"<[^>]*>", "", markup)) == text
    assert all(
        re.fullmatch(r'</a>|<a href="https?://[^"<>]+" rel="noreferrer noopener nofollow">', tag) for tag in tags
    )


def test_only_http_addresses_become_links():
    """Our own texts link http and https addresses, without the full stop after them, and nothing else."""
    text = "Xem https://a.example/x?a=1&b=2. Không javascript:alert(1), ftp://b.example"
    assert re.findall(r'href="([^"]+)"', str(linked(text))) == ["https://a.example/x?a=1&amp;b=2"]


def test_telephone_numbers_can_be_pressed():
    """In our own texts emergency numbers and hotlines are links; receipts, counts, dates and addresses are not."""
    text = "gọi 113. (115), 111; 0692.509.489 <b>; 1130 1113, 113/2026, 115%, 1.113 #115 https://a.example/113"
    found = re.findall(r'href="tel:([^"]+)"', str(linked(text, telephones=True)))
    assert found == ["113", "115", "111", "0692509489"]
    assert html.unescape(re.sub(r"<[^>]*>", "", str(linked(text, telephones=True)))) == text
    assert "tel:" not in linked(text)


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "L", "Zs"])))
def test_cleaned_text_has_no_control_characters(text):
    """Nothing but line ends and tabs is left of the control characters, and nothing that reorders a text."""
    cleaned = clean(text)
    assert not [one for one in cleaned if unicodedata.category(one) == "Cc" and one not in "\n\t"]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", cleaned)
    assert clean(cleaned) == cleaned


def test_lines_and_letters_survive_cleaning():
    """Vietnamese letters, joined emoji and line breaks stay; a NUL, an escape and space around do not."""
    assert clean("  Nhà số 5\r\nđầu\x00 thôn\x1b 👩‍👩‍👧\r ") == "Nhà số 5\nđầu thôn 👩‍👩‍👧"


def test_a_text_too_long_is_not_lost(tmp_path):
    """8,000 characters are heard; one more is refused with a sentence and the text still in the form."""

    async def tell(house):
        await house.post("/r/binh/say", {"text": "ệ" * TEXT_LIMIT, "key": "a" * 20})
        assert len(house.heard[0].text) == TEXT_LIMIT
        answer = await house.post("/r/binh/say", {"text": "ệ" * (TEXT_LIMIT + 1), "key": "b" * 20})
        assert answer.status_code == 422
        assert "ệ" * (TEXT_LIMIT + 1) + "</textarea>" in answer.text
        assert "Tin dài 8.001 ký tự" in answer.text
        assert len(house.heard) == 1

    at_house(tmp_path, tell)


BAD = {
    "nothing said": ({"key": "k" * 20}, 422),
    "only spaces": ({"text": " \x00\n ", "key": "k" * 20}, 422),
    "no key": ({"text": "a"}, 400),
    "a key too short": ({"text": "a", "key": "short"}, 400),
    "a key with odd signs": ({"text": "a", "key": "<script>alert(1)</script>"}, 400),
    "a choice too long": ({"choice": "a" * 65, "key": "k" * 20}, 400),
    "a choice that is not ASCII": ({"choice": "có", "key": "k" * 20}, 400),
    "a ref that is no number": ({"text": "a", "reply_to": "1;--", "key": "k" * 20}, 400),
    "a ref that no room reaches": ({"text": "a", "reply_to": "1234567890", "key": "k" * 20}, 400),
}


@pytest.mark.parametrize(("fields", "status"), BAD.values(), ids=BAD)
def test_odd_forms_are_refused(tmp_path, fields, status):
    """A form that none of our pages would send gets a sentence; nothing is heard and nothing is posted."""

    async def tell(house):
        answer = await house.post("/r/binh/say", fields)
        assert answer.status_code == status
        assert 'id="problem"' in answer.text
        assert not house.heard
        assert not await house.web.store.read("room:so-y-te")

    at_house(tmp_path, tell)


def test_bodies_of_the_wrong_size_and_kind_are_refused(tmp_path):
    """Too many bytes: 413; another type: 415; another method: 405; a file or broken form: 400; each with a page."""

    async def tell(house):
        form, url = {"content-type": "application/x-www-form-urlencoded"}, "/r/binh/say"

        async def pieces():
            for _ in range(100):
                yield b"text=" + b"a" * 4_096

        answers = [
            (413, await house.client.post(url, content=b"text=" + b"a" * BODY_LIMIT, headers=form)),
            (413, await house.client.post(url, content=pieces(), headers=form)),
            (415, await house.client.post(url, json={"text": "a"})),
            (415, await house.client.post(url, content=b"x")),
            (400, await house.client.post(url, content=b"x", headers={"content-type": "multipart/form-data"})),
            (400, await house.client.post(url, files={"text": ("a.txt", b"x")})),
            (405, await house.client.put(url)),
            (405, await house.client.get(url)),
        ]
        assert [answer.status_code for _, answer in answers] == [status for status, _ in answers]
        assert all('id="problem"' in answer.text for _, answer in answers)
        assert not house.heard

    at_house(tmp_path, tell)


def test_a_plain_form_is_taken_too(tmp_path):
    """A form without an encoding of its own (urlencoded) is heard the same."""

    async def tell(house):
        answer = await house.client.post("/r/binh/say", data={"text": "xong một nửa", "key": "k" * 20})
        assert answer.status_code == 303
        assert house.heard[0].text == "xong một nửa"

    at_house(tmp_path, tell)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://tinbao.test.evil.example"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 303),
        ({"origin": "https://tinbao.test"}, 303),
        ({"origin": "null"}, 303),
    ],
)
def test_only_our_own_pages_may_send(tmp_path, headers, status):
    """A form that another site sends is refused, by what the browser says of where it comes from."""

    async def tell(house):
        answer = await house.post("/r/binh/say", {"text": "a", "key": "k" * 20}, headers=headers)
        assert answer.status_code == status
        assert len(house.heard) == (status == 303)

    at_house(tmp_path, tell)


def test_what_could_not_be_heard_can_be_sent_again(tmp_path):
    """When the house fails, the page says so and keeps the text, shows nothing as sent, and the same form works."""

    async def tell(house):
        form = {"text": "xong", "key": "k" * 20}
        house.fails = True
        answer = await house.post("/r/binh/say", form)
        assert answer.status_code == 503
        assert ">xong</textarea>" in answer.text
        assert "xong" not in messages(answer.text)
        house.fails = False
        assert (await house.post("/r/binh/say", form)).status_code == 303
        assert [heard.text for heard in house.heard] == ["xong"]

    at_house(tmp_path, tell)


def test_a_form_sent_twice_ends_as_the_first(tmp_path):
    """A second press while the first is still being heard is not told of a success that does not come."""

    async def tell(house):
        form = {"text": "xong", "key": "k" * 20}
        house.waits.clear()
        house.fails = True
        both = asyncio.gather(house.post("/r/binh/say", form), house.post("/r/binh/say", form))
        await _begun(house)
        house.waits.set()
        assert [answer.status_code for answer in await both] == [503, 503]
        house.fails = False
        assert (await house.post("/r/binh/say", form)).status_code == 303
        assert len(house.heard) == 1

    at_house(tmp_path, tell)


def test_words_that_a_crash_left_unheard_stand_once(tmp_path):
    """After a kill between the words and the house, the same form is heard, and its words stand once in the room."""

    async def tell(house):
        form = {"text": "xong", "key": "k" * 20}
        house.waits.clear()
        killed = asyncio.create_task(house.post("/r/binh/say", form))
        await _begun(house)
        house.web.rooms._taken.clear()  # another process knows nothing of it
        house.waits = asyncio.Event()
        house.waits.set()
        assert (await house.post("/r/binh/say", form)).status_code == 303
        assert [heard.text for heard in house.heard] == ["xong"]
        assert messages((await house.get("/r/binh")).text).count(">xong<") == 1
        await house.post("/r/binh/say", form | {"key": "l" * 20})
        assert messages((await house.get("/r/binh")).text).count(">xong<") == 2
        killed.cancel()

    at_house(tmp_path, tell)


async def _begun(house):
    """Waits until the house has begun to hear, and the words stand in the unit's room."""
    async with asyncio.timeout(20):
        await house.begun.wait()
    assert [one.said.text for one in await house.web.store.read("room:so-y-te")] == ["xong"]


def test_messages_are_edited_and_erased(tmp_path):
    """An edited message shows its new words; erased ones are gone from page and store."""

    async def tell(house):
        say, room = house.web.say, "room:so-y-te"
        refs = [await say(room, Said(text)) for text in ("một", "hai", "ba")]
        await house.web.edit(room, refs[0], Said("MỘT"))
        assert await house.web.erase(room, (refs[1], "999")) == 1
        shown = messages((await house.get("/r/binh")).text)
        assert re.findall(r'class="text">(\w+)', shown) == ["MỘT", "ba"]
        assert "hai" not in {one.said.text for one in await house.web.store.read(room)}

    at_house(tmp_path, tell)


def test_a_cleared_room_gives_the_cookie_back(tmp_path):
    """When nothing is left of a citizen's room, the next look takes the cookie away and shows the first page."""

    async def tell(house):
        await house.start()
        assert await house.web.clear(house.heard[0].chat) == 2
        page = await house.get("/")
        assert 'class="landing"' in page.text
        assert re.match(r'tb="";.*Max-Age=0', page.headers["set-cookie"])

    at_house(tmp_path, tell)


def test_a_conversation_that_ended_is_told_so(tmp_path):
    """Who writes into a page whose cookie is gone is told that the talk has ended, and sees what they wrote."""

    async def tell(house):
        answer = await house.post("/say", {"text": "còn nữa", "key": "k" * 20})
        assert answer.status_code == 400
        assert "đã kết thúc" in answer.text
        assert ">còn nữa</textarea>" in answer.text
        assert not house.heard

    at_house(tmp_path, tell)


def test_the_language_asked_for_is_carried_on(tmp_path):
    """`?lang=en` turns the page English, stays in its forms and links, and is what the house hears."""

    async def tell(house):
        page = (await house.get("/?lang=en")).text
        assert '<html lang="en">' in page
        assert 'action="/say?lang=en"' in page
        answer = await house.post("/say?lang=en", await house.form("/?lang=en"))
        assert answer.headers["location"] == "/?lang=en#end"
        assert house.heard[0].language == "en"
        assert '<html lang="vi">' in (await house.get("/?lang=%3Cb%3E", headers={"accept-language": "en"})).text

    at_house(tmp_path, tell)


def test_the_page_speaks_both_languages_fully():
    """Every sentence of the pages is there in Vietnamese and in English."""
    vi, en = ({one for one in words.sentences(language) if one.startswith("web-")} for language in ("vi", "en"))
    assert vi == en
    assert len(vi) > 40


def test_news_arrive_as_they_are_said(tmp_path):
    """An open page hears at once that something changed, and the event holds a number and no words."""

    async def tell(house):
        async with house.client.stream("GET", "/r/binh/events?since=0") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            told = stream.aiter_lines()
            assert await anext(told) == "retry: 3000"
            await house.web.say("room:so-y-te", Said("canary-words"))
            lines = [line async for line in _until(told, "data: 1")]
        assert not [line for line in lines if "canary" in line]
        page = (await house.get("/r/binh?fragment=1")).text
        assert page.startswith('<div id="messages"')
        assert 'data-seen="1"' in page

    at_house(tmp_path, tell, served=True)


async def _until(told, last):
    async for line in told:
        yield line
        if line == last:
            return


def test_the_bell_rings_for_its_room(tmp_path):
    """What is said, edited, erased or written into a room rings for those who wait for it, and for nobody else."""

    async def tell(house):
        room = "room:so-y-te"
        ref = await house.web.say(room, Said("một"))
        acts = [
            lambda: house.web.say(room, Said("hai")),
            lambda: house.web.edit(room, ref, Said("ba")),
            lambda: house.web.erase(room, (ref,)),
            lambda: house.web.clear(room),
            lambda: house.post("/r/binh/say", {"text": "bốn", "key": "k" * 20}),
        ]
        for act in acts:
            with house.web.bell.listen(room) as rung, house.web.bell.listen("room:triage") as elsewhere:
                await act()
                assert rung.is_set()
                assert not elsewhere.is_set()

    at_house(tmp_path, tell)


def test_news_written_elsewhere_arrive_too(tmp_path):
    """What another process writes into the store is told as well, without a ring of the bell."""

    async def tell(house):
        async with house.client.stream("GET", "/r/binh/events?since=0") as stream:
            told = stream.aiter_lines()
            await anext(told)
            await house.web.store.post("room:so-y-te", Said("từ nơi khác"), ours=True)
            assert [line async for line in _until(told, "data: 1")]

    at_house(tmp_path, tell, served=True)


def test_streams_are_bounded_and_given_back(tmp_path):
    """A room has at most eight streams; the ninth is told to come later, others' rooms are not touched, and
    streams still open do not keep the server from ending.
    """

    async def tell(house):
        async def open_stream(path):
            return await house.client.send(house.client.build_request("GET", path), stream=True)

        streams = [await open_stream("/r/binh/events") for _ in range(ROOM_LIMIT)]
        told = [stream.aiter_lines() for stream in streams]
        assert [await anext(one) for one in told] == ["retry: 3000"] * ROOM_LIMIT
        assert (await house.get("/r/hoa/events")).status_code == 503
        other = await open_stream("/r/evil/events")
        assert other.status_code == 200
        for stream in (*streams, other):
            await stream.aclose()
        house.web.bell.ring("room:so-y-te")
        for _ in range(500):
            if not house.web.bell._streams:
                break
            house.web.bell.ring("room:so-y-te")
            await asyncio.sleep(0.02)
        left_open = await open_stream("/r/hoa/events")
        assert left_open.status_code == 200

    at_house(tmp_path, tell, served=True)


def test_logs_hold_nobody(tmp_path, caplog):
    """At DEBUG, through a failure too, no log line holds address, browser, cookie, link or words."""
    caplog.set_level(logging.DEBUG)

    async def tell(house):
        headers = {"user-agent": "canary-agent", "referer": "https://canary-referer.example"}
        await house.post("/say", await house.form("/") | {"text": "canary-text"}, headers=headers)
        house.fails = True
        await house.post("/r/binh/say", {"text": "canary-text", "key": "k" * 20}, headers=headers)
        await house.get("/r/canary-link?canary-query", headers=headers)
        tell.token = house.heard[0].chat

    at_house(tmp_path, tell, served=True)
    ours = "\n".join(
        f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}"
        for record in caplog.records
        if not record.name.startswith(("httpx", "httpcore"))  # these are the visitor's side of this test
    )
    assert "a turn failed: RuntimeError" in ours
    for canary in ("canary", "127.0.0.1", tell.token, "/r/binh"):
        assert canary not in ours


def test_a_failing_page_says_only_where(tmp_path, caplog):
    """A page that breaks answers 500 with a sentence; the log names the kind of failure, not its message."""

    async def tell(house):
        async def broken(_room, **_):
            raise ValueError("canary-in-exception")

        house.web.store.changed = broken
        answer = await house.get("/r/binh")
        assert answer.status_code == 500
        assert "Có lỗi ở phía chúng tôi" in answer.text

    at_house(tmp_path, tell)
    assert "a page failed: ValueError" in caplog.text
    assert "canary" not in caplog.text


def test_the_source_is_there_and_nothing_else(tmp_path):
    """The archive holds the running code with its sentences and pages, and no data, key, config or owner."""

    async def tell(house):
        answer = await house.get("/source")
        assert answer.headers["content-type"] == "application/gzip"
        with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
            entries = archive.getmembers()
        names = {entry.name for entry in entries}
        assert {
            "tinbao/tinbao.py",
            "tinbao/bot/words/web.vi.ftl",
            "tinbao/bot/channels/web/templates/room.html",
            "tinbao/bot/channels/web/static/room.js",
            "tinbao/requirements.lock",
            "tinbao/documents/data/commune-points.csv",
        } <= names
        assert not [
            name for name in names if re.search(r"^tinbao/data/|config\.toml|\.sqlite|\.key|/\.|__pycache__", name)
        ]
        assert all(entry.isfile() and entry.uid == 0 and not entry.uname and not entry.mtime for entry in entries)

    at_house(tmp_path, tell)
    assert pack_source() is pack_source()


def test_the_source_starts(tmp_path):
    """What is served holds every package of ours that the program imports, and runs where it is unpacked."""
    with tarfile.open(fileobj=io.BytesIO(pack_source())) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = tmp_path / "tinbao"
    root = Path(bot.__file__).parents[1]
    imported = {name for path in unpacked.glob("**/*.py") for name in _imported(path)}
    ours = {name for name in imported if (root / name).is_dir() or (root / f"{name}.py").is_file()}
    assert ours >= {"assembly", "bot", "documents"}
    assert not {name for name in ours if not list(unpacked.glob(f"{name}.py")) + list(unpacked.glob(f"{name}/*.py"))}
    for words_given in (["--help"], ["plan", "check", "plans/lao-cai-2026.toml"]):
        ran = subprocess.run(
            [sys.executable, "tinbao.py", *words_given], cwd=unpacked, capture_output=True, check=False
        )
        assert ran.returncode == 0, ran.stderr


def _imported(path):
    """The first names of what a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def test_the_demo_shows_all_three(tmp_path):
    """The demo's page frames a citizen's chat, the chosen unit's room and the coordinators' room, and nothing else."""

    async def tell(house):
        page = await house.get("/?unit=so-y-te")
        assert re.findall(r'<iframe[^>]* src="([^"]+)"', page.text) == ["/chat#end", "/r/binh#end", "/r/evil#end"]
        assert "Thứ Năm 26/02/2026 08:00" in page.text
        assert page.text.count("<option") == len(UNITS)
        assert '<option value="so-y-te" selected>' in page.text
        assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
        assert "door-cong-an-tinh" in (await house.get("/?unit=%3Cb%3E")).text
        assert (await house.get("/chat")).status_code == 200

    at_house(tmp_path, tell, demo=Demo())


def test_the_demo_s_clock_moves(tmp_path):
    """A press moves the clock and keeps the chosen unit; another word, or another site, moves nothing."""

    async def tell(house):
        answer = await house.post("/demo/move", {"to": "day", "unit": "so-y-te"})
        assert answer.headers["location"] == "/?unit=so-y-te"
        assert "Thứ Sáu 27/02/2026 08:00" in (await house.get("/")).text
        assert (await house.post("/demo/move", {"to": "1999"})).status_code == 400
        foreign = {"sec-fetch-site": "cross-site"}
        assert (await house.post("/demo/move", {"to": "day"}, headers=foreign)).status_code == 403
        assert "Thứ Sáu 27/02/2026 08:00" in (await house.get("/")).text

    at_house(tmp_path, tell, demo=Demo())


def test_without_a_demo_no_clock_can_be_moved(tmp_path):
    """In earnest there is neither the demo's page nor its clock."""

    async def tell(house):
        assert "<iframe" not in (await house.get("/")).text
        assert (await house.post("/demo/move", {"to": "day"})).status_code == 404

    at_house(tmp_path, tell)


def test_a_taken_port_gives_the_next():
    """Where the port is taken, the next free one is used, and one can tell."""
    with listen("127.0.0.1", 0) as first, listen("127.0.0.1", port_of(first)) as second:
        assert port_of(second) > port_of(first)
