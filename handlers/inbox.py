"""The open tips, for coordinators: urgent ones first, then the oldest."""

from __future__ import annotations

from bot import triage_cards
from bot.storage.triage import count_open, open_tips
from bot.turn import Turn
from handlers.communes import commune_name
from handlers.desk_cards import card, hidden_from, stands
from handlers.triage import known

PAGE = 8
_MOST_DIGITS = 5


async def show_inbox(turn: Turn, rest: str) -> None:
    """A page of them. `rest`: "open" or "blocked" (tips of senders who are shut out), after a colon the page."""
    which, _, number = rest.partition(":")
    page = int(number) if number.isdecimal() and number.isascii() and len(number) <= _MOST_DIGITS else 0
    blocked, hidden = which == "blocked", await hidden_from(turn)
    counts = await count_open(turn.work, hidden)
    found = await open_tips(turn.work, hidden, blocked=blocked, first=page * PAGE, most=PAGE + 1)
    rows = [
        triage_cards.Listed(one.line, commune_name(turn, one.line.commune), stands(turn, one)) for one in found[:PAGE]
    ]
    shown = triage_cards.Page(rows, page, blocked=blocked, has_more=len(found) > PAGE)
    turn.say(triage_cards.inbox(turn.language, shown, counts, turn.now))


async def show_card(turn: Turn, tip: str) -> None:
    """One tip, with what can be done with it."""
    if standing := await known(turn, tip):
        turn.say(card(turn, standing))
