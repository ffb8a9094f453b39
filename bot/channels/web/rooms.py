"""The pages of rooms: what stands in one, what somebody writes into it, and news of it."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from bot.channels.channel import Hear, Heard, Posted, Said, WebStore
from bot.channels.web.doors import Door
from bot.channels.web.forms import Posting, read_posting
from bot.channels.web.guard import log_failure
from bot.channels.web.news import Bell, TooManyStreams, events, wait_for_answer
from bot.channels.web.pages import Line, Pages, address, lines
from bot.channels.web.problem import Problem

START = "/start"
_PATIENCE = 2.0  # seconds that a page without JavaScript waits for our answer
_KEYS = 4_096  # keys of forms that are remembered


@dataclass(frozen=True, slots=True)
class Place:
    """A room as one person reaches it. `room` is empty while a citizen has not said anything yet."""

    room: str
    path: str
    say_path: str
    events_path: str
    door: Door | None = None


@dataclass(frozen=True)
class Rooms:
    """Serves the pages of any room; `hear` is how the house is reached while it listens."""

    store: WebStore
    pages: Pages
    bell: Bell
    hear: Callable[[], Hear | None]
    secure: bool
    _taken: OrderedDict[str, asyncio.Task[int]] = field(default_factory=OrderedDict, init=False)

    async def show(self, request: Request, place: Place, problem: Problem | None = None) -> Response:
        """The room's page; with `?fragment=1` only its messages."""
        asked = asked_language(request)
        seen = await self.store.changed(place.room, since=0) if place.room else 0
        standing = await self.store.read(place.room) if place.room else []
        shown = lines(standing, place.door)
        answered = problem.reply_to if problem else request.query_params.get("reply", "")
        page = self.pages.render(
            "fragment.html" if "fragment" in request.query_params and not problem else "room.html",
            asked,
            place.path,
            place=place,
            lines=shown,
            seen=seen,
            problem=self._say(asked, problem),
            typed=(problem.typed or "") if problem else "",
            reply=_replied(shown, answered),
        )
        response = HTMLResponse(page, problem.status if problem else 200)
        if "tb" in request.cookies and place.door is None and not shown:
            response.delete_cookie("tb", path="/", secure=self.secure, httponly=True, samesite="lax")
        return response

    async def speak(self, request: Request, place: Place) -> Response:
        """Hands one form to the house; answers with the page again, or with its messages where the page asks for that.

        What can't be taken is said on the page, above what was typed.
        """
        asked = asked_language(request)
        try:
            posting = await read_posting(request)
            entered = place if place.room else _first_entered(place, posting)
            seen = await self._take(posting, entered, asked)
        except Problem as problem:
            if problem.typed is None:
                raise
            return await self.show(request, place, problem)
        if "fragment" in request.query_params:
            return await self.show(request, entered)
        await wait_for_answer(self.bell, self.store, entered.room, seen, _PATIENCE)
        response = RedirectResponse(address(place.path, asked) + "#end", 303)
        if not place.room:
            response.set_cookie("tb", entered.room, path="/", secure=self.secure, httponly=True, samesite="lax")
        return response

    async def stream(self, request: Request, place: Place) -> Response:
        """The room's news as server-sent events."""
        if not place.room:
            return Response(status_code=204)
        since = request.headers.get("last-event-id") or request.query_params.get("since", "")
        try:
            self.bell.make_room(place.room)
        except TooManyStreams:
            return Response(status_code=503, headers={"Retry-After": "30"})
        told = events(self.bell, self.store, place.room, int(since) if re.fullmatch("[0-9]{1,18}", since) else -1)
        return StreamingResponse(told, media_type="text/event-stream")

    async def _take(self, posting: Posting, place: Place, asked: str) -> int:
        """Posts what was said and has it heard, once; returns the room's count of changes before any answer.

        A form that comes again ends as the first did: it waits for it, and is not told of a success that may not come.
        """
        taking = self._taken.get(posting.key)
        if taking is None:
            taking = asyncio.create_task(self._take_first(posting, place, asked))
            self._remember(posting.key, taking)
        return await asyncio.shield(taking)

    async def _take_first(self, posting: Posting, place: Place, asked: str) -> int:
        try:
            standing = await self.store.read(place.room)
            ref = await self._posted(posting, place, standing, asked or "vi")
            seen = await self.store.changed(place.room, since=0)
            await self._hand_on(_on_its_message(posting, standing), place, asked, ref)
        except BaseException:
            self._taken.pop(posting.key, None)
            raise
        return seen

    async def _posted(self, posting: Posting, place: Place, standing: list[Posted], language: str) -> str:
        """The ref of the person's own words, which stand there already if a crash came between them and the house.

        They are known by their form's key, kept as their subject: nobody replies to one's own words.
        """
        known = next((one.ref for one in standing if not one.ours and one.said.subject == posting.key), "")
        if known:
            return known
        shown = self._shown(posting, place, standing, language)
        ref = await self.store.post(place.room, shown, ours=False)
        self.bell.ring(place.room)
        return ref

    async def _hand_on(self, posting: Posting, place: Place, asked: str, ref: str) -> None:
        """Has it heard; where that fails, takes the words (`ref`) away again and raises Problem."""
        try:
            await (self.hear() or _nobody)(_heard(posting, place, asked))
        except Exception as error:  # noqa: BLE001 - the person must know; the house has kept nothing of a turn that failed
            log_failure("a turn", error)
            await self.store.replace(place.room, ref, Said(text=""))
            self.bell.ring(place.room)
            raise Problem(503, "web-problem-not-sent", typed=posting.text, reply_to=posting.reply_to) from None

    def _shown(self, posting: Posting, place: Place, standing: list[Posted], language: str) -> Said:
        """The person's own words as they stand in the room: a pressed button's label, an officer's name above."""
        name = place.door.name if place.door else ""
        if posting.choice:
            label = _label(standing, posting) or self.pages.say_words(language, "web-old-button", {})
            return Said(text=label, head=name, subject=posting.key)
        is_start = posting.text == START and place.door is None
        text = self.pages.say_words(language, "web-start", {}) if is_start else posting.text
        return Said(text=text, head=name, subject=posting.key)

    def _remember(self, key: str, taking: asyncio.Task[int]) -> None:
        self._taken[key] = taking
        if len(self._taken) > _KEYS:
            self._taken.popitem(last=False)

    def _say(self, asked: str, problem: Problem | None) -> str:
        return self.pages.say_words(asked or "vi", problem.sentence, problem.values) if problem else ""


