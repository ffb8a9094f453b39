"""The pages of rooms: what stands in one, what somebody writes into it, and news of it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field, replace

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from bot.channels.channel import Hear, Heard, Posted, Said, Takes, WebStore
from bot.channels.web.bodies import BIG_LIMIT, BODY_LIMIT, Gate, is_big
from bot.channels.web.forms import Posting, read_posting
from bot.channels.web.guard import log_failure
from bot.channels.web.hearing import Place, heard_in, label_of, nobody, on_its_message
from bot.channels.web.news import Bell, TooManyStreams, events, wait_for_answer
from bot.channels.web.pages import Line, Pages, address, is_visible, lines, newest_takes, readers_of
from bot.channels.web.problem import Problem
from bot.channels.web.recordings import Recordings
from bot.channels.web.uploads import Held, check_uploads
from bot.channels.web.visitors import Visitors

START = "/start"
_PATIENCE = 2.0  # seconds that a page without JavaScript waits for our answer
_ERASED = 6.0  # seconds more that it waits where everything was erased, and the word of it has yet to come
_KEYS = 4_096  # keys of forms that are remembered


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a form: the ref of the person's own message, and the room's count of changes before any answer."""

    ref: str
    seen: int


@dataclass(frozen=True)
class Rooms:
    """Serves the pages of any room; `hear` is how the house is reached while it listens."""

    store: WebStore
    pages: Pages
    bell: Bell
    hear: Callable[[], Hear | None]
    _: KW_ONLY
    held: Held
    visitors: Visitors
    sounds: Recordings
    secure: bool
    _gate: Gate = field(default_factory=Gate, init=False)
    _taken: OrderedDict[str, asyncio.Task[Taken]] = field(default_factory=OrderedDict, init=False)

    async def show(self, request: Request, place: Place, problem: Problem | None = None) -> Response:
        """The room's page; with `?fragment=1` only its messages."""
        asked = asked_language(request)
        seen = await self.store.changed(place.room, since=0) if place.room else 0
        standing = await self.store.read(place.room) if place.room else []
        shown = lines(standing, place.door)
        answered = problem.reply_to if problem else request.query_params.get("reply", "")
        takes = newest_takes(standing) if place.door is None else None
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
            takes=takes,
            readers=readers_of(takes) if takes else "",
            can_play=self.sounds.find,
        )
        response = HTMLResponse(page, problem.status if problem else 200)
        if _is_over(request, place, shown):
            response.delete_cookie("tb", path="/", secure=self._secure(request), httponly=True, samesite="lax")
        return response

    async def speak(self, request: Request, place: Place) -> Response:
        """Hands one form to the house; answers with the page again, or with its messages where the page asks for that.

        What can't be taken is said on the page, above what was typed.
        """
        asked = asked_language(request)
        try:
            entered, taken = await self._hear_form(request, place, asked)
        except Problem as problem:
            if problem.typed is None:
                raise
            return await self.show(request, place, problem)
        if "fragment" in request.query_params:
            response = await self.show(request, entered)
            response.headers["Own-Message"] = taken.ref
            return response
        await self._wait(entered.room, taken.seen)
        response = RedirectResponse(address(place.path, asked) + "#end", 303)
        if not place.room:
            secure = self._secure(request)
            response.set_cookie("tb", entered.room, path="/", secure=secure, httponly=True, samesite="lax")
        return response

    async def _wait(self, room: str, since: int) -> None:
        """Waits for our answer; in a room that was erased, for the word that it was."""
        await wait_for_answer(self.bell, self.store, room, since, _PATIENCE)
        seen = await self.store.changed(room, since=0)
        if not any(map(is_visible, await self.store.read(room))):
            await wait_for_answer(self.bell, self.store, room, seen, _ERASED)

    async def _hear_form(self, request: Request, place: Place, asked: str) -> tuple[Place, Taken]:
        """Reads the form and has it heard. What came with it is in memory until here it ends. Raises Problem."""
        with self._gate.visit() as visit:
            limit = await self._limit(request, place)
            try:
                posting = await read_posting(request, visit, limit)
            except Problem as problem:
                raise _of_files(problem, limit) from None
            entered = place if place.room else _first_entered(place, posting)
            return entered, await self._take(posting, entered, asked, self.visitors.network(request))

    async def _limit(self, request: Request, place: Place) -> int:
        """How many bytes may come: many only where a question stands that takes files."""
        if place.door is not None or not place.room or not is_big(request):
            return BODY_LIMIT
        takes = newest_takes(await self.store.read(place.room))
        return BIG_LIMIT if takes and (takes.files or takes.voice) else BODY_LIMIT

    def _secure(self, request: Request) -> bool:
        """Whether a cookie is for https only: an onion address is safe without, and has none."""
        return self.secure and not self.visitors.by_onion(request)

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

    async def _take(self, posting: Posting, place: Place, asked: str, network: str) -> Taken:
        """Posts what was said and has it heard, once.

        A form that comes again ends as the first did: it waits for it, and is not told of a success that may not come.
        """
        taking = self._taken.get(posting.key)
        if taking is None:
            taking = asyncio.create_task(self._take_first(posting, place, asked, network))
            self._remember(posting.key, taking)
        return await asyncio.shield(taking)

    async def _take_first(self, posting: Posting, place: Place, asked: str, network: str) -> Taken:
        try:
            standing = await self.store.read(place.room)
            _check_files(posting, newest_takes(standing) if place.door is None else None)
            ref = await self._posted(posting, place, standing, asked or "vi")
            seen = await self.store.changed(place.room, since=0)
            with self.held.hold(posting.files) as files:
                heard = heard_in(on_its_message(posting, standing), place, asked)
                await self._hand_on(msgspec.structs.replace(heard, ref=ref, files=files, network=network), posting)
        except BaseException:
            self._taken.pop(posting.key, None)
            raise
        return Taken(ref, seen)

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

    async def _hand_on(self, heard: Heard, posting: Posting) -> None:
        """Has it heard; where that fails, takes the person's own words away again and raises Problem."""
        try:
            await (self.hear() or nobody)(heard)
        except Exception as error:  # noqa: BLE001 - the person must know; the house has kept nothing of a turn that failed
            log_failure("a turn", error)
            await self.store.replace(heard.chat, heard.ref, Said(text=""))
            self.bell.ring(heard.chat)
            raise Problem(503, "web-problem-not-sent", typed=posting.text, reply_to=posting.reply_to) from None

    def _shown(self, posting: Posting, place: Place, standing: list[Posted], language: str) -> Said:
        """The person's own words as they stand in the room: a pressed button's label, an officer's name above."""
        name = place.door.name if place.door else ""
        if posting.choice:
            label = label_of(standing, posting) or self.pages.say_words(language, "web-old-button", {})
            return Said(text=label, head=name, subject=posting.key)
        is_start = posting.text == START and place.door is None
        text = self.pages.say_words(language, "web-start", {}) if is_start else posting.text
        attached = self._attached(posting, language)
        return Said(text="\n".join(filter(None, (text, attached))), head=name, subject=posting.key)

    def _attached(self, posting: Posting, language: str) -> str:
        """What came along, by number and, where the browser sealed it, by sort: more is not known of it."""

        def word(sentence: str, **values: object) -> str:
            return self.pages.say_words(language, sentence, values)

        sealed = Counter(one.sort for one in posting.files if one.part)
        what = ", ".join(word(f"web-sort-{sort}", count=count) for sort, count in sealed.items())
        files = len(posting.files) - sealed.total()
        said = [word("web-sealed", what=what)] if sealed else []
        return "\n".join([*said, *([word("web-files", count=files)] if files else [])])

    def _remember(self, key: str, taking: asyncio.Task[Taken]) -> None:
        self._taken[key] = taking
        if len(self._taken) > _KEYS:
            self._taken.popitem(last=False)

    def _say(self, asked: str, problem: Problem | None) -> str:
        return self.pages.say_words(asked or "vi", problem.sentence, problem.values) if problem else ""


