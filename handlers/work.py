"""What a unit owes, and an assignment's card."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot import cards
from bot.domain.assignment import Assignment
from bot.storage.assignments import find_assignment, last_progress, open_assignments
from bot.turn import Turn

AHEAD = timedelta(days=45)
NEAR = timedelta(days=7)


def units_here(turn: Turn) -> frozenset[str]:
    """The units that are spoken of here: the chat's, or the member's own."""
    if turn.place is not None and turn.place.units:
        return turn.place.units
    return frozenset({turn.member.unit} if turn.member and turn.member.unit else ())


async def read_id(turn: Turn, text: str) -> Assignment | None:
    """The assignment that a button names; None when it is none, or is not this chat's and not a coordinator's."""
    if not (text.isascii() and text.isdecimal() and len(text) < 16):  # noqa: PLR2004 - longer than any id
        return None
    assignment = await find_assignment(turn.work, int(text))
    if assignment is None:
        return None
    may_see = assignment.unit in units_here(turn) or (turn.member is not None and turn.member.may_coordinate)
    return assignment if may_see else None


async def owed_here(turn: Turn) -> list[Assignment]:
    """What the units here owe, the soonest due first. Of what comes back every week, only the next one ahead."""
    owed = await open_assignments(turn.work, units_here(turn), turn.now + AHEAD)
    ahead: set[tuple[str, str, str]] = set()
    shown = []
    for assignment in owed:
        what = (assignment.plan, assignment.obligation, assignment.unit)
        if assignment.is_late(turn.now) or what not in ahead:
            shown.append(assignment)
        if not assignment.is_late(turn.now):
            ahead.add(what)
    return shown


async def show_work(turn: Turn, rest: str) -> None:
    """The unit's open work, the soonest due first; with a number, that page of it."""
    owed = await owed_here(turn)
    units = ", ".join(turn.house.programme.names(sorted(units_here(turn))))
    if not owed:
        turn.tell("work-none", units=units)
        return
    heading = turn.word("work-head", units=units, count=len(owed))
    page = int(rest) if rest.isdecimal() and len(rest) < 3 else 1  # noqa: PLR2004 - two digits
    turn.say(cards.work_list(turn.language, owed, turn.house.programme, turn.now, heading, page))


async def tell_what_is_near(turn: Turn) -> None:
    """To a chat that has just been bound: what is due within a week, whose reminders went to nobody before."""
    near = [assignment for assignment in await owed_here(turn) if assignment.due <= turn.now + NEAR]
    if near:
        units = ", ".join(turn.house.programme.names(sorted(units_here(turn))))
        heading = turn.word("work-head", units=units, count=len(near))
        turn.say(cards.work_list(turn.language, near, turn.house.programme, turn.now, heading))


async def not_here(turn: Turn, _rest: str) -> None:
    """A member asks for work where no unit is spoken of."""
    turn.tell("work-not-here")


async def show_card(turn: Turn, id_: str) -> None:
    """The six "rõ" of one assignment."""
    assignment = await read_id(turn, id_)
    if assignment is None:
        turn.tell("work-not-yours")
        return
    last = await last_progress(turn.work, assignment.id)
    turn.say(cards.assignment_card(turn.language, assignment, turn.house.programme, last, turn.now))


async def show_why(turn: Turn, id_: str) -> None:
    """Why this due instant."""
    assignment = await read_id(turn, id_)
    obligation = turn.house.programme.obligation(assignment) if assignment else None
    if assignment is None or obligation is None:
        turn.tell("work-not-yours")
        return
    turn.tell("why", text=cards.why_card(turn.language, assignment, obligation, turn.house.programme.zone))


def ids(text: str) -> Iterable[int]:
    """The ids of a message's subject, "12,13"."""
    return (int(part) for part in text.split(",") if part.isascii() and part.isdecimal())
