"""Nothing of who sent a tip, and nothing of what it says, lies where it must not: the most important test.

Searched are the data folder (the database, its write-ahead log, sealed files), the logs at DEBUG, tracebacks, standard
output and error, what the limits hold in memory, and for metadata and positions the reader's opened copy. Metrics,
backups and exports do not exist yet: whoever makes one adds it to `told`. The platforms themselves know what they know:
they are no part of the search (docs/threat-model.md). That each protection is needed: tests/test_leaks_twins.py.
"""

from __future__ import annotations

import gzip
import traceback
import zlib
from base64 import b64encode, urlsafe_b64encode
from contextlib import suppress

import pytest

from bot.channels import telegram_polling
from tests.breaking import Breaking, Faults
from tests.canaries import Canaries, Finds, guises
from tests.evening_told import look, told
from tests.marks import OTHER, PLACES, TELLER
from tests.telling import ASKED_FOR_WORDS, FILED, FORGOTTEN, STAGED, STEPS, SUMMARY, TALK, WARNED, Step, Told
from tests.telling_channels import CHANNELS

# --- the search itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [*PLACES, TELLER.sender])
def test_a_canary_is_found_in_every_guise(word):
    """The search finds what it is for: every encoding, at any place, packed or not."""
    canaries = Canaries({"it": word})
    raw = word.encode()
    for before in (b"", b"a", b"ab", b"abc"):
        for hidden in (
            raw,
            word.encode("utf-16"),
            word.encode("utf-16-be"),
            b64encode(before + raw + b"tail"),
            urlsafe_b64encode(before + word.encode("utf-16-le")),
            raw.hex().encode(),
            gzip.compress(b"{" + raw + b"}"),
            zlib.compress(before + raw, level=1),
            zlib.compress(gzip.compress(raw)),
        ):
            assert canaries.search(b"\x78\x9c\x01junk" + before + hidden + b"more", "here")
    assert not canaries.search(bytes(range(256)) * 64, "here")


def test_a_number_is_found_as_sqlite_keeps_it():
    """An id that was stored as a number is found."""
    canaries = Canaries({"it": TELLER.sender})
    assert canaries.search(b"row" + int(TELLER.sender).to_bytes(6, "big") + b"row", "here")
    assert canaries.search(b"row" + int(TELLER.sender).to_bytes(8, "little") + b"row", "here")
    assert ("as it is", TELLER.sender.encode()) in guises(TELLER.sender)


# --- a tip is told ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_filed_tip_leaves_nothing(tmp_path, channel):
    """A tip that was told to its end leaves no trace of who told it, and none of its words and files, at any moment."""

    async def story(citizen: Told, finds: Finds) -> None:
        for number in range(len(STEPS)):
            citizen.learn(await citizen.step(number))
            if number + 1 in (ASKED_FOR_WORDS, STAGED, SUMMARY, FILED):
                look(citizen, finds)
        await citizen.parts.opened.database.tidy()

    assert told(tmp_path, channel, story) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_talk_leaves_nothing(tmp_path, channel):
    """A talk with the desk, from another account, leaves nothing of either account, the receipt or the words; nor does
    being forgotten after it.
    """

    async def story(citizen: Told, finds: Finds) -> None:
        await citizen.say_until(FILED)
        if channel != "web":  # nothing can be sent to who is not known
            for step in WARNED:
                await citizen.do(step)
        await citizen.talk()
        look(citizen, finds)
        await citizen.become(TELLER)
        if channel != "web":
            await citizen.sees("Có tin nhắn mới cho bạn.")
        await citizen.do(FORGOTTEN)
        look(citizen, finds)
        await citizen.pass_time(hours=1)

    assert told(tmp_path, channel, story) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_tip_left_in_the_middle_leaves_nothing(tmp_path, channel):
    """A draft that stands open is sealed, and no trace of whose it is lies beside it; nor after two days."""

    async def story(citizen: Told, finds: Finds) -> None:
        await citizen.say_until(SUMMARY)
        look(citizen, finds)
        await citizen.pass_time(hours=50)
        await citizen.pass_time(hours=1)
        assert not [path for path in (citizen.data / "files").rglob("*") if path.is_file()]

    assert told(tmp_path, channel, story) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_power_cut_leaves_nothing(tmp_path, channel):
    """What a power cut amid a talk and its files leaves on the disk tells nothing, and all goes on after it."""

    async def story(citizen: Told, finds: Finds) -> None:
        await citizen.say_until(STAGED)
        await citizen.lose_power()
        look(citizen, finds)
        for number in range(STAGED, FILED):
            citizen.learn(await citizen.step(number))
        await citizen.desk_writes()
        for step in TALK[:4]:
            await citizen.do(step)
        await citizen.lose_power()
        look(citizen, finds)
        for step in TALK[4:]:
            await citizen.do(step)

    assert told(tmp_path, channel, story) == set()


