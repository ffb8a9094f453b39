"""The communes near a position. A position is looked at once and forgotten: it is never kept, logged or put in an
exception, and no function here raises for one.

documents/data/commune-points.csv knows the centres of communes and not their borders, so that the nearest centre may be
the neighbour's: whoever shares a position is always asked to choose among the nearest.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from heapq import nlargest
from math import cos, radians, sin
from operator import itemgetter
from pathlib import Path

POINTS = Path(__file__).parent / "data" / "commune-points.csv"

EARTH = 6371.0
"""Kilometres, the mean radius."""

FARTHEST = 60.0
"""Kilometres. Within the country some centre is always nearer; farther off is the open sea, or abroad."""

_Direction = tuple[float, float, float]


class Points:
    """The centres of communes, as directions from the middle of the earth: the nearest is the one most alike."""

    def __init__(self, points: Iterable[tuple[str, float, float]]) -> None:
        """Each point is a unit's code, latitude and longitude in degrees."""
        self._points = [(code, *_direction(lat, lon)) for code, lat, lon in points]

    def nearest(self, lat: float, lon: float, many: int = 4) -> list[str]:
        """The codes of the `many` nearest centres, the nearest first, none farther than FARTHEST; [] for no place."""
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # noqa: PLR2004 - degrees; neither does NaN lie between them
            return []
        x, y, z = _direction(lat, lon)
        alike = ((x * px + y * py + z * pz, code) for code, px, py, pz in self._points)
        found = nlargest(many, alike, key=itemgetter(0))
        return [code for likeness, code in found if likeness >= _LEAST]


def nearest(lat: float, lon: float, many: int = 4) -> list[str]:
    """The codes ("xa-02647") of the communes whose centres are nearest to a position in degrees, to choose from.

    [] for a place far from all of them (the sea, abroad) and for numbers that are no place on earth.
    """
    return _points().nearest(lat, lon, many)


_LEAST = cos(FARTHEST / EARTH)


def _direction(lat: float, lon: float) -> _Direction:
    north, east = radians(lat), radians(lon)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


@cache
def _points() -> Points:
    with POINTS.open(encoding="ascii", newline="") as file:
        rows = list(csv.DictReader(file))
    return Points((f"xa-{row['code']}", float(row["lat"]), float(row["lon"])) for row in rows)
