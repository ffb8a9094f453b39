"""A position becomes a few communes to choose from, and is forgotten."""

from __future__ import annotations

from math import asin, cos, inf, nan, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.near import POINTS, Points, nearest
from documents.places import all_communes, communes

ROWS = [line.split(",") for line in POINTS.read_text("ascii").splitlines()[1:]]
CENTRES = {f"xa-{code}": (float(lat), float(lon)) for code, lat, lon in ROWS}


def test_every_commune_has_one_point() -> None:
    """The file holds each of the 3,321 communes once, sorted by code, with four decimals, within Viet Nam."""
    assert [f"xa-{row[0]}" for row in ROWS] == sorted(place.code for place in all_communes("Lào Cai"))
    assert all(len(number.split(".")[1]) == 4 for row in ROWS for number in row[1:])
    assert all(8 < lat < 23.5 and 102 < lon < 115 for lat, lon in CENTRES.values())


def test_the_points_of_a_province_lie_in_it() -> None:
    """Lào Cai lies between 21.3 and 22.9 degrees north, 103.5 and 105.2 east, and so do its communes."""
    own = [CENTRES[unit.code] for unit in communes("Lào Cai")]
    assert all(21.3 < lat < 22.9 and 103.5 < lon < 105.2 for lat, lon in own)


@pytest.mark.parametrize("unit", communes("Lào Cai"), ids=lambda unit: unit.code)
def test_at_its_centre_a_commune_is_the_nearest(unit) -> None:
    """Whoever stands in the centre of a commune is offered it first, and three others."""
    found = nearest(*CENTRES[unit.code])
    assert found[0] == unit.code
    assert len(set(found)) == 4


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [(22.3364, 103.8438, "Phường Sa Pa"), (22.5392, 104.2925, "Xã Bắc Hà"), (21.0285, 105.8523, "Phường Hoàn Kiếm")],
)
def test_known_places_are_offered(lat, lon, name) -> None:
    """The church of Sa Pa, the market of Bắc Hà, the lake in Hà Nội: the commune is among the four."""
    names = {place.code: place.name for place in all_communes("Lào Cai")}
    assert name in [names[code] for code in nearest(lat, lon)]


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        *[(bad, 104.0) for bad in (nan, inf, -inf, 90.1, -91, 1e308, 10**400)],
        *[(22.0, bad) for bad in (nan, inf, -inf, 180.1, 10**400)],
        *[(0, 0), (90, 0), (-90, 0), (48.85, 2.35), (22.3, -103.8), (104.0, 22.3), (18.0, 112.9), (13.75, 100.5)],
    ],
)
def test_no_place_here_is_no_commune(lat, lon) -> None:
    """Numbers that are no place, the open sea and places abroad give no commune, and no error."""
    assert nearest(lat, lon) == []


@given(st.floats() | st.integers(), st.floats() | st.integers(), st.integers(-3, 4000))
def test_any_numbers_give_known_communes(lat, lon, many) -> None:
    """Whatever two numbers come, what is given are at most as many communes as were asked for, each once."""
    found = nearest(lat, lon, many)
    assert len(found) == len(set(found)) <= max(many, 0)
    assert set(found) <= CENTRES.keys()


@given(st.floats(8, 23.5), st.floats(102, 110))
def test_the_nearest_come_first(lat, lon) -> None:
    """The order is that of the distance on the sphere, reckoned another way (haversine)."""
    found = nearest(lat, lon, 8)
    far = [kilometres((lat, lon), CENTRES[code]) for code in found]
    assert far == pytest.approx(sorted(far), abs=0.01)
    assert all(distance <= 60.01 for distance in far)


def kilometres(here, there) -> float:
    (lat, lon), (other_lat, other_lon) = (map(radians, here), map(radians, there))
    part = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin((other_lon - lon) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(min(1.0, part)))


def test_places_far_from_each_other_are_not_confused() -> None:
    """Points of one's own are taken too, also across the line where a day begins."""
    points = Points([("east", 0.0, 179.9), ("west", 0.0, -179.9), ("far", 0.0, 170.0)])
    assert points.nearest(0.0, 179.99) == ["east", "west"]
