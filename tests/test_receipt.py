"""The receipt and chance: what opens a tip, and where its digits come from."""

import contextlib
import copy
import io
import json
import logging
import pickle
import string
import traceback
from collections import Counter
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import chance
from bot.chance import CODE_ALPHABET, Chance
from bot.domain.receipt import LONGEST_TYPED, Receipt, looks_like_receipt

DIGITS = "4096118755302741"
RECEIPT = Receipt(DIGITS)
sixteen = st.text(string.digits, min_size=16, max_size=16)
separator = st.sampled_from(["", " ", ".", "-", " - ", "–", "\N{NO-BREAK SPACE}", "\u200b", "\n", "·"])
zeros = st.sampled_from("0٠۰०๐០０𝟎")


def shows(text: str) -> bool:
    plain = "".join(char for char in text if char.isdigit())
    return any(DIGITS[at : at + 4] in plain for at in range(0, 16, 4))


def test_grouped_is_what_the_citizen_copies():
    """A receipt is shown as four groups of four."""
    assert RECEIPT.grouped() == "4096 1187 5530 2741"


@given(sixteen, separator, zeros, st.integers(1, 8))
def test_read_takes_what_people_type(digits, between, zero, group):
    """Sixteen digits are read back in any script, parted by spaces, dots or dashes."""
    script = str.maketrans({str(value): chr(ord(zero) + value) for value in range(10)})
    typed = between.join(digits[at : at + group] for at in range(0, 16, group)).translate(script)
    read = Receipt.read(typed)
    assert read is not None
    assert read.grouped().replace(" ", "") == digits


@pytest.mark.parametrize(
    "typed",
    [
        "",
        DIGITS[:-1],
        DIGITS + "0",
        "mã " + DIGITS,
        "²" * 16,
        "½" * 16,
        "Ⅷ" * 16,
        "+" + DIGITS,
        "<b>" + DIGITS,
        "\x00" + DIGITS,
        "\ud800" + DIGITS,
        " " * 200_000 + DIGITS,
        DIGITS * 1000,
    ],
)
def test_read_refuses_the_rest(typed):
    """What is not exactly sixteen digits is no receipt."""
    assert Receipt.read(typed) is None


@given(st.text(max_size=LONGEST_TYPED * 2))
def test_read_never_fails(typed):
    """Whatever is typed, reading a receipt answers, and what it takes looks like one."""
    assert Receipt.read(typed) is None or looks_like_receipt(typed)


def test_looks_like_receipt_forgives_two_digits():
    """A receipt with a digit lost or doubled is known for one; a phone number, a date and words are not."""
    assert all(looks_like_receipt(DIGITS[:length]) for length in (14, 15, 16))
    assert looks_like_receipt(DIGITS + "12")
    others = ["0912 345 678", "20.10.2026", "", "....", DIGITS + "123", "mã " + DIGITS, " " * 100 + DIGITS]
    assert not any(looks_like_receipt(other) for other in others)


def test_no_door_but_grouped():
    """Printing, formatting, logging and looking inside a receipt never show its digits."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger("receipt").addHandler(handler)
    logging.getLogger("receipt").error("%s %r %s", RECEIPT, RECEIPT, {"receipt": [RECEIPT]})
    seen = [repr(RECEIPT), str(RECEIPT), f"{RECEIPT}", f"{RECEIPT!r}", "%s" % RECEIPT, repr([RECEIPT]), log.getvalue()]  # noqa: UP031 - an old way out is a way out
    assert "Receipt(…)" in log.getvalue()
    assert not any(shows(text) for text in seen)
    assert not hasattr(RECEIPT, "__dict__")
    with pytest.raises(TypeError):
        json.dumps(RECEIPT)


def test_no_traceback_shows_digits():
    """A traceback that prints the variables of every frame shows no receipt's digits, nor does a refused one."""

    def fail(receipt):
        raise RuntimeError(receipt)

    try:
        fail(RECEIPT)
    except RuntimeError as error:
        told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "receipt = Receipt(…)" in told
    assert not shows(told.replace(repr(DIGITS), ""))
    with pytest.raises(ValueError, match="16 digits") as refused:
        Receipt(DIGITS + "x")
    assert not shows(str(refused.value))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_receipt_is_not_pickled(protocol):
    """A receipt can't be pickled, whatever the protocol, and the refusal shows no digits."""
    with pytest.raises(TypeError) as refused:
        pickle.dumps(RECEIPT, protocol)
    assert not shows(str(refused.value))