def asked_language(request: Request) -> str:
    """What the address asks for, if anything. A browser's own language is not asked: it is often left at English."""
    asked = request.query_params.get("lang", "")
    return asked if asked in ("vi", "en") else ""


def _first_entered(place: Place, posting: Posting) -> Place:
    if not posting.fresh:
        raise Problem(400, "web-problem-ended", typed=posting.text)
    return replace(place, room=posting.fresh)


async def _nobody(_heard: Heard) -> None:
    raise RuntimeError  # the house is not listening yet, or not any more


def _heard(posting: Posting, place: Place, asked: str) -> Heard:
    door = place.door
    return Heard(
        channel="web",
        chat=place.room,
        sender=door.sender if door else place.room,
        key=posting.key,
        private=door is None,
        text="" if posting.choice else posting.text,
        choice=posting.choice,
        reply_to=posting.reply_to,
        name=door.name if door else "",
        language=asked,
        chat_title=door.title if door else "",
    )


def _on_its_message(posting: Posting, standing: list[Posted]) -> Posting:
    """A press names the message its button stands on; otherwise it names none, and the house can change none by it."""
    if not posting.choice or (posting.reply_to and _label(standing, posting)):
        return posting
    return replace(posting, reply_to="")


def _label(standing: list[Posted], posting: Posting) -> str:
    """The pressed button's label, on the message that the form names; empty when it does not stand there."""
    named = [one for one in standing if posting.reply_to in ("", one.ref)]
    buttons = (button for one in reversed(named) for row in one.said.rows for button in row)
    return next((button.label for button in buttons if button.choice == posting.choice), "")


def _replied(shown: list[Line], ref: str) -> Line | None:
    return next((line for line in shown if line.ref == ref and line.can_reply), None)
