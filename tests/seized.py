"""What whoever seizes a server can try: every 32 bytes there are in its data folder, as a key."""

from __future__ import annotations

import re
import sqlite3
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot.storage.keys import Keyring
from bot.storage.seal import KEY_LENGTH, SealBroken, Vault, open_under
from bot.storage.tables import metadata

PURPOSES = ("outbox", "ways-back", "rooms", "day-secrets", "members", "receipts", "subscribers")


def rows(data: Path, table: str) -> list[sqlite3.Row]:
    with closing(sqlite3.connect(data / "tinbao.sqlite")) as database:
        database.row_factory = sqlite3.Row
        return database.execute(f"SELECT * FROM {table}").fetchall()


def windows(content: bytes) -> set[bytes]:
    return {content[start : start + KEY_LENGTH] for start in range(len(content) - KEY_LENGTH + 1)}


def candidates(data: Path) -> set[bytes]:
    """Every 32 bytes in a row of every blob of the database, of all that looks like base64, of every file beside it,
    and all keys that the installation makes of its own.
    """
    files = (path for path in data.rglob("*") if path.is_file() and not path.name.startswith("tinbao.sqlite"))
    found = set().union(*(windows(path.read_bytes()) for path in files))
    for cell in cells(data):
        found |= set().union(*map(windows, spoken(cell)))
    for vault in vaults(data):
        found |= {vault._key, vault._sealing, vault._naming}
    return found


def cells(data: Path) -> Iterator[object]:
    for table in metadata.tables:
        if table != "plan":  # a plan's file is public, and long
            yield from (cell for row in rows(data, table) for cell in tuple(row))


def spoken(cell: object) -> Iterator[bytes]:
    if isinstance(cell, bytes):
        yield cell
    elif isinstance(cell, str):
        yield from (b64decode(f"{word}===") for word in re.findall("[A-Za-z0-9+/]{43,}", cell))


def vaults(data: Path) -> Iterator[Vault]:
    keyring = Keyring.read(data / "installation.key")
    yield keyring._root
    yield from map(keyring.vault, PURPOSES)
    for row in rows(data, "day_secret"):
        yield Vault(keyring.day_secrets.open(row["sealed"], row["day"].encode()))


def public(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def opens(key: bytes, sealed: bytes, about: bytes) -> bool:
    """Whether these 32 bytes open it, as they are or as a vault's key."""
    for attempt in (lambda: open_under(key, sealed, about), lambda: Vault(key).open(sealed, about)):
        with suppress(SealBroken):
            attempt()
            return True
    return False