def test_state_stays_inside():
    """What pickle and copy ask an object for is refused, and a copy is the receipt itself."""
    for ask in (RECEIPT.__getstate__, RECEIPT.__reduce__, partial(RECEIPT.__reduce_ex__, 2)):
        with pytest.raises(TypeError):
            ask()
    assert copy.copy(RECEIPT) == RECEIPT == copy.deepcopy([RECEIPT])[0]


def test_equal_by_digits_only():
    """Two receipts are equal when their digits are; a receipt never equals a string, and can't be put in a set."""
    assert Receipt(DIGITS) == RECEIPT
    assert Receipt(DIGITS[::-1]) != RECEIPT
    assert RECEIPT != DIGITS
    with pytest.raises(TypeError):
        hash(RECEIPT)


@pytest.mark.parametrize("digits", ["", DIGITS[:-1], "٠" * 16, DIGITS[:-1] + "²", " " + DIGITS[1:]])
def test_made_of_sixteen_plain_digits(digits):
    """A receipt is made of sixteen plain digits and of nothing else."""
    with pytest.raises(ValueError, match="16 digits"):
        Receipt.make(lambda _: digits)


def test_digits_are_even():
    """Every digit is about as frequent at every place of a receipt, the first included."""
    drawn = [Receipt.make(chance.digits).grouped().replace(" ", "") for _ in range(5000)]
    for place in range(16):
        counts = Counter(digits[place] for digits in drawn)
        surprise = sum((counts[digit] - 500) ** 2 / 500 for digit in string.digits)
        assert surprise < 60  # chi-squared, 9 degrees of freedom: by chance once in a hundred million
    assert len(set(drawn)) == len(drawn)


def test_names_have_no_order():
    """Names of rows are 26 characters fit for files, all different, and say nothing of which came first."""
    names = [chance.name() for _ in range(2000)]
    assert all(len(name) == 26 and set(name) <= set("abcdefghijklmnopqrstuvwxyz234567") for name in names)
    assert len(set(names)) == len(names)
    assert all(len({name[place] for name in names}) == 32 for place in range(26))
    rising = sum(before < after for before, after in pairwise(names))
    assert 800 < rising < 1200


def test_codes_are_easy_to_copy():
    """A code uses every character of its alphabet, and none that is mistaken for another."""
    code = chance.code(4000)
    assert len(code) == 4000
    assert set(code) == set(CODE_ALPHABET)
    assert not set("01OIL") & set(CODE_ALPHABET)


def test_minutes_stay_between():
    """A random delay lies between its bounds and is not always the same."""
    waits = [chance.minutes(3, 9).total_seconds() for _ in range(500)]
    assert 180 <= min(waits) < 240
    assert 480 < max(waits) <= 540


def test_seeded_chance_repeats_and_the_systems_does_not():
    """Seeded chance repeats itself for tests; chance that was not seeded by that name never does."""

    def draw(chance):
        return chance.token(), chance.name(), chance.code(8), chance.digits(16), chance.minutes(1, 9)

    assert draw(Chance.seeded_for_tests(7)) == draw(Chance.seeded_for_tests(7)) != draw(Chance.seeded_for_tests(8))
    assert draw(Chance()) != draw(Chance())
    with contextlib.suppress(TypeError):
        Chance(7)
        pytest.fail("a seed was taken without saying that it is for tests")