def test_a_failure_at_any_call_leaves_nothing(tmp_path):
    """Whatever call of whatever turn fails, nobody's mark and no word is logged, or stands in the error itself."""

    async def story(citizen: Told, _finds: Finds) -> None:
        faults, failed = Faults(citizen), 0
        for number, step in enumerate((*STEPS, *TALK)):
            if number == len(STEPS):
                faults.arm(0)
                await citizen.desk_writes()
                await citizen.become(OTHER)
            failed += await fails_everywhere(citizen, faults, step)
        assert failed > len(STEPS) * 5
        assert "Đã nhận phần bổ sung." in str(citizen.said(OTHER.chat))

    async def fails_everywhere(citizen: Told, faults: Faults, step: Step) -> int:
        """How often it failed. One that failed after its commit is done: done again, it is answered otherwise."""
        for n in range(1, 200):
            citizen.unlimited()
            faults.arm(n)
            try:
                await citizen.do(step)
            except AssertionError:
                pass
            except Exception as error:  # noqa: BLE001 - whatever it is
                traceback.print_exception(error)
                continue
            citizen.learn("\n".join(f"{said.text}\n{said.rows}" for said in citizen.said(citizen.account.chat)))
            if faults.left > 0:
                return n - 1
        raise AssertionError(f"{step} never came through")

    assert told(tmp_path, "script", story) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_failure_at_any_await_of_what_is_prepared_leaves_nothing(tmp_path, monkeypatch, channel):
    """Wherever fetching, cleaning and sealing a file or hashing a receipt breaks off, by an error that quotes all it
    knows: nothing of it is logged, and the person comes through.
    """
    monkeypatch.setattr(telegram_polling, "LONGEST_PAUSE", 0.05)

    async def story(citizen: Told, _finds: Finds) -> None:
        breaking = Breaking(", ".join(map(str, citizen.canaries.words.values())))
        for step in STEPS:
            await comes_through(citizen, breaking, step)
        await citizen.desk_writes()
        await citizen.become(OTHER)
        for step in TALK:
            await comes_through(citizen, breaking, step)
        assert breaking.hit >= 10

    async def comes_through(citizen: Told, breaking: Breaking, step: Step) -> None:
        breaking.again()
        for _ in range(60):
            try:
                citizen.learn(await citizen.do(step))
            except RuntimeError:  # on the script it is ours to do it again
                citizen.unlimited()
            else:
                return
        raise AssertionError(f"{step} never came through")

    assert told(tmp_path, channel, story) == set()


@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_a_failure_that_quotes_leaves_nothing(tmp_path, channel):
    """An error that quotes what it was given (as asyncpg's do) stays unquoted by the channel and the server."""

    async def story(citizen: Told, _finds: Finds) -> None:
        faults = Faults(citizen, telling=True)
        await citizen.step(0)
        citizen.patience, citizen.looks_back = 1.0, 100
        for number in range(1, FILED):
            first = 0 if STEPS[number].act == "send" else 2 * number - 1  # sent again it would be one file more
            for n in (first, 0, 0, 0, 0):
                faults.arm(n)
                with suppress(AssertionError, IndexError):  # not answered: the citizen does it again
                    citizen.learn(await citizen.step(number))
                    break
            else:
                raise AssertionError(f"step {number} never came through")
        assert faults.hit > FILED / 3

    assert told(tmp_path, channel, story) == set()
