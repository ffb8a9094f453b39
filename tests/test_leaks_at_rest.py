"""What can be opened with all that a server holds, and what is gone from its files once it is erased."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot.domain.receipt import Receipt
from bot.domain.tip import Draft
from bot.storage.database import Database
from bot.storage.files import Files
from bot.storage.key_file import read_reader_key
from bot.storage.keys import DaySecrets, Keyring, derive
from bot.storage.seal import KEY_LENGTH, SealBroken, Vault, open_tip, open_under
from bot.storage.settings import write_setting
from handlers import tip_filing
from tests.canaries import Canaries
from tests.marks import ASKED, PHOTO, PLACES, TELLER, WORDS, pixels
from tests.telling import FILED, STAGED, SUMMARY
from tests.telling_channels import OnScript

PURPOSES = ("outbox", "ways-back", "rooms", "day-secrets", "members", "receipts", "tips", "conversation", "subscribers")
Blob = tuple[str, str, bytes]
"""A table, a column, and what stands there."""


def story(folder, tell, **more) -> None:
    async def main():
        citizen = OnScript(folder, **more)
        await citizen.open()
        await tell(citizen)
        await citizen.leave()

    asyncio.run(main())


def rows(data: Path, table: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(data / "tinbao.sqlite")) as database:
        database.row_factory = sqlite3.Row
        return database.execute(f"SELECT * FROM {table}").fetchall()


def cells(data: Path) -> Iterator[tuple[str, str, object]]:
    for (table,) in rows_of_master(data):
        for row in rows(data, table):
            yield from ((table, column, row[column]) for column in row.keys())  # noqa: SIM118 - a Row yields its values


def rows_of_master(data: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(data / "tinbao.sqlite")) as database:
        return database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()


def blobs(data: Path) -> list[Blob]:
    return [(table, column, cell) for table, column, cell in cells(data) if isinstance(cell, bytes)]


# --- sealed blobs, and all keys there are ----------------------------------------------------------------------------


def opened(some: Iterable[Blob], data: Path) -> set[str]:
    """The tables of those blobs that open with what `data` holds, for one who also knows who spoke where."""
    vaults, abouts = list(held(data)), list(told_about(data))
    return {table for table, _, blob in some if any(opens(vault, blob, about) for vault in vaults for about in abouts)}


def held(data: Path) -> Iterator[Vault]:
    """The installation's vaults of every purpose, and for each secret of a day that is left, that person's draft's."""
    keyring = Keyring.read(data / "installation.key")
    yield keyring._root
    yield from map(keyring.vault, PURPOSES)
    for row in rows(data, "day_secret"):
        secret = keyring.day_secrets.open(row["sealed"], row["day"].encode())
        day = date.fromisoformat(row["day"])
        yield Vault(secret)
        yield DaySecrets({day: secret}).vault(day, "script", TELLER.chat, TELLER.sender)


def told_about(data: Path) -> Iterator[bytes]:
    yield from (b"", b"conversation", b"outbox", b"web message")
    yield from (row["day"].encode() for row in rows(data, "day_secret"))
    for row in rows(data, "tip"):
        yield from (row["id"].encode(), f"{row['id']}/text".encode())
    for row in rows(data, "tip_part"):
        yield f"{row['tip']}/{row['id']}".encode()


def opens(vault: Vault, blob: bytes, about: bytes) -> bool:
    try:
        vault.open(blob, about)
    except SealBroken:
        return False
    return True


def test_after_two_days_a_draft_opens_for_nobody(tmp_path):
    """A draft left open, kept by a thief, opens with the server's keys of that day, and with none of two days later."""

    async def tell(citizen):
        await citizen.say_until(SUMMARY)
        await citizen.speak(text="/start", settle=False)
        early = citizen.as_seized(tmp_path / "early")
        draft = [
            blob for blob in blobs(early) if blob[0] in {"conversation", "day_secret"} and len(blob[2]) > KEY_LENGTH
        ]
        waiting = [blob for blob in blobs(early) if blob[0] == "outbox"]
        assert opened(draft + waiting, early) == {"conversation", "day_secret", "outbox"}
        await citizen.pass_time(hours=50)
        late = citizen.as_seized(tmp_path / "late")
        assert opened(draft, late) == set()
        assert opened(blobs(late), late) == {"day_secret"}
        gone = Canaries({f"{table} {n}": blob for n, (table, _, blob) in enumerate(draft + waiting)})
        assert gone.search_folder(late) == set()

    story(tmp_path, tell)


