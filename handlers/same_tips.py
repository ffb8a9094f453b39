"""Tips about the same thing: which there are, and two of them linked, the later one closed."""

from __future__ import annotations

from bot import triage_cards
from bot.domain.tip import Outcome, short_name
from bot.domain.triage import Act, Standing, later
from bot.storage.triage import alike, link_tips
from bot.turn import Turn
from handlers.desk_cards import hidden_from, show_everywhere, stands
from handlers.triage import cover, end, known, not_now, permitted

MOST = 8
"""Tips that are offered."""


async def same(turn: Turn, rest: str) -> None:
    """Offers the tips that may be about the same thing, or links two. `rest`: the tip, after a colon the other."""
    tip, _, other = rest.partition(":")
    standing = await permitted(turn, tip, Act.SAME)
    if standing is None:
        return
    if other and other != tip:
        await _link(turn, standing, other)
        return
    near = await alike(turn.work, standing.line, await hidden_from(turn), MOST)
    found = [(one.line, stands(turn, one)) for one in near]
    turn.say(triage_cards.alike_list(turn.language, standing.line, found, turn.house.programme.zone))


async def _link(turn: Turn, pressed: Standing, tip: str) -> None:
    other = await known(turn, tip)
    if other is None or turn.member is None:
        return
    gone, kept = (other, pressed) if later(pressed.line, other.line) is other.line else (pressed, other)
    if not gone.may(turn.member, Act.SAME):
        await not_now(turn, gone)
        return
    await link_tips(turn.work, gone.line.id, kept.line.id)
    await end(turn, gone, Outcome.DUPLICATE, f" tip:{short_name(kept.line.id)}")
    await show_everywhere(turn, kept.line.id)
    await cover(turn, gone.line.id)
