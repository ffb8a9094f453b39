"""`tinbao keys`: the keys of those who read tips."""

from __future__ import annotations

import os
from pathlib import Path

from assembly.errors import Unusable
from assembly.parts import Opened
from bot import chance
from bot.storage import key_file
from bot.storage.audit import write_audit
from bot.storage.tips import ReaderKey, active_readers, add_reader, retire_reader, tips_only_of

OPERATOR = "operator"
"""Who did it, in the audit log: whoever may run a command on this machine."""


def make_key(path: Path, name: str, passphrase: str | None) -> key_file.PublicKey:
    """A new reader's key in a new file that only its owner may read; beside it, its public half in `.pub`."""
    key = key_file.make_reader_key(name)
    _write_new(path, key.text(passphrase))
    _write_new(path.with_suffix(path.suffix + ".pub"), key.known.text())
    return key.known


def _write_new(path: Path, text: str) -> None:
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Unusable("cli-file-exists", path=str(path)) from None
    except OSError as error:
        raise Unusable("cli-file-not-written", path=str(path), why=error.strerror or "") from None
    with os.fdopen(file, "w", encoding="utf-8") as out:
        out.write(text)


def read_text(path: Path) -> str:
    """A key file's text. Raises Unusable."""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Unusable("cli-file-unreadable", path=str(path)) from None


async def add_public(opened: Opened, text: str) -> ReaderKey:
    """Lets a reader in, or in again: new tips are sealed to them too. Raises KeyFileError; Unusable: they are there."""
    known = key_file.read_public(text)
    async with opened.database.work() as work:
        if any(reader.public == known.public for reader in (await active_readers(work)).values()):
            raise Unusable("cli-reader-known", name=known.name)
        reader = await add_reader(work, ReaderKey(chance.name()[:8], known.name, known.public))
        await write_audit(work, opened.clock.now(), OPERATOR, "reader.add", f"reader:{reader.id}")
    return reader


async def list_readers(opened: Opened) -> list[ReaderKey]:
    async with opened.database.read() as work:
        return list((await active_readers(work)).values())


async def retire(opened: Opened, reader: str, *, at_any_cost: bool = False) -> bool:
    """Nothing is sealed to this reader any more, and the keys of what was are erased. False: unknown.

    Raises Unusable where tips would be lost or nobody would be left, unless `at_any_cost`.
    """
    async with opened.database.work() as work:
        readers, tips = await active_readers(work), await tips_only_of(work, reader)
        if reader not in readers:
            return False
        if (tips or len(readers) == 1) and not at_any_cost:
            raise Unusable("cli-reader-last", id=reader, tips=tips)
        await write_audit(work, opened.clock.now(), OPERATOR, "reader.retire", f"reader:{reader}")
        return await retire_reader(work, reader, opened.clock.now())
