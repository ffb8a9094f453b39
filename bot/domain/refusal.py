"""Why not now, as data: the sentence of words/limits.*.ftl that says which limit was met and how long to wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.limits import Limit, Refused
from bot.domain.why import Explanation

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)
_MEGABYTE = 1_000_000


def refusal(refused: Refused, now: datetime, zone: ZoneInfo) -> Explanation:
    """Which limit it is, and until when, on the clocks of `zone`."""
    most = refused.most // _MEGABYTE if refused.limit is Limit.BYTES else refused.most
    wait = _wait(refused.until, now, zone)
    return Explanation(f"limits-{refused.limit}", {"most": most, "per": _period(refused.per), "wait": wait})


def delayed(delay: timedelta) -> Explanation:
    """That the answer comes, and in how many seconds."""
    return Explanation("limits-delay", {"number": max(_rounded_up(delay, _SECOND), 1)})


def _wait(until: datetime, now: datetime, zone: ZoneInfo) -> Explanation:
    """Seconds where it is soon; else the minute in which it is permitted from its first second on."""
    if until - now <= 2 * _MINUTE:
        return Explanation("limits-wait-seconds", {"number": max(_rounded_up(until - now, _SECOND), 1)})
    minute = until.replace(second=0, microsecond=0)
    local = (minute if minute == until else minute + _MINUTE).astimezone(zone)
    values: dict[str, str | int | Explanation] = {"time": f"{local:%H:%M}", "day": f"{local:%d/%m}"}
    return Explanation("limits-wait-day" if local.date() > now.astimezone(zone).date() else "limits-wait-time", values)


def _period(per: timedelta) -> Explanation:
    for unit, name in ((_HOUR, "hours"), (_MINUTE, "minutes")):
        if per % unit == timedelta():
            return Explanation(f"limits-{name}", {"number": per // unit})
    return Explanation("limits-seconds", {"number": _rounded_up(per, _SECOND)})


def _rounded_up(time: timedelta, unit: timedelta) -> int:
    return -(-time // unit)
