"""What a page sends: read with a bound, cleaned, and only from our own pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request

from bot.channels.web.bodies import BODY_LIMIT, Gate, Visit, read_body
from bot.channels.web.problem import Problem, plain
from bot.channels.web.uploads import Upload, has_empty_file, read_uploads
from bot.domain.plain import clean

TEXT_LIMIT = 8_000  # characters a person may write in one message
_CHOICE = re.compile(r"[\x20-\x7e]{1,64}")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,100}")
_ROOM = re.compile(r"c\.[A-Za-z0-9_-]{20,100}")
_REF = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Posting:
    """One form, cleaned. `fresh`: the room of somebody who has none yet, which becomes the cookie. `tip`: the one that
    `files` were sealed for, where the browser sealed them. `has_empty`: a file was chosen that holds nothing.
    """

    text: str
    choice: str
    reply_to: str
    key: str
    fresh: str
    files: tuple[Upload, ...] = ()
    tip: str = ""
    has_empty: bool = False


async def read_posting(request: Request, visit: Visit, limit: int = BODY_LIMIT) -> Posting:
    """What a room's form says, in at most `limit` bytes. Raises Problem."""
    form = await _read(request, visit, limit)
    try:
        posting = Posting(
            text=clean(_field(form, "text")),
            choice=_field(form, "choice"),
            reply_to=_field(form, "reply_to"),
            key=_field(form, "key"),
            fresh=citizens_room(_field(form, "fresh")),
            files=await read_uploads(form),
            tip=_field(form, "tip"),
            has_empty=has_empty_file(form),
        )
    finally:
        await form.close()
    _check(posting)
    return posting


async def read_form(request: Request) -> FormData:
    """The fields of a form of ours that takes no files. Raises Problem."""
    with Gate().visit() as visit:
        return await _read(request, visit, BODY_LIMIT)


async def _read(request: Request, visit: Visit, limit: int) -> FormData:
    """Raises Problem for a foreign page, another type, too many bytes, too slow a line."""
    if not from_our_pages(request):
        raise plain(403)
    return await read_body(request, visit, limit)


def from_our_pages(request: Request) -> bool:
    """Whether the browser says that one of our own pages sent this; browsers of before 2023 may say nothing."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = request.headers.get("origin", "null")  # "null" comes of our own `Referrer-Policy: no-referrer`
    return origin == "null" or urlsplit(origin).netloc == request.headers.get("host")


def citizens_room(secret: str) -> str:
    """The room that a cookie's value is the address of; empty for anything that can't be one of ours."""
    return secret if _ROOM.fullmatch(secret) else ""


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _check(posting: Posting) -> None:
    if len(posting.text) > TEXT_LIMIT:
        _refuse(posting, 422, "web-problem-too-long")
    if posting.has_empty and not posting.choice:
        _refuse(posting, 422, "web-problem-empty-file")
    if not posting.text and not posting.choice and not posting.files:
        _refuse(posting, 422, "web-problem-empty")
    if posting.choice and not _CHOICE.fullmatch(posting.choice):
        _refuse(posting, 400, "web-problem-form")
    if posting.reply_to and not _REF.fullmatch(posting.reply_to):
        _refuse(posting, 400, "web-problem-form")
    if not _KEY.fullmatch(posting.key):
        _refuse(posting, 400, "web-problem-form")


def _refuse(posting: Posting, status: int, sentence: str) -> NoReturn:
    values = {"limit": TEXT_LIMIT, "length": len(posting.text)}
    reply_to = posting.reply_to if _REF.fullmatch(posting.reply_to) else ""
    raise Problem(status, sentence, values, typed=posting.text, reply_to=reply_to)
