"""Each protection of a tip is taken away once, by name: then the search of tests/test_leaks.py must find something."""

from __future__ import annotations

import logging
import traceback

import pytest
import structlog

from bot import intake, turns
from bot.channels import telegram_download
from bot.channels.web import uploads
from bot.channels.web.visitors import Visitors
from bot.cleaning import Cleaned, Cleaner
from bot.doing import Teller
from bot.senders import SenderHashes
from bot.storage import keys, traces, web_rooms
from bot.storage.keys import DaySecrets, ReceiptKeys, derive
from bot.storage.seal import SealedTip, open_tip
from bot.storage.subscribers import Subscribers
from handlers import receipt, tip_filing
from tests import telling
from tests.breaking import Faults
from tests.canaries import Finds
from tests.evening_told import look, told
from tests.marks import TELLER
from tests.telling import FILED, STAGED, SUMMARY, WARNED, Told
from tests.telling_channels import OnScript

_log = structlog.get_logger("tinbao.careless")


class Open:
    """A vault that does not seal; what it names is named as it was."""

    def __init__(self, real=None):
        self._real = real

    def seal(self, plain: bytes, _about: bytes) -> bytes:
        return plain

    def open(self, sealed: bytes, _about: bytes) -> bytes:
        return sealed

    def pseudonym(self, *parts: str) -> bytes:
        return self._real.pseudonym(*parts)


def unsealed(content, readers, _about):
    return SealedTip(content, dict.fromkeys(readers, b""))


# --- in the database and the files -----------------------------------------------------------------------------------


def drafts_are_sealed(patch, _citizen):
    patch.setattr(DaySecrets, "vault", lambda *_: Open())


def waiting_messages_are_sealed(_patch, citizen):
    citizen.parts.house.outbox._vault = Open()


def rooms_are_sealed(patch, _citizen):
    patch.setattr(web_rooms, "Vault", lambda _key: Open())


def tips_are_sealed(patch, _citizen):
    patch.setattr(tip_filing, "seal_tip", unsealed)


def parts_are_sealed(patch, _citizen):
    patch.setattr(intake, "seal_tip", unsealed)


def what_the_desk_writes_is_sealed(patch, _citizen):
    patch.setattr(telling, "seal_tip", unsealed)
    patch.setattr(
        receipt, "open_tip", lambda private, key, body, about: open_tip(private, key, body, about) if key else body
    )


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


def receipts_are_found_by_a_hash(patch, _citizen):
    def found_by_digits(one, salt):
        return ReceiptKeys(one.grouped().replace(" ", "").encode().ljust(32), derive(one, salt).private)

    patch.setattr(keys, "derive", found_by_digits)


def traces_are_named_by_a_hash(patch, _citizen):
    patch.setattr(traces, "_name", lambda trace: trace.encode())


def traces_are_sealed(patch, _citizen):
    patch.setattr(traces, "_vault", lambda _trace: Open())


def the_list_of_warnings_is_sealed(_patch, citizen):
    known = citizen.parts.house.room(Subscribers)
    known._vault = Open(known._vault)


def the_list_of_warnings_is_found_by_a_hash(patch, _citizen):
    patch.setattr(Subscribers, "_key", lambda _self, channel, chat: f"{channel}|{chat}".encode())


# --- in the reader's copy --------------------------------------------------------------------------------------------


def files_lose_their_metadata(patch, _citizen):
    async def clean(_cleaner, content):
        return Cleaned(content, "image/jpeg", ".jpg", cleaned=True)

    patch.setattr(Cleaner, "clean", clean)


# --- in the logs -----------------------------------------------------------------------------------------------------


def a_failed_turn_is_logged_without_its_words(patch, _citizen):
    def report(turn, error):
        turns._log.error("a turn failed", error=str(error), heard=str(turn.heard))

    patch.setattr("bot.doing._report", report)


def libraries_are_not_quoted(_patch, _citizen):
    logging.setLogRecordFactory(logging.LogRecord)


def errors_hide_their_parameters(_patch, citizen):
    citizen.parts.opened.database._engine.sync_engine.hide_parameters = False


