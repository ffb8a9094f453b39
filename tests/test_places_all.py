"""All communes of the country, the own province's first."""

from __future__ import annotations

import pytest

from documents.places import UnknownProvinceError, all_communes, communes


def test_every_commune_is_there_once() -> None:
    """There are 3,321, and their codes are unique in the whole country."""
    places = all_communes("Lào Cai")
    assert len(places) == len({place.code for place in places}) == 3321


@pytest.mark.parametrize("named", ["Lào Cai", "tỉnh Lào Cai", "lao cai", 15])
def test_the_own_province_comes_first(named) -> None:
    """Its 99 communes stand first, in the official order, with the codes and names that its units have."""
    places = all_communes(named)
    own = [place for place in places if place.own]
    assert list(places[:99]) == own
    assert [(place.code, place.name) for place in own] == [(unit.code, unit.name) for unit in communes(named)]
    assert {place.province for place in own} == {"Lào Cai"}


def test_a_commune_elsewhere_says_where_it_is() -> None:
    """An own commune is known by its name alone, another one with its province, and no two read alike."""
    places = {place.code: place for place in all_communes("Lào Cai")}
    assert places["xa-02839"].label == "Xã Bắc Hà"
    assert places["xa-00070"].label == "Phường Hoàn Kiếm, thành phố Hà Nội"
    assert places["xa-01273"].label == "Phường Thục Phán, tỉnh Cao Bằng"
    assert len({place.label for place in places.values()}) == 3321


def test_names_are_tidy() -> None:
    """No name, label or alias has two spaces in a row, or any at its ends."""
    texts = [text for place in all_communes(79) for text in (place.name, place.label, *place.aliases)]
    assert [text for text in texts if text != " ".join(text.split())] == []


def test_the_alias_names_the_province() -> None:
    """Every commune, the own ones too, can be named together with its province."""
    assert all(place.aliases[-1].endswith(f", {place.province}") for place in all_communes("Lào Cai"))


@pytest.mark.parametrize("named", ["Atlantis", "", 0, -1])
def test_an_unknown_province_is_an_error(named) -> None:
    """Nobody gets the communes of a province that does not exist."""
    with pytest.raises(UnknownProvinceError):
        all_communes(named)
