"""The keys of an installation, of a day, and of a receipt, and what each of them opens."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot import chance
from bot.domain.receipt import Receipt
from bot.domain.trouble import Trouble
from bot.storage.seal import KEY_LENGTH, Vault
from bot.talk.step import Phrase

# The first choice of the OWASP Password Storage Cheat Sheet for Argon2id: 19 MiB, two passes, one lane.
ARGON2_MEMORY_KIB = 19 * 1024
ARGON2_PASSES = 2
ARGON2_LANES = 1

_NOT_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyringError(Trouble):
    """The installation's key can't be used."""

    @property
    def why(self) -> Phrase:
        return Phrase(self.sentence, self.values)


class Keyring:
    """The installation's one root key and what is made of it. Whoever loses the file loses all of it, receipts too."""

    __slots__ = ("_root", "day_secrets", "members", "outbox", "receipts_salt", "rooms", "ways_back")

    def __init__(self, root: bytes) -> None:
        self._root = Vault(root)
        self.outbox = self.vault("outbox")
        self.ways_back = self.vault("ways-back")
        self.rooms = self.vault("rooms")
        self.day_secrets = self.vault("day-secrets")
        self.members = self.vault("members")
        self.receipts_salt = self.vault("receipts").pseudonym("salt")

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new root key in a new file that only its owner may read. Raises KeyringError if there is one already."""
        root = chance.token(KEY_LENGTH)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        except FileExistsError:
            raise _keyring_error("exists", path) from None
        except OSError:
            raise _keyring_error("not-written", path) from None
        with os.fdopen(file, "wb") as out:
            out.write(root)
            out.flush()
            os.fsync(out.fileno())
        return cls(root)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The root key of a file. Raises KeyringError if it is missing, open to others, or not 32 bytes."""
        try:
            with path.open("rb") as file:
                if os.fstat(file.fileno()).st_mode & _NOT_FOR_OTHERS:
                    raise _keyring_error("open-to-others", path)
                root = file.read(KEY_LENGTH + 1)
        except FileNotFoundError:
            raise _keyring_error("missing", path) from None
        except OSError:
            raise _keyring_error("unreadable", path) from None
        if len(root) != KEY_LENGTH:
            raise _keyring_error("size", path)
        return cls(root)

    def vault(self, purpose: str) -> Vault:
        """The vault of a purpose; two purposes have nothing in common."""
        return self._root.derive(purpose)


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class ReceiptKeys:
    """What a receipt yields: where its tip is found, and what opens the messages to it. Only the first is stored."""

    look_up: bytes  # 32 bytes
    private: X25519PrivateKey

    @property
    def public(self) -> bytes:
        """32 bytes, stored with the tip: what `seal_to` seals to."""
        return self.private.public_key().public_bytes_raw()


def derive(receipt: Receipt, salt: bytes) -> ReceiptKeys:
    """The keys of a receipt; `salt` is `Keyring.receipts_salt`.

    Slow on purpose (about 50 ms and 19 MiB of memory): call it in a thread, a few at once.
    """
    digits = receipt.grouped().replace(" ", "").encode()
    stretched = Argon2id(
        salt=salt, length=KEY_LENGTH, iterations=ARGON2_PASSES, lanes=ARGON2_LANES, memory_cost=ARGON2_MEMORY_KIB
    ).derive(digits)
    both = HKDF(hashes.SHA256(), 2 * KEY_LENGTH, salt=None, info=b"tinbao 1 receipt").derive(stretched)
    return ReceiptKeys(both[:KEY_LENGTH], X25519PrivateKey.from_private_bytes(both[KEY_LENGTH:]))


class Stretcher:
    """Derives the keys of receipts in a thread of its own, one after the other, about twenty a second: a thread keeps
    the memory of its last hash, and the event loop's own threads would all come to keep it.
    """

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._threads = ThreadPoolExecutor(1, "receipt")

    async def derive(self, receipt: Receipt) -> ReceiptKeys:
        return await asyncio.get_running_loop().run_in_executor(self._threads, derive, receipt, self._salt)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class SecretDestroyed(LookupError):
    """The secret of that day is not held: destroyed, or not made yet."""

    def __str__(self) -> str:
        return type(self).__doc__ or ""


class DaySecrets:
    """The secrets of today and yesterday: with them a conversation is found and its draft opened, afterwards never.

    Days are UTC dates. The draft's key mixes in who speaks, so that neither a secret nor a stolen row opens it alone.
    """

    __slots__ = ("_named", "_vaults")

    def __init__(self, secrets: Mapping[date, bytes]) -> None:
        self._named: dict[tuple[date, str], Vault] = {}
        self._vaults = {day: Vault(secret).derive(day.isoformat()) for day, secret in secrets.items()}

    def address(self, day: date, channel: str, chat: str, sender: str) -> bytes:
        """Where that person's conversation of that day is kept: 32 bytes. Raises SecretDestroyed."""
        return self.pseudonym(day, "address", channel, chat, sender)

    def vault(self, day: date, channel: str, chat: str, sender: str) -> Vault:
        """What seals that conversation's draft. Raises SecretDestroyed."""
        return Vault(self.pseudonym(day, "draft", channel, chat, sender))

    def pseudonym(self, day: date, purpose: str, *parts: str) -> bytes:
        """A name of that day and purpose, not to be joined with those of another. Raises SecretDestroyed."""
        if day not in self._vaults:
            raise SecretDestroyed
        if (day, purpose) not in self._named:
            self._named[day, purpose] = self._vaults[day].derive(purpose)
        return self._named[day, purpose].pseudonym(*parts)


def needed(now: datetime) -> tuple[date, date]:
    """The days whose secrets are held at `now`: today and yesterday, in UTC."""
    today = now.astimezone(UTC).date()
    return today, today - timedelta(days=1)


def expired(days: Iterable[date], now: datetime) -> frozenset[date]:
    """Those of `days` whose secrets are to be destroyed at `now`: each lives 48 hours from the start of its day."""
    _, yesterday = needed(now)
    return frozenset(day for day in days if day < yesterday)


def _keyring_error(what: str, path: Path) -> KeyringError:
    return KeyringError(f"seal-keyring-{what}", path=str(path))
