"""The demo's first page: a citizen, a unit and the coordinators side by side, and the clock above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.channels.web.doors import Demo, Move
from bot.channels.web.forms import read_form
from bot.channels.web.pages import Pages, address
from bot.channels.web.problem import plain
from bot.channels.web.rooms import asked_language

MOVES: tuple[Move, ...] = get_args(Move)


@dataclass(frozen=True)
class DemoPage:
    demo: Demo
    pages: Pages

    async def show(self, request: Request) -> Response:
        """The page, with the room of the unit that `?unit=` names (the first one otherwise)."""
        asked = asked_language(request)
        units = self.demo.units()
        unit = self._unit(request.query_params.get("unit", ""))
        page = self.pages.render(
            "demo.html",
            asked,
            "/",
            unit=unit,
            levels=[(level, [one for one in units if one[2] == level]) for level in dict.fromkeys(u[2] for u in units)],
            unit_room=f"/r/{self.demo.door(unit)}",
            coordinators_room=f"/r/{self.demo.coordinators()}",
            clock=self.pages.date(self.demo.now(), asked),
            moves=MOVES,
        )
        return HTMLResponse(page)

    async def move(self, request: Request) -> Response:
        """Moves the clock and shows the page again."""
        form = await read_form(request)
        to, unit = form.get("to"), form.get("unit")
        if to not in MOVES:
            raise plain(400)
        await self.demo.move(to)
        return RedirectResponse(address("/", asked_language(request), unit=self._unit(str(unit))), 303)

    def _unit(self, wanted: str) -> str:
        codes = [code for code, _, _ in self.demo.units()]
        return wanted if wanted in codes else codes[0]
