"""Tips: what a citizen tells, what of it may be read by routing and statistics, and what only a reader may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TipKind(StrEnum):
    """What is going on. The sentences are `tip-kind-…`."""

    SELLING = "selling"
    STORING = "storing"
    USING = "using"
    GROWING = "growing"
    DISGUISED = "disguised"
    ONLINE = "online"
    OTHER = "other"


class Urgency(StrEnum):
    """NOW goes to the triage group at once; the others wait a random few minutes (docs/design.md, section 7)."""

    NOW = "now"
    RECENT = "recent"
    PAST = "past"
    UNSAID = "unsaid"


class WayBack(StrEnum):
    """Whether and where the citizen wants an answer."""

    HERE = "here"
    RECEIPT = "receipt"
    NONE = "none"


class TipState(StrEnum):
    """Where a tip stands at the desk."""

    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a citizen has told when they press Send. `commune` is a unit's code, empty when not known."""

    kind: TipKind
    commune: str
    what: str
    urgency: Urgency
    back: WayBack


@dataclass(frozen=True, slots=True)
class TipLine:
    """What everybody at the desk may see of a tip: nothing that was written. `hour` is the hour it came in."""

    id: str
    hour: datetime
    kind: TipKind
    commune: str
    urgency: Urgency
    state: TipState = TipState.RECEIVED


def hour_of(instant: datetime) -> datetime:
    """The start of the hour: all that a tip's row keeps of its time."""
    return instant.replace(minute=0, second=0, microsecond=0)
