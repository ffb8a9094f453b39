"""`tinbao tips read`: tips and what came with them, opened with a reader's key."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from assembly.errors import Unusable
from assembly.parts import Opened
from bot.cleaning import Cleaner, Refused
from bot.domain.plain import clean
from bot.domain.tip import Draft, TipKind, TipLine, short_name
from bot.storage import key_file
from bot.storage.contents import Header, unpack
from bot.storage.files import Files
from bot.storage.seal import SealBroken, open_tip
from bot.storage.tip_parts import By, Part, sent_parts
from bot.storage.tips import BODY, active_readers, sealed_tips
from bot.words import say
from documents.places import all_communes

ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
"""How a file's name may end: a browser says what it sealed, and a name that ends otherwise could start by a click."""


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part that was opened: what it is, and its bytes."""

    id: str
    by: By
    hour: datetime
    header: Header
    content: bytes

    @property
    def words(self) -> str:
        return clean(self.content.decode(errors="replace")) if self.header.sort == "words" else ""


@dataclass(frozen=True, slots=True)
class ReadTip:
    """A tip that was opened; `draft` is None where it can't be opened with this key.

    `place` is the commune's name, empty when not known; `hour` is on the province's clocks. `parts` came with it or
    after it; of those that can't be opened, `closed` is the count.
    """

    line: TipLine
    draft: Draft | None
    place: str
    hour: datetime
    parts: tuple[ReadPart, ...] = field(default=())
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever opens: their id here, and their private key."""

    id: str
    private: X25519PrivateKey


async def read_tips(opened: Opened, text: str, ask: Callable[[], str], only: str = "") -> list[ReadTip]:
    """The same as a list: for few tips."""
    return [tip async for tip in each_tip(opened, text, ask, only)]


async def each_tip(opened: Opened, text: str, ask: Callable[[], str], only: str = "") -> AsyncIterator[ReadTip]:
    """The tips that were sealed to the key in `text`, one after the other, as each may hold 200 MB; with `only` those
    whose id begins so. `ask` asks for the key's passphrase. Raises KeyFileError, Unusable.
    """
    passphrase = ask() if key_file.needs_passphrase(text) else None
    key = key_file.read_reader_key(text, passphrase)
    names = {place.code: place.label for place in all_communes(opened.config.province.name)}
    async with opened.database.read() as work:
        readers = {reader.public: reader.id for reader in (await active_readers(work)).values()}
        if key.known.public not in readers:
            raise Unusable("cli-reader-unknown", name=key.known.name)
        reader = Reader(readers[key.known.public], key.private)
        found = [tip async for tip in sealed_tips(work, reader.id) if tip[0].id.startswith(only)]
    for line, sealed_key, body in found:
        async with opened.database.read() as work:
            parts = await sent_parts(work, line.id, reader.id)
        read = [await _opened(opened, reader, part, sealed) for part, sealed in parts]
        draft = _draft(reader, line, sealed_key, body)
        whole = _in_order([part for part in read if part], draft)
        hour = line.hour.astimezone(opened.config.zone)
        place = names.get(line.commune, line.commune)
        yield ReadTip(line, draft, place, hour, tuple(whole), len(read) - len(whole))


def _draft(reader: Reader, line: TipLine, sealed_key: bytes, body: bytes) -> Draft | None:
    try:
        told = open_tip(reader.private, sealed_key, body, f"{line.id}/{BODY}".encode())
        return msgspec.json.decode(told, type=Draft)
    except SealBroken:
        return None


async def _opened(opened: Opened, reader: Reader, part: Part, sealed: bytes) -> ReadPart | None:
    """None for what can't be opened: a browser sealed it wrongly, or its file is gone."""
    try:
        body = part.body if part.file is None else await Files(opened.config.data_folder / "files").read(part.file)
        header, content = unpack(open_tip(reader.private, sealed, body or b"", f"{part.tip}/{part.id}".encode()))
    except (SealBroken, FileNotFoundError):
        return None
    return ReadPart(part.id, part.by, part.hour.astimezone(opened.config.zone), header, content)


