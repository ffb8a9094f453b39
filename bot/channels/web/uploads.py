"""Files that a page sends: checked, and held in memory until their turn is done. Their names are never read."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import get_args

import msgspec
from starlette.datastructures import FormData, UploadFile

from bot.channels.channel import Attachment, Refused, SealFor, Sort, Takes, TooBig
from bot.channels.web.bodies import FILE_LIMIT, SEALED_LIMIT
from bot.channels.web.problem import Problem, plain

SEALED_KEY = 81  # bytes of a content key sealed to a reader: version, enc, key, tag (bot/storage/seal.py)
_SEALED_AROUND = 1 + 12 + 16  # version, nonce and tag around the padded content
_STEP = 1024  # the smallest step of the padding
_WORDS_LIMIT = 40 * 1024  # bytes of sealed words: 8,000 characters of at most 4 bytes, padded
_PART = re.compile(r"[a-z2-7]{26}")  # as bot/chance.py names things: a part does not tell who sealed it
_SORTS: Mapping[str, Sort] = {"image": "photo", "video": "video", "audio": "sound"}
_SEALED = ("part", "keys", "sort")
"""The fields that stand, in this order, beside each file called "sealed"."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a form. `part` and `keys`: it was sealed in the browser (see Attachment)."""

    sort: Sort
    content: bytes = field(repr=False)
    part: str = ""
    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)


async def read_uploads(form: FormData) -> tuple[Upload, ...]:
    """The files of a form, sealed ones first; an input where none was chosen sends an empty one. Raises Problem."""
    told = [[str(value) for value in form.getlist(name)] for name in _SEALED]
    sealed = await _contents(form, "sealed")
    odd = any(isinstance(value, UploadFile) and name not in ("file", "sealed") for name, value in form.multi_items())
    if odd or {len(values) for values in told} != {len(sealed)}:
        raise plain(400)
    uploads = [
        Upload(_sort(sort), content, _checked_part(part), _read_keys(keys))
        for part, keys, sort, (_, content) in zip(*told, sealed, strict=True)
    ]
    return (*uploads, *[Upload(_declared(kind), content) for kind, content in await _contents(form, "file")])


async def _contents(form: FormData, name: str) -> list[tuple[str, bytes]]:
    """Type as declared, and bytes, of the files called so."""
    files = [one for one in form.getlist(name) if isinstance(one, UploadFile) and one.size]
    return [(one.content_type or "", await one.read()) for one in files]


def has_empty_file(form: FormData) -> bool:
    """Whether one was chosen that holds nothing: an input where none was chosen sends no name."""
    files = [one for one in form.getlist("file") if isinstance(one, UploadFile)]
    return any(one.filename and not one.size for one in files)


def _declared(kind: str) -> Sort:
    return _SORTS.get(kind.partition("/")[0].strip().lower(), "file")


def _sort(told: str) -> Sort:
    found = next((sort for sort in get_args(Sort) if sort == told), None)
    if found is None:
        raise plain(400)
    return found  # type: ignore[no-any-return]  # get_args forgets that these are the words of Sort


def _checked_part(part: str) -> str:
    if not _PART.fullmatch(part):
        raise plain(400)
    return part


def _read_keys(told: str) -> dict[str, bytes]:
    try:
        keys = msgspec.json.decode(told, type=dict[str, str])
        return {reader: b64decode(key, validate=True) for reader, key in keys.items()}
    except (msgspec.MsgspecError, UnicodeError, NoBase64, ValueError):
        raise plain(400) from None


def check_uploads(uploads: Sequence[Upload], tip: str, takes: Takes | None) -> None:
    """Whether the question takes these. `tip`: the one they were sealed for. Raises Problem."""
    files = [one for one in uploads if one.sort != "words" or not one.part]
    most = max(takes.files, int(takes.voice)) if takes else 0
    if files and not most:
        raise Problem(422, "web-problem-no-files")
    if len(files) > most:
        raise Problem(422, "web-problem-too-many-files", {"files": most})
    if any(len(one.content) > FILE_LIMIT for one in uploads if not one.part):
        raise Problem(413, "web-problem-file-too-big")
    _check_sealed([one for one in uploads if one.part], tip, takes.seal if takes else None)


def _check_sealed(sealed: Sequence[Upload], tip: str, seal: SealFor | None) -> None:
    if not sealed:
        return
    if seal is None or seal.tip != tip or any(one.keys.keys() != seal.readers.keys() for one in sealed):
        raise Problem(400, "web-problem-old-seal")  # the question, or who reads, has changed since the page was made
    parts = {one.part for one in sealed}
    words = [one for one in sealed if one.sort == "words"]
    if len(parts) < len(sealed) or len(words) > 1 or not all(_can_be_sealed(one) for one in sealed):
        raise plain(400)


def _can_be_sealed(one: Upload) -> bool:
    """Whether something sealed in the browser can have this size, and keys of theirs."""
    limit = _WORDS_LIMIT if one.sort == "words" else SEALED_LIMIT
    inside = len(one.content) - _SEALED_AROUND
    is_padded = inside >= _STEP and inside % _STEP == 0 and len(one.content) <= limit
    return is_padded and one.content[0] == 1 and all(len(key) == SEALED_KEY for key in one.keys.values())


@dataclass(eq=False)
class Held:
    """The bytes of files while their turn is done, each under a name that cannot be guessed."""

    token: Callable[[], str]
    _contents: dict[str, bytes] = field(default_factory=dict)

    @contextmanager
    def hold(self, uploads: Sequence[Upload]) -> Iterator[tuple[Attachment, ...]]:
        """Holds them for as long as the block lasts."""
        refs = [self.token() for _ in uploads]
        self._contents |= {ref: one.content for ref, one in zip(refs, uploads, strict=True)}
        try:
            yield tuple(_attachment(ref, one) for ref, one in zip(refs, uploads, strict=True))
        finally:
            for ref in refs:
                self._contents.pop(ref, None)

    def hand_out(self, ref: str, at_most: int) -> bytes:
        """Raises TooBig, and Refused where nothing is held under that name."""
        content = self._contents.get(ref)
        if content is None:
            raise Refused
        if len(content) > at_most:
            raise TooBig
        return content

    def __len__(self) -> int:
        return len(self._contents)


def _attachment(ref: str, one: Upload) -> Attachment:
    return Attachment(ref=ref, sort=one.sort, size=len(one.content), part=one.part, keys=dict(one.keys))