def untidied(patch, _citizen):
    async def tidy(_database):
        """Leaves the write-ahead log and the gaps of the pages as they are."""

    patch.setattr(Database, "tidy", tidy)


def not_overwritten(patch, citizen):
    async def tidy(database):
        await database._outside_of_works("PRAGMA wal_checkpoint(TRUNCATE)")

    patch.setattr(Database, "tidy", tidy)
    return citizen.parts.opened.database._outside_of_works("PRAGMA secure_delete=OFF")


@pytest.mark.parametrize(
    "protection", [None, untidied, not_overwritten], ids=lambda one: one.__name__ if one else "all"
)
def test_what_is_erased_is_gone_from_the_files(tmp_path, monkeypatch, protection):
    """The sealed drafts of a filed tip are in no file an hour later; without overwriting or tidying some are."""

    async def tell(citizen):
        if protection and (doing := protection(monkeypatch, citizen)):
            await doing
        drafts = {}
        for number in range(FILED):
            citizen.learn(await citizen.step(number))
            now = citizen.as_seized(tmp_path / f"step-{number}")
            drafts |= {f"{number} {column}": blob for table, column, blob in blobs(now) if table == "conversation"}
        assert len(drafts) > SUMMARY
        await citizen.pass_time(hours=1)
        finds = Canaries(drafts).search_folder(citizen.as_seized(tmp_path / "late"))
        assert bool(finds) == (protection is not None)

    story(tmp_path, tell)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="what a process has open is seen on Linux only")
def test_tidying_writes_no_copy_elsewhere(tmp_path):
    """While everything is written anew no file is opened but the database's own: a copy would lie there unerased."""

    async def tell(citizen):
        await citizen.say_until(SUMMARY)
        async with citizen.parts.opened.database.work() as work:
            for number in range(30):  # more than SQLite holds in memory of a temporary file
                await write_setting(work, f"much {number}", "x" * 1_000_000)
        touched: set[str] = set()
        watching = True

        def watch():
            while watching:
                for link in Path("/proc/self/fd").iterdir():
                    with suppress(OSError):
                        touched.add(str(link.readlink()))

        watcher = asyncio.create_task(asyncio.to_thread(watch))
        for _ in range(3):
            await citizen.parts.opened.database.tidy()
        watching = False
        await watcher
        assert any(name.endswith("tinbao.sqlite-wal") for name in touched)
        assert not [name for name in touched if "etilqs" in name]  # as SQLite calls its temporary files

    story(tmp_path, tell)


# --- files that were sent along, and then were not sent off ----------------------------------------------------------


def not_dropped(patch, _citizen):
    async def keep(_work, _tip):
        """Leaves what was staged where it is."""

    patch.setattr(tip_filing, "drop_staged", keep)


def not_swept(patch, _citizen):
    async def settle(_files, _now, _kept, _young=()):
        """Leaves every file where it is."""

    patch.setattr(Files, "settle", settle)


@pytest.mark.parametrize("protection", [None, not_dropped, not_swept], ids=lambda one: one.__name__ if one else "all")
def test_what_was_not_sent_off_is_gone(tmp_path, monkeypatch, protection):
    """The sealed files of a tip that was cancelled are in no row and no file two hours later; undropped or unswept they
    are.
    """

    async def tell(citizen):
        if protection:
            protection(monkeypatch, citizen)
        await citizen.say_until(STAGED)
        now = citizen.as_seized(tmp_path / "staged")
        staged = {f"{table} {n}": blob for n, (table, _, blob) in enumerate(blobs(now)) if table == "tip_part"}
        staged |= {path.name: path.read_bytes()[-64:] for path in (now / "files/new").iterdir()}
        assert len(staged) == 2
        await citizen.write("/huy")
        for _ in range(2):
            await citizen.pass_time(hours=1)
        finds = Canaries(staged).search_folder(citizen.as_seized(tmp_path / "late"))
        assert bool(finds) == (protection is not None)

    story(tmp_path, tell)


# --- tips ------------------------------------------------------------------------------------------------------------


def windows(content: bytes) -> set[bytes]:
    return {content[start : start + KEY_LENGTH] for start in range(len(content) - KEY_LENGTH + 1)}


