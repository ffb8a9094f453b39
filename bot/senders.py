"""Who writes, named for limits: hashes under keys that live in memory only, one for the hour and one for the day.

What is counted under an hour's key can't be joined with what was counted before; after the day's end nobody can tell
who it was, also not by trying all the accounts there are. A limit begins anew with its key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from bot.channels.channel import Heard
from bot.storage.seal import KEY_LENGTH, Vault


class SenderHashes:
    """`token` yields so many bytes nobody can guess."""

    def __init__(self, token: Callable[[int], bytes]) -> None:
        self._token = token
        self._keys: dict[str, tuple[str, Vault]] = {}

    def of_hour(self, heard: Heard, now: datetime) -> bytes:
        return self._hash("hour", f"{now.astimezone(UTC):%Y-%m-%d %H}", heard)

    def of_day(self, heard: Heard, now: datetime) -> bytes:
        return self._hash("day", f"{now.astimezone(UTC):%Y-%m-%d}", heard)

    def _hash(self, purpose: str, time: str, heard: Heard) -> bytes:
        known = self._keys.get(purpose)
        if known is None or known[0] != time:
            known = self._keys[purpose] = time, Vault(self._token(KEY_LENGTH))
        return known[1].pseudonym(purpose, heard.channel, heard.chat, heard.sender)
