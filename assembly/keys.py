"""`tinbao keys` and `tinbao tips read`: readers' keys, and reading what was sealed to one."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from assembly.errors import Unusable
from assembly.parts import Opened
from bot import chance
from bot.domain.tip import Draft, TipLine
from bot.storage import key_file
from bot.storage.audit import write_audit
from bot.storage.seal import SealBroken, open_tip
from bot.storage.tips import ReaderKey, active_readers, add_reader, retire_reader, sealed_tips, tips_only_of
from bot.storage.units import all_units

OPERATOR = "operator"
"""Who did it, in the audit log: whoever may run a command on this machine."""


@dataclass(frozen=True, slots=True)
class ReadTip:
    """A tip that was opened; `draft` is None where it can't be opened with this key.

    `place` is the commune's name, empty when not known; `hour` is on the province's clocks.
    """

    line: TipLine
    draft: Draft | None
    place: str
    hour: datetime


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


async def read_tips(opened: Opened, text: str, ask: Callable[[], str]) -> list[ReadTip]:
    """All tips that were sealed to the key in `text`. `ask` asks for its passphrase. Raises KeyFileError, Unusable."""
    passphrase = ask() if key_file.needs_passphrase(text) else None
    key = key_file.read_reader_key(text, passphrase)
    async with opened.database.read() as work:
        names = {unit.code: unit.name for unit in await all_units(work)}
        readers = {reader.public: reader.id for reader in (await active_readers(work)).values()}
        if key.known.public not in readers:
            raise Unusable("cli-reader-unknown", name=key.known.name)
        found = [tip async for tip in sealed_tips(work, readers[key.known.public])]
    read = []
    for line, sealed_key, body in found:
        try:
            opened_text = open_tip(key.private, sealed_key, body, f"{line.id}/text".encode())
            draft = msgspec.json.decode(opened_text, type=Draft)
        except SealBroken:
            draft = None
        hour = line.hour.astimezone(opened.config.zone)
        read.append(ReadTip(line, draft, names.get(line.commune, line.commune), hour))
    return read