def _in_order(parts: list[ReadPart], draft: Draft | None) -> list[ReadPart]:
    """What came with the tip, as it was given; then what was said since."""
    first = {part: n for n, part in enumerate(draft.parts)} if draft else {}
    return sorted(parts, key=lambda one: (first.get(one.id, len(first)), one.hour, one.header.number))


# --- as it is shown --------------------------------------------------------------------------------------------------


async def show_tips(
    opened: Opened, text: str, ask: Callable[[], str], language: str, *, files: Path | None = None, only: str = ""
) -> AsyncIterator[str]:
    """Each tip in words; what came with it is written to the folder `files`, if one is named."""
    cleaner = Cleaner()
    try:
        async for tip in each_tip(opened, text, ask, only):
            yield shown(tip, language, await save_files(tip, files, cleaner) if files else {})
    finally:
        await cleaner.close()


def shown(tip: ReadTip, language: str, files: Mapping[int, Saved]) -> str:
    """A tip in words. `files`: where each part that is no words was written to, by its place."""
    line, draft = tip.line, tip.draft
    values = {
        "id": f"{short_name(line.id)} ({line.id})",
        "hour": f"{tip.hour:%Y-%m-%d %H:00}",
        "kind": say(language, f"tip-kind-{line.kind}"),
        "commune": tip.place or say(language, "tip-place-unknown"),
        "urgency": say(language, f"tip-urgency-{line.urgency}"),
        "what": (draft.what or say(language, "cli-tip-in-parts")) if draft else say(language, "cli-tip-closed"),
    }
    lines = [say(language, "cli-tip", values)]
    if draft is not None and draft.kind is not TipKind.PERSON:  # who seeks help for somebody is not asked for these
        circumstances = {name: say(language, f"tip-{name}-{getattr(draft, name)}") for name in _CIRCUMSTANCES}
        lines.append(say(language, "cli-tip-circumstances", circumstances))
    lines += [_part(language, part, files.get(n)) for n, part in enumerate(tip.parts)]
    if tip.closed:
        lines.append(say(language, "cli-tip-parts-closed", {"count": tip.closed}))
    return "\n".join(lines)


_CIRCUMSTANCES = ("happened", "known", "official", "back")


def _part(language: str, part: ReadPart, saved: Saved | None) -> str:
    header = part.header
    about = say(language, f"cli-part-{part.by}", {"hour": f"{part.hour:%Y-%m-%d %H:00}"})
    if header.sort == "words":
        return f"    {about} {_indented(part.words)}"
    warning = f" {say(language, saved.warning)}" if saved and saved.warning else ""
    said = f" «{_indented(clean(header.said))}»" if header.said else ""
    where = str(saved.path) if saved else say(language, "cli-part-unsaved")
    what = say(language, f"cli-part-{header.sort}", {"size": -(-len(part.content) // 1024)})
    return f"    {about} {what}: {where}{said}{warning}"


def _indented(words: str) -> str:
    """So that no line of what somebody wrote can be taken for one of ours."""
    return words.replace("\n", "\n        ")


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a part was written to, and what the reader must know of it (the id of a sentence), if anything."""

    path: Path
    warning: str = ""


async def save_files(tip: ReadTip, folder: Path, cleaner: Cleaner) -> dict[int, Saved]:
    """Writes the parts that are no words into the folder, under names of ours, each cleaned once more: what a sender's
    browser sealed nobody has looked into, whatever it says of itself. Raises Unusable.
    """
    saved = {}
    for n, part in enumerate(tip.parts):
        if part.header.sort == "words":
            continue
        content, ending, warning = await _looked_into(part, cleaner)
        path = folder / f"{short_name(tip.line.id)}-{part.id[:6]}{ending}"
        await asyncio.to_thread(_write, path, content)
        saved[n] = Saved(path, warning)
    return saved


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
    except OSError as error:
        raise Unusable("cli-file-not-written", path=str(path), why=error.strerror or "") from None


async def _looked_into(part: ReadPart, cleaner: Cleaner) -> tuple[bytes, str, str]:
    """A part's bytes, how its file's name may end, and the warning, if any."""
    try:
        cleaned = await cleaner.clean(part.content)
    except Refused:
        return part.content, ".bin", "cli-part-dangerous"
    return cleaned.content, cleaned.extension if cleaned.mime in ENDINGS else ".bin", cleaned.warning
