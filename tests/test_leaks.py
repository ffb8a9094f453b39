"""Nothing of who sent a tip, and nothing of what it says, lies where it must not: the most important test.

Each protection that this rests on is taken away once, by name, to see that the search then finds something. The
platforms themselves know what they know: they are no part of the search (docs/threat-model.md).
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import traceback
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
import structlog

from bot import turns
from bot.storage import web_rooms
from bot.storage.keys import DaySecrets
from bot.storage.seal import SealedTip
from handlers import tip
from tests.canaries import Canaries, guises
from tests.telling import (
    ASKED_FOR_WORDS,
    CHANNELS,
    FILED,
    PLACES,
    SENDER,
    STEPS,
    SUMMARY,
    WORDS,
    Faults,
    OnScript,
    Told,
    written_down,
)

Finds = set[tuple[str, str, str]]
Story = Callable[[Told, Finds], Awaitable[None]]


def told(folder, channel: str, story: Story) -> Finds:
    """What is found while the story is told and after it, in the data folder, the logs and on standard error."""

    async def main() -> Told:
        citizen = CHANNELS[channel](folder)
        await citizen.open()
        try:
            await story(citizen, finds)
            finds.update(citizen.canaries.search_folder(citizen.data))
        finally:
            await citizen.leave()
        return citizen

    finds: Finds = set()
    with written_down(folder / "logs") as logs_folder:
        citizen = asyncio.run(main())
        a_library_quotes(citizen)
        structlog.get_logger("tinbao").debug("the last line")
    canaries = citizen.canaries
    finds |= canaries.search_folder(citizen.data) | canaries.search_folder(logs_folder)
    assert {"tinbao.sqlite", "installation.key", "stderr.txt", "operator.log"} <= set(canaries.searched)
    assert (logs_folder / "stderr.txt").stat().st_size > 1000
    return finds


def a_library_quotes(citizen: Told) -> None:
    """As asyncpg, asyncio or a driver at DEBUG may: in the message, in its values, in an error's words."""
    quoted = ", ".join(citizen.marks.values())
    logging.getLogger("asyncio").error("task failed: %s, %s", quoted, WORDS, exc_info=ValueError(quoted))
    logging.getLogger("aiosqlite").debug(quoted, stack_info=True)


def look(citizen: Told, finds: Finds) -> None:
    finds.update(citizen.canaries.search_folder(citizen.data))


# --- the search itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [*PLACES, SENDER])
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
    canaries = Canaries({"it": SENDER})
    assert canaries.search(b"row" + int(SENDER).to_bytes(6, "big") + b"row", "here")
    assert canaries.search(b"row" + int(SENDER).to_bytes(8, "little") + b"row", "here")
    assert ("as it is", SENDER.encode()) in guises(SENDER)


# --- a tip is told ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_filed_tip_leaves_nothing(tmp_path, channel):
    """A tip that was told to its end leaves no trace of who told it, and none of its words, at any moment of it."""

    async def story(citizen: Told, finds: Finds) -> None:
        for number in range(len(STEPS)):
            citizen.learn(await citizen.step(number))
            if number + 1 in (ASKED_FOR_WORDS, SUMMARY, FILED):
                look(citizen, finds)
        await citizen.parts.opened.database.tidy()

    assert told(tmp_path, channel, story) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_tip_left_in_the_middle_leaves_nothing(tmp_path, channel):
    """A draft that stands open is sealed, and no trace of whose it is lies beside it; nor after two days."""

    async def story(citizen: Told, finds: Finds) -> None:
        await citizen.say_until(SUMMARY)
        look(citizen, finds)
        await citizen.pass_time(hours=50)

    assert told(tmp_path, channel, story) == set()


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_power_cut_leaves_nothing(tmp_path, channel):
    """What a power cut in the middle leaves on the disk tells nothing, and the conversation goes on after it."""

    async def story(citizen: Told, finds: Finds) -> None:
        await citizen.say_until(SUMMARY)
        await citizen.lose_power()
        look(citizen, finds)
        for number in range(SUMMARY, len(STEPS)):
            citizen.learn(await citizen.step(number))

    assert told(tmp_path, channel, story) == set()


def test_a_failure_at_any_call_leaves_nothing(tmp_path):
    """Whatever call of whatever turn fails, nobody's mark and no word is logged, or stands in the error itself."""

    async def story(citizen: Told, _finds: Finds) -> None:
        faults, failed = Faults(citizen), 0
        for number in range(len(STEPS)):
            for n in range(1, 200):
                faults.arm(n)
                try:
                    text = await citizen.step(number)
                except Exception as error:  # noqa: BLE001 - whatever it is
                    traceback.print_exception(error)
                    failed += 1
                else:
                    citizen.learn(text)
                    if faults.left > 0:
                        break
        assert failed > len(STEPS) * 5

    assert told(tmp_path, "script", story) == set()