def _of_files(problem: Problem, limit: int) -> Problem:
    """Where files were asked for, too many bytes are a file's: that is said in the room, with all that stands there."""
    if problem.status != 413 or limit != BIG_LIMIT:  # noqa: PLR2004 - HTTP's "content too large"
        return problem
    return Problem(413, "web-problem-files-too-big", typed="")


def _is_over(request: Request, place: Place, shown: list[Line]) -> bool:
    """Whether the cookie opens nothing any more. News of an open page never say so: what was erased is empty for a
    moment, and then says that it was erased.
    """
    has_cookie = "tb" in request.cookies and place.door is None
    return has_cookie and not shown and "fragment" not in request.query_params


def asked_language(request: Request) -> str:
    """What the address asks for, if anything. A browser's own language is not asked: it is often left at English."""
    asked = request.query_params.get("lang", "")
    return asked if asked in ("vi", "en") else ""


def _first_entered(place: Place, posting: Posting) -> Place:
    if not posting.fresh:
        raise Problem(400, "web-problem-ended", typed=posting.text)
    return replace(place, room=posting.fresh)


def _check_files(posting: Posting, takes: Takes | None) -> None:
    """Raises Problem for files that the room's newest question does not take."""
    try:
        check_uploads(posting.files, posting.tip, takes)
    except Problem as problem:
        raise problem.about(posting.text, posting.reply_to) from None


def _replied(shown: list[Line], ref: str) -> Line | None:
    return next((line for line in shown if line.ref == ref and line.can_reply), None)
