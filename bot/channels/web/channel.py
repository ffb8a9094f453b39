"""The web as a channel: says into rooms, hears what pages send."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, ExceptionHandler

from bot.channels.channel import Capabilities, Hear, Said, WebStore
from bot.channels.web.assets import source, static
from bot.channels.web.demo_page import DemoPage
from bot.channels.web.doors import Demo, Doors
from bot.channels.web.forms import citizens_room
from bot.channels.web.guard import Guard
from bot.channels.web.hearing import Place
from bot.channels.web.news import Bell
from bot.channels.web.pages import Pages, SayWords
from bot.channels.web.problem import Problem, plain
from bot.channels.web.recordings import Recordings
from bot.channels.web.rooms import Rooms, asked_language
from bot.channels.web.serving import serve
from bot.channels.web.uploads import Held
from bot.channels.web.visitors import Visitors

_SECRET_LIMIT = 200  # characters of a link's secret


@dataclass(eq=False)
class Web:
    """A citizen's room is named by the value of their cookie, a unit's by what a personal link opens.

    `token` yields at least 128 bits of chance as 20 to 90 characters of A-Z a-z 0-9 - _. `listener` is the socket
    (see `listen`) that `run` serves on; without one `run` only hears, and whoever likes serves `app`. `proxies` and
    `onion` are the operator's (docs/operations.md); `recordings` is a folder of sounds, "hmong/tip-what.ogg";
    `hotlines` are the telephone lines that stand beside 113.
    """

    store: WebStore
    _: KW_ONLY
    say_words: SayWords
    now: Callable[[], datetime]
    token: Callable[[], str]
    secure: bool
    doors: Doors
    demo: Demo | None = None
    listener: socket.socket | None = None
    province: str = "Lào Cai"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    exit_to: str = "https://vnexpress.net"
    proxies: int = 0
    onion: str = ""
    recordings: Path | None = None
    hotlines: tuple[str, ...] = ()
    name: str = field(default="web", init=False)
    can: Capabilities = field(
        default=Capabilities(
            buttons=True,
            edit=True,
            erase=True,
            groups=True,
            text_limit=8_000,
            files_in=True,
            sound=True,
            clears=True,
            identity=False,
        ),
        init=False,
    )

    def __post_init__(self) -> None:
        framed = self.demo is not None
        self.sounds = Recordings(self.recordings)
        self.pages = Pages(
            self.say_words, self.token, self.now, self.zone, self.province, self.exit_to, framed, self.hotlines
        )
        self.bell = Bell()
        self.held = Held(self.token)
        self.visitors = visitors = Visitors(self.token, self.now, self.proxies, self.onion)
        self.rooms = Rooms(
            self.store,
            self.pages,
            self.bell,
            lambda: self._hear,
            held=self.held,
            visitors=visitors,
            sounds=self.sounds,
            secure=self.secure,
        )
        self._hear: Hear | None = None
        handlers: dict[object, ExceptionHandler] = {
            Problem: self._show_problem,
            HTTPException: self._show_problem,
            Exception: self._show_problem,
        }
        pages = Starlette(routes=self._routes(), exception_handlers=handlers)
        self.app: ASGIApp = Guard(pages, framed=framed, onion_location=visitors.onion_location)

    async def run(self, hear: Hear) -> None:
        """Hears until cancelled."""
        self._hear = hear
        forgetting = asyncio.create_task(self.visitors.forget_in_time())
        try:
            if self.listener is None:
                await asyncio.Event().wait()
            else:
                await serve(self.app, self.listener, stopping=self.bell.close)
        finally:
            forgetting.cancel()
            self._hear = None

    async def say(self, chat: str, said: Said) -> str:
        ref = await self.store.post(chat, said, ours=True)
        self.bell.ring(chat)
        return ref

    async def edit(self, chat: str, ref: str, said: Said) -> None:
        await self.store.replace(chat, ref, said)
        self.bell.ring(chat)

    async def erase(self, chat: str, refs: tuple[str, ...]) -> int:
        """Empties the messages that stand there; an empty one is shown to nobody."""
        standing = {one.ref for one in await self.store.read(chat)}
        found = [ref for ref in refs if ref in standing]
        for ref in found:
            await self.store.replace(chat, ref, Said(text=""))
        self.bell.ring(chat)
        return len(found)

    async def clear(self, chat: str) -> int:
        """Forgets both sides' messages of a room and returns how many there were."""
        gone = await self.store.clear(chat)
        self.bell.ring(chat)
        return gone

    async def download(self, ref: str, at_most: int) -> bytes:
        """A file's bytes, while its turn is done."""
        return self.held.hand_out(ref, at_most)

    async def close(self) -> None:
        self.bell.close()
        if self.listener is not None:
            self.listener.close()

    @property
    def _home(self) -> str:
        return "/chat" if self.demo else "/"

    def _routes(self) -> list[Route]:
        routes = [
            Route("/chat", self._show_citizens),
            Route("/say", self._speak_citizens, methods=["POST"]),
            Route("/events", self._stream_citizens),
            Route("/r/{secret}", self._show_door),
            Route("/r/{secret}/say", self._speak_door, methods=["POST"]),
            Route("/r/{secret}/events", self._stream_door),
            Route("/static/{name}", static),
            Route("/sound/{folder}/{name}", self.sounds.play),
            Route("/source", source),
        ]
        if self.demo is None:
            return [Route("/", self._show_citizens), *routes]
        page = DemoPage(self.demo, self.pages)
        return [Route("/", page.show), Route("/demo/move", page.move, methods=["POST"]), *routes]

    def _citizens(self, request: Request) -> Place:
        room = citizens_room(request.cookies.get("tb", ""))
        return Place(room, self._home, "/say", "/events")

    async def _door(self, request: Request) -> Place:
        secret = request.path_params["secret"]
        door = await self.doors.open(secret) if len(secret) <= _SECRET_LIMIT else None
        if door is None or citizens_room(door.room):
            raise Problem(404, "web-problem-link")
        path = f"/r/{secret}"
        return Place(door.room, path, f"{path}/say", f"{path}/events", door)

    async def _show_citizens(self, request: Request) -> Response:
        return await self.rooms.show(request, self._citizens(request))

    async def _speak_citizens(self, request: Request) -> Response:
        return await self.rooms.speak(request, self._citizens(request))

    async def _stream_citizens(self, request: Request) -> Response:
        return await self.rooms.stream(request, self._citizens(request))

    async def _show_door(self, request: Request) -> Response:
        return await self.rooms.show(request, await self._door(request))

    async def _speak_door(self, request: Request) -> Response:
        return await self.rooms.speak(request, await self._door(request))

    async def _stream_door(self, request: Request) -> Response:
        return await self.rooms.stream(request, await self._door(request))

    async def _show_problem(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        problem = error if isinstance(error, Problem) else plain(status)
        asked = asked_language(request)
        sentence = self.say_words(asked or "vi", problem.sentence, problem.values)
        is_citizens = not request.url.path.startswith("/r/")
        page = self.pages.render("problem.html", asked, self._home, sentence=sentence, is_citizens=is_citizens)
        headers = error.headers if isinstance(error, HTTPException) else None
        return HTMLResponse(page, problem.status, headers=headers)
