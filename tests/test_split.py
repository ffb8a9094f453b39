"""Long texts are cut where a reader would pause."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.split import split, width

SYLLABLES = [
    "tin",
    "báo",
    "đường",
    "thủy",
    "Người",
    "1.000.000",
    "20/11/2026",
    "12,5",
    "8",
    "👨‍👩‍👧",
    "🇻🇳",
    "ế",
    "xong.",
]
TEXTS = st.lists(st.tuples(st.sampled_from(SYLLABLES), st.sampled_from([" ", "\n", "\n\n", "  "])), max_size=120).map(
    lambda words: "".join(word + space for word, space in words)
)
LIMITS = st.integers(48, 300)


def bare(text):
    return re.sub(r"\s+", "", text)


@given(TEXTS | st.text(max_size=600), LIMITS)
def test_nothing_is_lost_and_everything_fits(text, limit):
    """The pieces hold all of the text but the space at the cuts, and each fits."""
    pieces = split(text, limit)
    assert bare("".join(pieces)) == bare(unicodedata.normalize("NFC", text))
    assert all(piece and width(piece) <= limit for piece in pieces)


@given(TEXTS, LIMITS)
def test_numbers_and_words_stay_whole(text, limit):
    """A number, a word, a flag or a family that fits in a message is never cut."""
    words = [word for piece in split(text, limit) for word in piece.split()]
    assert words == unicodedata.normalize("NFC", text).split()


@given(st.lists(st.sampled_from(["ế", "ệ", "ữ", "a", "Đ"]), min_size=100, max_size=400), LIMITS)
def test_composed_characters_stay_whole(letters, limit):
    """Decomposed Vietnamese is composed first, and no mark ever begins a piece."""
    decomposed = unicodedata.normalize("NFD", "".join(letters))
    pieces = split(decomposed, limit)
    assert "".join(pieces) == "".join(letters)
    assert not any(unicodedata.combining(piece[0]) for piece in pieces)


@given(st.integers(0, 200), LIMITS)
def test_emoji_in_a_row_stay_whole(count, limit):
    """Families and flags without any space between them are cut between, not inside."""
    family, flag = "👨‍👩‍👧‍👦", "🇻🇳"
    pieces = split(family * count, limit) + split(flag * count, limit)
    assert all(piece.replace(family, "").replace(flag, "") == "" for piece in pieces)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Đoạn một dài.\n\nĐoạn hai dài.", ["Đoạn một dài.", "Đoạn hai dài."]),
        ("Dòng một dài.\nDòng hai dài.", ["Dòng một dài.", "Dòng hai dài."]),
        ("Câu thứ nhất. Câu thứ hai dài", ["Câu thứ nhất.", "Câu thứ hai dài"]),
        ("không có dấu chấm nào ở đây cả", ["không có dấu chấm", "nào ở đây cả"]),
        ("ngắn", ["ngắn"]),
        (" \n ", []),
    ],
)
def test_cuts_are_at_the_best_pause(text, pieces):
    """A paragraph before a line, a line before a sentence, a sentence before a word."""
    assert split(text, 20) == pieces


def test_a_number_with_spaces_stays_whole():
    """ "1 000 000" is one number."""
    assert split("tổng số tiền là 1 000 000 đồng", 22) == ["tổng số tiền là", "1 000 000 đồng"]


def test_a_limit_too_small_is_refused():
    """No message is shorter than an emoji."""
    with pytest.raises(ValueError, match="too small"):
        split("x", 3)