def a_downloads_address_is_not_logged(patch, _citizen):
    fetch = telegram_download._fetch

    async def fetched(bot, path, *more):
        _log.debug("fetching", url=bot.session.api.file_url(bot.token, path))
        return await fetch(bot, path, *more)

    patch.setattr(telegram_download, "_fetch", fetched)


def a_position_is_not_logged(patch, _citizen):
    near = Teller.hear_place

    def hear_place(self, latitude, longitude):
        _log.debug("a position came", latitude=latitude, longitude=longitude)
        return near(self, latitude, longitude)

    patch.setattr(Teller, "hear_place", hear_place)


def names_of_files_are_not_read(patch, _citizen):
    contents = uploads._contents

    async def read(form, name):
        for one in form.getlist(name):
            _log.debug("a file came", name=getattr(one, "filename", ""))
        return await contents(form, name)

    patch.setattr(uploads, "_contents", read)


# --- in memory -------------------------------------------------------------------------------------------------------


def limits_know_hashes_of_senders(patch, _citizen):
    named = "{0.channel}|{0.chat}|{0.sender}"
    patch.setattr(SenderHashes, "_hash", lambda _self, _purpose, _time, heard: named.format(heard).encode())


def limits_know_hashes_of_networks(patch, _citizen):
    patch.setattr(Visitors, "network", lambda self, request: self._address(request))


TWINS = {
    drafts_are_sealed: "script",
    waiting_messages_are_sealed: "script",
    rooms_are_sealed: "web",
    tips_are_sealed: "telegram",
    parts_are_sealed: "script",
    what_the_desk_writes_is_sealed: "script",
    ways_back_are_sealed: "telegram",
    conversations_are_found_by_a_hash: "telegram",
    keys_heard_are_hashed: "script",
    rooms_are_named_by_a_hash: "web",
    receipts_are_found_by_a_hash: "script",
    traces_are_named_by_a_hash: "telegram",
    traces_are_sealed: "script",
    the_list_of_warnings_is_sealed: "script",
    the_list_of_warnings_is_found_by_a_hash: "telegram",
    files_lose_their_metadata: "script",
    a_position_is_not_logged: "script",
    a_failed_turn_is_logged_without_its_words: "script",
    libraries_are_not_quoted: "telegram",
    errors_hide_their_parameters: "script",
    a_downloads_address_is_not_logged: "telegram",
    names_of_files_are_not_read: "web",
    limits_know_hashes_of_senders: "script",
    limits_know_hashes_of_networks: "web",
}
"""What is taken away, and the channel on which it is missed. Elsewhere: that staged files are dropped and what is
erased is overwritten (tests/test_leaks_at_rest.py), and what blurs an order (tests/test_leaks_order.py).
"""


async def fails(citizen: OnScript) -> None:
    """Turns that break off anywhere."""
    faults = Faults(citizen)
    for n in range(1, 40):
        faults.arm(n)
        try:
            await citizen.speak(choice="tip:vi")
        except Exception as error:  # noqa: BLE001 - whatever it is
            traceback.print_exception(error)
    faults.arm(0)


async def tell_and_fail(citizen: Told, finds: Finds) -> None:
    """A tip with files, a talk and a failure, looked at where most is kept."""
    await citizen.say_until(STAGED)
    for number in range(STAGED, SUMMARY):
        await citizen.step(number)
    look(citizen, finds)
    if isinstance(citizen, OnScript):
        await citizen.speak(text="/start", settle=False)
        look(citizen, finds)
        await citizen.settle()
    for number in range(SUMMARY, FILED):
        citizen.learn(await citizen.step(number))
    if citizen.channel != "web":
        for step in WARNED:
            await citizen.do(step)
    await citizen.talk()
    await citizen.become(TELLER)
    if isinstance(citizen, OnScript):
        await fails(citizen)


@pytest.mark.parametrize("protection", [None, *TWINS], ids=lambda one: one.__name__ if one else "nothing")
def test_without_a_protection_something_is_found(tmp_path, monkeypatch, protection):
    """Every protection is needed: with it taken away the same search finds something; with all of them, nothing."""

    async def story(citizen: Told, finds: Finds) -> None:
        if protection:
            protection(monkeypatch, citizen)
        await tell_and_fail(citizen, finds)

    finds = told(tmp_path, TWINS.get(protection, "script"), story)
    assert bool(finds) == (protection is not None)