def candidates(data: Path) -> set[bytes]:
    """All that could be a private key: every 32 bytes in a row of every file beside the database, of every blob in it,
    of all that looks like base64, and the keys that the installation makes of its own.
    """
    files = (path for path in data.rglob("*") if path.is_file() and not path.name.startswith("tinbao.sqlite"))
    found = set().union(*(windows(path.read_bytes()) for path in files))
    for table, _, cell in cells(data):
        if isinstance(cell, bytes) and table != "plan":  # a plan's file is public, and long
            found |= windows(cell)
        elif isinstance(cell, str):
            found |= set().union(*(windows(b64decode(f"{word}===")) for word in re.findall("[A-Za-z0-9+/]{43,}", cell)))
    for vault in held(data):
        found |= {vault._key, vault._sealing, vault._naming}
    return found


def public(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


class Sealed(NamedTuple):
    """A sealed body, what it was sealed as, and its content key, sealed to the reader and to the receipt."""

    body: bytes
    about: bytes
    to_reader: bytes
    to_receipt: bytes | None = None


def bodies(data: Path) -> Iterator[Sealed]:
    """The tip's own, and those of its parts, also those that are files."""
    keys = {(row["tip"], row["part"]): row["sealed"] for row in rows(data, "tip_key")}
    for row in rows(data, "tip"):
        yield Sealed(row["body"], f"{row['id']}/text".encode(), keys[row["id"], "text"])
    for row in rows(data, "tip_part"):
        body = row["body"] or (data / "files" / row["file"]).read_bytes()
        about, key = f"{row['tip']}/{row['id']}".encode(), keys[row["tip"], row["id"]]
        yield Sealed(body, about, key, row["receipt_key"])


def test_nothing_on_the_server_opens_a_tip(tmp_path):
    """No 32 bytes in the data folder open a tip, its files, what was added, or what the desk wrote; the reader's key
    opens all of it, and the receipt's what was said since.
    """
    told: list[str] = []

    async def tell(citizen):
        await citizen.say_until(FILED)
        told.append(citizen.receipt)
        await citizen.talk()
        await citizen.pass_time(hours=1)
        citizen.as_seized(tmp_path / "seized")

    story(tmp_path, tell)
    data = tmp_path / "seized"
    reader, (tip,) = rows(data, "reader")[0], rows(data, "tip")
    found, sealed = candidates(data), list(bodies(data))
    assert (data / "installation.key").read_bytes() in found
    assert len(found) > 1000
    assert len(sealed) == 6  # the tip, a photo, a voice; the desk's words, more words, another photo
    assert not [one for one in found if public(one) in {reader["public"], tip["receipt_public"]}]
    everything = [cell for one in sealed for cell in (one.body, one.to_reader, one.to_receipt) if cell]
    assert not opened([("tip", "", blob) for blob in everything], data)
    for content_key in found:
        assert not any(opens_bare(content_key, one.body, one.about) for one in sealed)

    private = read_reader_key((tmp_path / "reader.key").read_text(), None).private
    plain = [open_tip(private, one.to_reader, one.body, one.about) for one in sealed]
    draft = msgspec.json.decode(plain[0], type=Draft)
    assert draft.what == WORDS
    assert all(place in draft.what for place in PLACES)
    assert any(pixels(PHOTO) in content for content in plain)
    salt = Keyring.read(data / "installation.key").receipts_salt
    receipt = Receipt.read(told[0])
    assert receipt
    mine = [one for one in sealed if one.to_receipt]
    said = [open_tip(derive(receipt, salt).private, one.to_receipt or b"", one.body, one.about) for one in mine]
    assert len(said) == 3
    assert any(ASKED.encode() in content for content in said)


def opens_bare(key: bytes, body: bytes, about: bytes) -> bool:
    """Whether these 32 bytes are the content key itself."""
    try:
        open_under(key, body, b"tinbao 1 tip\0" + about)
    except SealBroken:
        return False
    return True


def test_the_search_for_a_key_would_find_one(tmp_path):
    """A reader's private key anywhere in the data folder would be seen: in a file, and as base64 in a table."""

    async def tell(citizen):
        await citizen.say_until(1)
        citizen.as_seized(tmp_path / "seized")

    story(tmp_path, tell)
    data, text = tmp_path / "seized", (tmp_path / "reader.key").read_text()
    private = read_reader_key(text, None).private.private_bytes_raw()
    assert private not in candidates(data)
    (data / "notes.bin").write_bytes(b"junk" + private + b"junk")
    assert private in candidates(data)
    (data / "notes.bin").unlink()
    with closing(sqlite3.connect(data / "tinbao.sqlite")) as database:
        database.execute("INSERT INTO setting VALUES ('note', ?)", (text,))
        database.commit()
    assert private in candidates(data)
