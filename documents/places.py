"""The communes of a province, from the package vietnam-provinces (34 provinces, 3,321 communes since July 2025).

Only the package's JSON is read: importing its lists of constants takes a tenth of a second.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgspec

from bot.domain.plain import plain
from bot.domain.plan import Plan
from bot.domain.trouble import Trouble
from bot.domain.unit import Level, Unit

PACKAGE = "vietnam_provinces"


class UnknownProvinceError(Trouble):
    """No province has this name or code."""

    def __init__(self, province: str | int) -> None:
        super().__init__("plan-no-province", province=province)


class _Ward(msgspec.Struct, frozen=True):
    name: str
    code: int


class _Province(msgspec.Struct, frozen=True):
    name: str
    code: int
    wards: tuple[_Ward, ...]


def communes(province: str | int) -> tuple[Unit, ...]:
    """The communes and wards of a province, in the official order; it is named with or without "tỉnh", or by its code.

    Raises UnknownProvinceError.
    """
    wanted = province if isinstance(province, int) else _bare(province)
    found = next((one for one in _provinces() if wanted in {one.code, _bare(one.name)}), None)
    if found is None:
        raise UnknownProvinceError(province)
    return tuple(_commune(ward) for ward in found.wards)


def units_of(plan: Plan) -> tuple[Unit, ...]:
    """Everybody a plan speaks to: the agencies it names, then the communes of its province."""
    return (*plan.agencies, *communes(plan.province))


def _bare(name: str) -> str:
    """A place's name without diacritics, case and kind: "Tỉnh Lào Cai" and "lao cai" are one."""
    words = plain(name).split()
    for kind in (["thanh", "pho"], ["dac", "khu"], ["tinh"], ["phuong"], ["xa"]):
        if words[: len(kind)] == kind and len(words) > len(kind):
            return " ".join(words[len(kind) :])
    return " ".join(words)


def _commune(ward: _Ward) -> Unit:
    short = ward.name.removeprefix("Phường ").removeprefix("Xã ").removeprefix("Đặc khu ")
    return Unit(f"xa-{ward.code:05}", ward.name, Level.COMMUNE, aliases=(short, _bare(ward.name)))


@cache
def _provinces() -> tuple[_Province, ...]:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(PACKAGE)
    path = Path(spec.origin).parent / "data" / "nested-divisions.json"
    return msgspec.json.decode(path.read_bytes(), type=tuple[_Province, ...])