@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_a_failure_that_quotes_leaves_nothing(tmp_path, channel):
    """An error that quotes what it was given (as asyncpg's do) stays unquoted by the channel and the server."""

    async def story(citizen: Told, _finds: Finds) -> None:
        faults = Faults(citizen, telling=True)
        await citizen.step(0)
        citizen.patience = 1.0
        for number in range(1, FILED):
            for n in (2 * number - 1, 0, 0, 0, 0):
                faults.arm(n)
                with suppress(AssertionError, IndexError):  # not answered: the citizen does it again
                    citizen.learn(await citizen.step(number))
                    break
            else:
                raise AssertionError(f"step {number} never came through")
        assert faults.hit >= FILED - 1

    assert told(tmp_path, channel, story) == set()


# --- one protection at a time is taken away --------------------------------------------------------------------------


class Open:
    """A vault that does not seal."""

    def seal(self, plain: bytes, _about: bytes) -> bytes:
        return plain

    def open(self, sealed: bytes, _about: bytes) -> bytes:
        return sealed


def drafts_are_sealed(patch, _citizen):
    patch.setattr(DaySecrets, "vault", lambda *_: Open())


def waiting_messages_are_sealed(_patch, citizen):
    citizen.parts.house.outbox._vault = Open()


def rooms_are_sealed(patch, _citizen):
    patch.setattr(web_rooms, "Vault", lambda _key: Open())


def tips_are_sealed(patch, _citizen):
    patch.setattr(tip, "seal_tip", lambda content, readers, _about: SealedTip(content, dict.fromkeys(readers, b"")))


def ways_back_are_sealed(_patch, citizen):
    citizen.parts.opened.keyring.ways_back = Open()


def conversations_are_found_by_a_hash(patch, _citizen):
    patch.setattr(DaySecrets, "address", lambda _self, day, *who: "|".join((str(day), *who)).encode())


def keys_heard_are_hashed(patch, _citizen):
    hashed = DaySecrets.pseudonym

    def pseudonym(self, day, purpose, *parts):
        return "|".join(parts).encode() if purpose == "heard" else hashed(self, day, purpose, *parts)

    patch.setattr(DaySecrets, "pseudonym", pseudonym)


def rooms_are_named_by_a_hash(patch, _citizen):
    patch.setattr(web_rooms, "sha256", lambda named: type("", (), {"digest": lambda _: named[-32:]})())


def a_failed_turn_is_logged_without_its_words(patch, _citizen):
    def report(turn, error):
        turns._log.error("a turn failed", error=str(error), heard=str(turn.heard))

    patch.setattr(turns, "_report", report)


def libraries_are_not_quoted(_patch, _citizen):
    logging.setLogRecordFactory(logging.LogRecord)


def errors_hide_their_parameters(_patch, citizen):
    citizen.parts.opened.database._engine.sync_engine.hide_parameters = False


TWINS = {
    drafts_are_sealed: "script",
    waiting_messages_are_sealed: "script",
    rooms_are_sealed: "web",
    tips_are_sealed: "telegram",
    ways_back_are_sealed: "telegram",
    conversations_are_found_by_a_hash: "telegram",
    keys_heard_are_hashed: "script",
    rooms_are_named_by_a_hash: "web",
    a_failed_turn_is_logged_without_its_words: "script",
    libraries_are_not_quoted: "telegram",
    errors_hide_their_parameters: "script",
}
"""What is taken away, and the channel on which it is missed."""


@pytest.mark.parametrize("protection", [None, *TWINS], ids=lambda one: one.__name__ if one else "nothing")
def test_without_a_protection_something_is_found(tmp_path, monkeypatch, protection):
    """Every protection is needed: with it taken away the same search finds something; with all of them, nothing."""

    async def story(citizen: Told, finds: Finds) -> None:
        if protection:
            protection(monkeypatch, citizen)
        await citizen.say_until(SUMMARY)
        look(citizen, finds)
        if isinstance(citizen, OnScript):
            await citizen.speak(text="/start", settle=False)
            look(citizen, finds)
            await citizen.settle()
        for number in range(SUMMARY, len(STEPS)):
            citizen.learn(await citizen.step(number))
        if isinstance(citizen, OnScript):
            await fails(citizen)

    async def fails(citizen: OnScript) -> None:
        faults = Faults(citizen)
        for n in range(1, 40):
            faults.arm(n)
            try:
                await citizen.speak(choice="tip:vi")
            except Exception as error:  # noqa: BLE001 - whatever it is
                traceback.print_exception(error)
        faults.arm(0)

    finds = told(tmp_path, TWINS.get(protection, "script"), story)
    assert bool(finds) == (protection is not None)
