"""What a plan asks: obligations, indicators, and the agencies it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.deadline import Deadline, Every, Recurring
from bot.domain.ladder import REPORT, TASK, WEEKLY_REPORT, Ladder
from bot.domain.unit import Unit, select


class Kind(StrEnum):
    """What is asked: something done, or something reported."""

    TASK = "task"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number that an obligation asks for, from `low` to `high`, in `measure` ("người", "vụ")."""

    code: str
    title: str
    measure: str = ""
    low: int = 0
    high: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where it stands in the plan: the section ("IV.I.1.1 (1)"), and the line of the text read (0: unknown)."""

    section: str
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing a plan asks of units. Leads owe it; partners are informed.

    A card shows six things, in this order: who (`lead`), what (`title`), when (`deadline`), responsibility, result,
    authority ("6 rõ": người, việc, thời hạn, trách nhiệm, kết quả, thẩm quyền); what a plan leaves open is empty.
    `then_ongoing`: after the deadline it is kept up all the time. `note` says what a reader of the plan should know.
    """

    code: str
    kind: Kind
    title: str
    lead: tuple[str, ...]
    deadline: Deadline
    source: Source
    partners: tuple[str, ...] = ()
    responsibility: str = ""
    result: str = ""
    authority: str = ""
    evidence: str = ""
    numbers: tuple[Number, ...] = ()
    report_to: str = ""
    via: str = ""
    then_ongoing: bool = False
    ladder: Ladder | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A number that a plan wants reached by the end of `year`: ">= 50 % xã, phường"."""

    code: str
    title: str
    operator: str  # one of "=", ">=", "<=", ">", "<"
    value: float
    measure: str
    year: int | None
    source: Source
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hotline:
    """Where citizens reach an office, as the plan makes it public."""

    title: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A document that asks things of units. `issued` is "2026-02-13", or "2026-02" where its day is blank."""

    code: str
    title: str
    number: str
    issued: str
    province: str
    zone: ZoneInfo
    responsibility: str = ""  # for the obligations that say nothing of their own; already filled in there
    authority: str = ""
    agencies: tuple[Unit, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    hotlines: tuple[Hotline, ...] = ()


def leads(obligation: Obligation, units: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units that owe it. Raises UnknownUnits."""
    return select(obligation.lead, units)


def partners(obligation: Obligation, units: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units that are informed of it: those named as partners and not owing it themselves. Raises UnknownUnits."""
    known = tuple(units)
    owing = {unit.code for unit in leads(obligation, known)}
    return tuple(unit for unit in select(obligation.partners, known) if unit.code not in owing)


def ladder_of(obligation: Obligation) -> Ladder:
    """Its own ladder, or that of its kind."""
    match obligation:
        case Obligation(ladder=Ladder() as own):
            return own
        case Obligation(kind=Kind.REPORT, deadline=Recurring(every=Every.WEEK)):
            return WEEKLY_REPORT
        case Obligation(kind=Kind.REPORT):
            return REPORT
        case _:
            return TASK
