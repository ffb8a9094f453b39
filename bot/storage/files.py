"""Sealed files on disk, under random names: nothing here can be opened, and their order tells nothing.

A new file lies in `new/`; once an hour those that are still wanted are copied to their place in random order, because a
file system remembers when each of its files was made. What no row refers to is swept away.

Only files of hours that are over are put in their place, all of an hour at once: by the minute of a restart, or by one
that came before the full hour and was sent off after it, an hour's files would be told apart. And the new ones go when
all are copied: a file system numbers a new file by the lowest number that is free, so one by one each copy would take
the number of the file copied before it, and the numbers of the new files are in the order they came.
"""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from bot import chance

SPARE = 200 * 1024 * 1024
"""Bytes that stay free on the disk: files are refused first, the database goes on."""

IN_FLIGHT = timedelta(hours=1)
"""No turn takes so long from its file to its commit."""


class Files:
    """The folder. Its work is done in threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._new = folder / "new"
        self._loose: dict[str, datetime] = {}  # new files that no row refers to, since when we have met them so

    async def put(self, sealed: bytes) -> str:
        """Keeps the bytes, durably, and returns the file's name. Raises OSError: the disk is full, or nearly, so that
        the database beside it can still write.
        """
        return await asyncio.to_thread(self._put, sealed)

    def _put(self, sealed: bytes) -> str:
        name = chance.name()
        for folder in (self._folder, self._new):  # `mode` is not for parents
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(self._folder).free < SPARE + len(sealed):
            raise OSError(errno.ENOSPC, "the disk is nearly full")
        _write(self._new / name, sealed)
        return name

    async def read(self, name: str) -> bytes:
        """Raises FileNotFoundError."""
        return await asyncio.to_thread(self._read, name)

    def _read(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return (self._new / name).read_bytes()

    async def settle(self, now: datetime, kept: Iterable[str], young: Iterable[str] = ()) -> None:
        """Puts the new ones in their place but for those that are `young`, and sweeps away all but `kept`. One that is
        new and not kept may belong to a turn that is not committed yet: it goes when it has been met so for an hour.
        """
        await asyncio.to_thread(self._settle, now, frozenset(kept), frozenset(young))

    def _settle(self, now: datetime, kept: frozenset[str], young: frozenset[str]) -> None:
        if not self._folder.is_dir():
            return
        new = {path.name for path in self._new.iterdir()} if self._new.is_dir() else set()
        placed = chance.shuffled(sorted(new & kept - young))
        for name in placed:
            self._place(name)
        self._loose = {name: self._loose.get(name, now) for name in new - kept}
        for name in (*placed, *(name for name, since in self._loose.items() if now - since >= IN_FLIGHT)):
            (self._new / name).unlink(missing_ok=True)
        for path in self._folder.iterdir():
            if path.is_file() and path.name not in kept:
                path.unlink(missing_ok=True)

    def _place(self, name: str) -> None:
        """Copied, not moved: only so is the file as old as all the others of this hour."""
        half = self._folder / f".{name}"
        half.unlink(missing_ok=True)
        _write(half, (self._new / name).read_bytes())
        half.rename(self._folder / name)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
