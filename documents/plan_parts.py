"""The tables of a plan's file, made into what is true of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.deadline import Once, Recurring, Within
from bot.domain.ladder import EIGHT, Ladder, Offset
from bot.domain.plan import Hotline, Indicator, Kind, Number, Obligation, Plan, Source
from bot.domain.unit import Level, Unit
from documents import plan_shape as shape
from documents.plan_deadline import deadline_of
from documents.plan_errors import Fault

NO_LADDER = Ladder((), ())
"""Stands for a ladder that is wrong itself, so that those who name it are not called wrong too."""


def head_of(raw: shape.Head) -> Plan:
    """The plan without what it asks. Raises Fault."""
    if raw.issued and len(raw.issued) > len("2026-02") and not _is_day(raw.issued):
        raise Fault("issued", "plan-no-day", value=raw.issued)
    return Plan(
        code=raw.code,
        title=raw.title,
        number=raw.number,
        issued=raw.issued or "",
        province=raw.province,
        zone=_zone(raw.zone),
        responsibility=raw.responsibility,
        authority=raw.authority,
    )


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):  # a name that leads out of the folder, an unknown one, a folder's name
        raise Fault("zone", "plan-no-zone", zone=name) from None


def unit_of(raw: shape.Agency) -> Unit:
    return Unit(raw.code, raw.name, Level.PROVINCE, raw.parent, raw.aliases, frozenset(raw.bodies))


def ladder_of(raw: shape.Rungs) -> tuple[str, Ladder]:
    """A ladder under its name. Raises Fault."""
    before = tuple(_offset(step) for step in raw.before)
    after = tuple(_offset(step) for step in raw.after)
    if any(offset.days > 0 or offset.minutes > 0 for offset in before):
        raise Fault("before", "plan-rung-before")
    if any(offset.days <= 0 for offset in after):
        raise Fault("after", "plan-rung-after")
    return raw.name, Ladder(before, tuple(sorted(after, key=lambda offset: offset.days)))


def _offset(raw: shape.Rung) -> Offset:
    if raw.minutes is not None:
        return Offset(raw.name, at=None, minutes=raw.minutes)
    return Offset(raw.name, raw.days, raw.at or EIGHT, working=raw.working)


def obligation_of(raw: shape.Duty, ladders: Mapping[str, Ladder]) -> Obligation:
    """Raises Fault."""
    if raw.ladder and raw.ladder not in ladders:
        raise Fault("ladder", "plan-no-ladder", name=raw.ladder)
    return Obligation(
        code=raw.code,
        kind=Kind(raw.kind),
        title=raw.title,
        lead=raw.lead,
        deadline=deadline_of(raw.deadline),
        source=Source(raw.section, raw.line),
        partners=raw.partners,
        responsibility=raw.responsibility,
        result=raw.result,
        authority=raw.authority,
        evidence=raw.evidence,
        numbers=tuple(_number(figure) for figure in raw.numbers),
        report_to=raw.report_to,
        via=raw.via,
        then_ongoing=raw.then_ongoing,
        ladder=ladders[raw.ladder] if raw.ladder else None,
        note=raw.note,
    )


def with_defaults(obligation: Obligation, plan: Plan) -> Obligation:
    """The obligation, with what the plan says for all of them where it says nothing itself."""
    return replace(
        obligation,
        responsibility=obligation.responsibility or plan.responsibility,
        authority=obligation.authority or plan.authority,
    )


def _number(raw: shape.Figure) -> Number:
    if raw.low > raw.high:
        raise Fault("numbers", "plan-numbers-reversed", code=raw.code, low=raw.low, high=raw.high)
    return Number(raw.code, raw.title, raw.measure, raw.low, raw.high)


def indicator_of(raw: shape.Target) -> Indicator:
    return Indicator(
        code=raw.code,
        title=raw.title,
        operator=raw.operator,
        value=raw.value,
        measure=raw.measure,
        year=raw.year,
        source=Source(raw.section, raw.line),
        lead=raw.lead,
    )


def hotline_of(raw: shape.Phone) -> Hotline:
    return Hotline(raw.title, raw.phones, raw.emails)


def last_day(obligation: Obligation) -> str:
    """The last day on which it can be due, as ISO; empty where it has none."""
    match obligation.deadline:
        case Once(last_day=day) | Within(last_day=day):
            return day.isoformat()
        case Recurring(until=until) if until:
            return until.isoformat()
        case _:
            return ""
