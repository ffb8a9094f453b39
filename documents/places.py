"""The communes of a province, from the package vietnam-provinces (34 provinces, 3,321 communes since July 2025).

Only the package's JSON is read: importing its lists of constants takes a tenth of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Place:
    """A commune anywhere in the country. `code` is a unit's: "xa-02647", unique nation-wide; names are not.

    `province` is its name without kind ("Lào Cai", "Hà Nội"), `own` whether it is the programme's. `label` is "Xã Bắc
    Hà" for an own commune, elsewhere "Xã Bắc Hà, tỉnh Lào Cai". One alias is always "Bắc Hà, Lào Cai": what stands
    after a comma says where it is (bot/finding.py).
    """

    code: str
    name: str
    label: str
    province: str
    own: bool
    aliases: tuple[str, ...] = ()


def communes(province: str | int) -> tuple[Unit, ...]:
    """The communes and wards of a province, in the official order; it is named with or without "tỉnh", or by its code.

    Raises UnknownProvinceError.
    """
    return tuple(_commune(ward) for ward in _province(province).wards)


def all_communes(first: str | int) -> tuple[Place, ...]:
    """Every commune of the country: those of the province `first`, then all others, each in the official order.

    Raises UnknownProvinceError.
    """
    own = _province(first)
    others = (one for one in _provinces() if one is not own)
    return tuple(_place(ward, one, own=one is own) for one in (own, *others) for ward in one.wards)


def units_of(plan: Plan) -> tuple[Unit, ...]:
    """Everybody a plan speaks to: the agencies it names, then the communes of its province."""
    return (*plan.agencies, *communes(plan.province))


def _province(named: str | int) -> _Province:
    wanted = named if isinstance(named, int) else _bare(named)
    found = next((one for one in _provinces() if wanted in {one.code, _bare(one.name)}), None)
    if found is None:
        raise UnknownProvinceError(named)
    return found


def _bare(name: str) -> str:
    """A place's name without diacritics, case and kind: "Tỉnh Lào Cai" and "lao cai" are one."""
    words = plain(name).split()
    for kind in (["thanh", "pho"], ["dac", "khu"], ["tinh"], ["phuong"], ["xa"]):
        if words[: len(kind)] == kind and len(words) > len(kind):
            return " ".join(words[len(kind) :])
    return " ".join(words)


def _commune(ward: _Ward) -> Unit:
    return Unit(_code(ward), _spaced(ward.name), Level.COMMUNE, aliases=(_short(ward), _bare(ward.name)))


def _place(ward: _Ward, province: _Province, *, own: bool) -> Place:
    name, short = _spaced(ward.name), _short(ward)
    there = province.name.removeprefix(_CITY)
    kind = "tỉnh" if there == province.name else "thành phố"  # the package writes "Thành phố Hà Nội", but "Lào Cai"
    label = name if own else f"{name}, {kind} {there}"
    return Place(_code(ward), name, label, there, own, (short, _bare(ward.name), f"{short}, {there}"))


def _code(ward: _Ward) -> str:
    return f"xa-{ward.code:05}"


def _short(ward: _Ward) -> str:
    return _spaced(ward.name).removeprefix("Phường ").removeprefix("Xã ").removeprefix("Đặc khu ")


def _spaced(name: str) -> str:
    """The package has a few names with two spaces in them."""
    return " ".join(name.split())


_CITY = "Thành phố "


@cache
def _provinces() -> tuple[_Province, ...]:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(PACKAGE)
    path = Path(spec.origin).parent / "data" / "nested-divisions.json"
    return msgspec.json.decode(path.read_bytes(), type=tuple[_Province, ...])
