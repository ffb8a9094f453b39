"""The flows with what they are given, for tests that drive them by hand."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from assembly.citizens import commune_list
from bot.domain.assignment import Assignment
from bot.domain.member import Chat, ChatKind
from bot.domain.programme import Programme
from bot.domain.tip import TipKind, TipLine, Urgency
from bot.talk.ask import Ask
from bot.talk.options import Options
from bot.talk.step import Option, Phrase
from documents.near import nearest
from documents.places import units_of
from documents.plan_file import read_plan
from handlers.forward import ForwardGiven, forward_tip
from handlers.join import InviteGiven, invite_flow
from handlers.notice import NoticeGiven, write_notice
from handlers.progress import ProgressGiven, report_progress
from handlers.receipt import TalkGiven, come_back
from handlers.tip import TipGiven, tell_tip
from tests.talking import PLAN

NOW = datetime(2026, 2, 26, 1, 0, tzinfo=UTC)
HOTLINES = "113, 0692.509.489"


@cache
def programme() -> Programme:
    """Lào Cai."""
    plan = read_plan(PLAN)
    return Programme("Lào Cai", ZoneInfo("Asia/Ho_Chi_Minh"), tuple(units_of(plan)), (plan,), ("0692.509.489",))


@cache
def commune_options() -> Options[Option]:
    """All 3,321, those of Lào Cai first."""
    options = commune_list("Lào Cai").options
    assert isinstance(options, Options)
    return options


def begin_tip(*, identity: bool = True) -> Coroutine[Any, Any, Any]:
    tier = "tip-ready-confidential" if identity else "tip-ready-anonymous"
    values = {"hotlines": HOTLINES, "web": "https://tinbao.example", "channel": Phrase("channel-telegram")}
    web = "https://tinbao.example" if identity else ""
    given = TipGiven("t1", Phrase(tier, values), web, HOTLINES, commune_options(), nearest, here=identity)
    return tell_tip(Ask("tip"), given)


def begin_talk() -> Coroutine[Any, Any, Any]:
    line = TipLine("t1", NOW, TipKind.SELLING, "xa-02839", Urgency.DAYS)
    return come_back(Ask("talk"), TalkGiven(line, asked=True, numbered=3))


def owed(count: int) -> list[tuple[Assignment, str, None]]:
    """What an officer may answer for, with ids as long as a database gives."""
    titles = [one.title for one in programme().plans[0].obligations]
    return [
        (Assignment(2**31 - 1 - n, "lao-cai-2026", f"o{n}", "so-y-te", "2026-W10", NOW), titles[n], None)
        for n in range(count)
    ]


def begin_progress(count: int = 1) -> Coroutine[Any, Any, Any]:
    return report_progress(Ask("progress"), ProgressGiven(owed(count), programme()))


def begin_notice() -> Coroutine[Any, Any, Any]:
    chat = Chat("c1", "script", "so-y-te", ChatKind.UNIT, "Sở Y tế", frozenset({"so-y-te"}))
    return write_notice(Ask("notice"), NoticeGiven(programme(), {"so-y-te": (chat,)}))


def begin_invite() -> Coroutine[Any, Any, Any]:
    return invite_flow(Ask("invite"), InviteGiven(programme(), ("member", "chat", "room")))


def begin_triage() -> Coroutine[Any, Any, Any]:
    chat = Chat("c1", "script", "so-y-te", ChatKind.UNIT, "Sở Y tế", frozenset({"so-y-te"}))
    return forward_tip(Ask("triage"), ForwardGiven("t1", programme().units, {"so-y-te": (chat,)}))


FLOWS: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
    "tip": begin_tip,
    "talk": begin_talk,
    "progress": begin_progress,
    "progress-of-many": lambda: begin_progress(6),
    "notice": begin_notice,
    "invite": begin_invite,
    "triage": begin_triage,
}
"""Each flow, ready to be begun."""

HAPPY: dict[str, dict[str, Any]] = {
    "tip": {
        "ready": "go",
        "kind": "selling",
        "place": "xa-02839",
        "what": "nha nuoi ga dau thon 3 toi nao cung co xe may",
        "happened": "recent",
        "known": "seen",
        "official": None,
        "urgency": "days",
        "evidence": ["p1", "p2"],
        "back": "receipt",
        "sure": True,
    },
    "talk": {"act": "add", "words": "xe mau den, bien so tinh khac", "files": None, "sure": True},
    "progress": {"percent": 80, "result": "xong 80%", "stuck": "vướng kinh phí", "sure": True},
    "progress-of-many": {
        "which": str(2**31 - 2),
        "percent": 100,
        "result": "4/4 cơ sở đã kiểm tra",
        "stuck": None,
        "sure": True,
    },
    "notice": {
        "body": "Họp giao ban 14:00 thứ Ba.",
        "audience": "picked",
        "units": ["so-y-te", "so-noi-vu"],
        "sure": True,
    },
    "triage": {"unit": "so-y-te", "sure": True},
    "invite": {"kind": "room", "unit": "so-y-te", "name": "Giàng A Páo"},
}
"""Answers that lead each flow to its end, in the order in which it asks."""
