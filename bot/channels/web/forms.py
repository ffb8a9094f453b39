"""What a page sends: read with a bound, cleaned, and only from our own pages."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from bot.channels.web.problem import Problem, plain
from bot.domain.plain import clean

BODY_LIMIT = 64 * 1024  # bytes of a request's body
TEXT_LIMIT = 8_000  # characters a person may write in one message
_DRAIN_LIMIT = 16 * BODY_LIMIT  # what is still read and thrown away, so that the browser comes to see our answer
_SECONDS = 30  # for a body to arrive
_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_CHOICE = re.compile(r"[\x20-\x7e]{1,64}")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,100}")
_ROOM = re.compile(r"c\.[A-Za-z0-9_-]{20,100}")
_REF = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Posting:
    """One form, cleaned. `fresh`: the room of somebody who has none yet, which becomes the cookie."""

    text: str
    choice: str
    reply_to: str
    key: str
    fresh: str


async def read_posting(request: Request) -> Posting:
    """What a room's form says. Raises Problem."""
    form = await read_form(request)
    text = clean(_field(form, "text"))
    posting = Posting(
        text=text,
        choice=_field(form, "choice"),
        reply_to=_field(form, "reply_to"),
        key=_field(form, "key"),
        fresh=citizens_room(_field(form, "fresh")),
    )
    _check(posting)
    return posting


async def read_form(request: Request) -> FormData:
    """The fields of a form of ours. Raises Problem for a foreign page, another type, too many bytes."""
    if not from_our_pages(request):
        raise plain(403)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _TYPES:
        raise plain(415)
    try:
        async with asyncio.timeout(_SECONDS):
            bounded = Request(request.scope, _bounded(request.receive))
            return await bounded.form(max_files=0, max_fields=12, max_part_size=BODY_LIMIT)
    except TimeoutError:
        raise plain(408) from None
    except HTTPException:
        raise plain(400) from None


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
    if not posting.text and not posting.choice:
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


def _bounded(receive: Receive) -> Receive:
    """Hands on a body up to the bound; beyond it reads on a little without keeping anything, and raises Problem."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen <= BODY_LIMIT:
            return message
        while message.get("more_body", False) and seen < _DRAIN_LIMIT:
            message = await receive()
            seen += len(message.get("body", b""))
        raise plain(413)

    return bounded
