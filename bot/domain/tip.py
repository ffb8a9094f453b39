"""Tips: what a citizen tells, what of it may be read by routing and statistics, and what only a reader may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TipKind(StrEnum):
    """What is going on, from the plans. The sentences are `tip-kind-…`. PERSON is no accusation: they need help."""

    SELLING = "selling"
    STORING = "storing"
    USING = "using"
    HARBOURING = "harbouring"
    GROWING = "growing"
    PRECURSORS = "precursors"
    DISGUISED = "disguised"
    ONLINE = "online"
    PERSON = "person"
    OTHER = "other"


class Happened(StrEnum):
    """When it happened, as the citizen remembers it: for readers only."""

    NOW = "now"
    RECENT = "recent"
    OFTEN = "often"
    PAST = "past"
    UNSAID = "unsaid"


class Known(StrEnum):
    """How the citizen knows: for readers only."""

    SEEN = "seen"
    HEARD = "heard"
    MYSELF = "myself"
    GUESSED = "guessed"
    UNSAID = "unsaid"


class Official(StrEnum):
    """Whether an official is involved. YES: the tip must not go by way of that person's unit."""

    NO = "no"
    YES = "yes"
    UNSAID = "unsaid"


class Urgency(StrEnum):
    """NOW goes to the triage group at once; the others wait a random few minutes (docs/design.md, section 7)."""

    NOW = "now"
    DAYS = "days"
    CALM = "calm"
    UNSAID = "unsaid"


class WayBack(StrEnum):
    """Whether and where the citizen wants an answer."""

    HERE = "here"
    RECEIPT = "receipt"
    NONE = "none"


class TipState(StrEnum):
    """Where a tip stands at the desk."""

    RECEIVED = "received"
    TAKEN = "taken"
    CHECKING = "checking"
    CLOSED = "closed"


class Outcome(StrEnum):
    """With what a closed tip ended. The sentences are `tip-state-…`."""

    OPEN = ""
    CONFIRMED = "confirmed"
    UNFOUNDED = "unfounded"
    SPAM = "spam"
    FORWARDED = "forwarded"
    NO_WAY = "no-way"
    DUPLICATE = "duplicate"


class WrongMove(Exception):
    """A tip can't go from where it stands to there."""

    def __init__(self, at: TipState, to: TipState) -> None:
        super().__init__(f"a tip that is {at} can't become {to}")


_NEXT = {
    TipState.RECEIVED: {TipState.TAKEN, TipState.CLOSED},
    TipState.TAKEN: {TipState.RECEIVED, TipState.CHECKING, TipState.CLOSED},
    TipState.CHECKING: {TipState.RECEIVED, TipState.TAKEN, TipState.CLOSED},
    TipState.CLOSED: {TipState.CHECKING},
}
"""Taken and checking can be given back or handed on, and what was closed is opened again when something new comes."""


def check_move(at: TipState, to: TipState, outcome: Outcome) -> None:
    """Raises WrongMove, or ValueError where a tip is closed without saying with what, or open with an outcome."""
    if to not in _NEXT[at]:
        raise WrongMove(at, to)
    if (to is TipState.CLOSED) != (outcome is not Outcome.OPEN):
        raise ValueError("a tip is closed with an outcome, and open without one")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a citizen has told when they press Send. `commune` is a unit's code, empty when not known.

    `what` are their written words; empty when `parts` begins with what they said aloud, or their browser sealed.
    `parts` are the ids of all that came along, in the order they were given.
    """

    kind: TipKind
    commune: str
    what: str
    urgency: Urgency
    back: WayBack
    happened: Happened = Happened.UNSAID
    known: Known = Known.UNSAID
    official: Official = Official.UNSAID
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TipLine:
    """What everybody at the desk may see of a tip: nothing that was written. `hour` is the hour it came in, `since` the
    hour from which it stands where it stands. `talks`: the citizen can still be asked. `blocked`: it came from a sender
    whom the desk had shut out for the day (docs/decisions/0012-shadow-block.md).
    """

    id: str
    hour: datetime
    kind: TipKind
    commune: str
    urgency: Urgency
    state: TipState = TipState.RECEIVED
    official: Official = Official.UNSAID
    outcome: Outcome = Outcome.OPEN
    since: datetime | None = None
    talks: bool = True
    blocked: bool = False


def hour_of(instant: datetime) -> datetime:
    """The start of the hour: all that a tip's row keeps of its time."""
    return instant.replace(minute=0, second=0, microsecond=0)


def short_name(tip: str) -> str:
    """What a tip is called between people at the desk: the beginning of its random id."""
    return tip[:6]
