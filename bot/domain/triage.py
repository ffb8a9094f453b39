"""Where a tip stands between the people at the desk: who has it, what may be done, and who must not know of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.member import Member, Role
from bot.domain.tip import Official, Outcome, TipLine, TipState
from bot.domain.unit import Level, Unit


class Act(StrEnum):
    """What can be done with a tip at the desk. CLOSE asks with which outcome."""

    TAKE = "take"
    CHECK = "check"
    CLOSE = "close"
    FORWARD = "forward"
    SAME = "same"
    SPAM = "spam"
    RETURN = "return"
    REOPEN = "reopen"


_OFFERED = {
    TipState.RECEIVED: (Act.TAKE, Act.FORWARD, Act.SAME, Act.SPAM),
    TipState.TAKEN: (Act.CHECK, Act.CLOSE, Act.FORWARD, Act.SAME, Act.RETURN),
    TipState.CHECKING: (Act.CLOSE, Act.FORWARD, Act.SAME, Act.RETURN),
    TipState.CLOSED: (Act.REOPEN,),
}

ASKED = (Outcome.CONFIRMED, Outcome.UNFOUNDED, Outcome.SPAM, Outcome.FORWARDED, Outcome.NO_WAY)
"""What a tip can be closed with by pressing "done"; a duplicate is closed by naming the other tip."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A tip between the people at the desk: the id and the name of who has it, or closed it ("" for nobody); the code
    of the unit it was forwarded to; the ids of the tips about the same thing.
    """

    line: TipLine
    by: str = ""
    name: str = ""
    unit: str = ""
    same: tuple[str, ...] = ()

    @property
    def offered(self) -> tuple[Act, ...]:
        """What may be done with it now."""
        return _OFFERED[self.line.state]

    @property
    def is_held(self) -> bool:
        return self.line.state in {TipState.TAKEN, TipState.CHECKING}

    def may(self, member: Member, act: Act) -> bool:
        """Whether this member may do it now: what somebody has taken is theirs, and any admin's."""
        if not member.may_coordinate or act not in self.offered:
            return False
        return not self.is_held or member.role is Role.ADMIN or self.by == member.id


def kept_from(unit: str | None, units: Iterable[Unit]) -> frozenset[str]:
    """The communes whose tips about officials never reach this unit: itself and those above it. A commune never learns
    of one whose commune is not known ("") either: it may be about anybody's official.
    """
    known = {one.code: one for one in units}
    shut: set[str] = set()
    code, own = unit, known.get(unit or "")
    while code and code not in shut:
        shut.add(code)
        above = known.get(code)
        code = above.parent if above else None
    return frozenset(shut | {""}) if own and own.level is Level.COMMUNE else frozenset(shut)


def is_kept_from(line: TipLine, unit: str | None, units: Iterable[Unit]) -> bool:
    """Whether the unit must not learn that the tip exists."""
    return line.official is Official.YES and line.commune in kept_from(unit, units)


def may_learn(line: TipLine, units: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units that the tip can be forwarded to."""
    known = tuple(units)
    return tuple(unit for unit in known if not is_kept_from(line, unit.code, known))


def later(pressed: TipLine, other: TipLine) -> TipLine:
    """Which of two tips about the same thing is closed as the duplicate: the one of the later hour, of those that are
    open still; of the same hour the one whose button was pressed.
    """
    return other if other.hour > pressed.hour and other.state is not TipState.CLOSED else pressed
