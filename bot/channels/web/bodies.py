"""Bodies of requests on their way in: bounded in bytes, in time and in number, and never on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.datastructures import FormData
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.types import Message, Receive

from bot.channels.web.problem import Problem, plain

BODY_LIMIT = 64 * 1024  # bytes of a body that holds no file
FILE_LIMIT = 20 * 1024 * 1024  # bytes of one file
SEALED_LIMIT = FILE_LIMIT + FILE_LIMIT // 16 + 8192  # a sealed file: padding adds at most a sixteenth, then the header
BIG_LIMIT = SEALED_LIMIT + 2 * BODY_LIMIT  # bytes of a body that holds files
BIG_AT_ONCE = 4
_DRAIN = 4  # times the bound are still read and thrown away, so that the browser comes to see our answer
_DRAIN_AT_LEAST = 16 * BODY_LIMIT
_GRACE = 30.0  # seconds for a small body; a big one may take as much longer as `_SLOWEST` allows
_SLOWEST = 32 * 1024  # bytes a second, on average: a bad 3G line
_TURN = 120.0  # seconds after which a big body that is still arriving makes room for one that waits
_FIELDS = 64
_FILES = 16
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


@dataclass(eq=False)
class Visit:
    """One body on its way in, and what was in it until its turn is done."""

    gate: Gate
    begun: float
    patience: asyncio.Timeout | None = None  # while it arrives
    is_put_out: bool = False

    def grew(self, seen: int) -> None:
        """`seen` bytes have come in all. Raises TimeoutError for one that had to make room."""
        if self.is_put_out:
            raise TimeoutError
        if seen > BODY_LIMIT and self.patience is not None:
            self.patience.reschedule(self.begun + _GRACE + seen / _SLOWEST)

    def put_out(self) -> None:
        self.is_put_out = True
        if self.patience is not None:
            self.patience.reschedule(asyncio.get_running_loop().time())


@dataclass(eq=False)
class Gate:
    """Lets at most `BIG_AT_ONCE` big bodies into memory."""

    inside: list[Visit] = field(default_factory=list)

    @contextmanager
    def visit(self) -> Iterator[Visit]:
        """One request, from its first byte until its turn is done."""
        visit = Visit(self, asyncio.get_running_loop().time())
        try:
            yield visit
        finally:
            self._leave(visit)

    def let_in(self, visit: Visit) -> Problem | None:
        """Counts a body that turned out to be big; a problem where there is no room for it."""
        if visit in self.inside:
            return None
        if len(self.inside) >= BIG_AT_ONCE and not self._has_made_room(visit.begun):
            return Problem(503, "web-problem-busy")
        self.inside.append(visit)
        return None

    def _has_made_room(self, now: float) -> bool:
        """Puts out who has been arriving the longest, if it was long: nobody holds a place by being slow."""
        slow = [one for one in self.inside if one.patience is not None and one.begun + _TURN < now]
        if not slow:
            return False
        self._leave(slow[0])
        slow[0].put_out()
        return True

    def _leave(self, visit: Visit) -> None:
        if visit in self.inside:
            self.inside.remove(visit)


async def read_body(request: Request, visit: Visit, limit: int) -> FormData:
    """The fields and files of a form of at most `limit` bytes. Raises Problem.

    The files are in memory; whoever reads them closes the form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (_URLENCODED, _MULTIPART):
        raise plain(415)
    stream = Request(request.scope, _bounded(request.receive, visit, limit)).stream()
    parser: FormParser | MultiPartParser
    if kind == _MULTIPART:
        parser = _InMemory(request.headers, stream, max_files=_FILES, max_fields=_FIELDS, max_part_size=BODY_LIMIT)
    else:
        parser = FormParser(request.headers, stream, max_fields=_FIELDS, max_part_size=BODY_LIMIT)
    try:
        async with asyncio.timeout(_GRACE) as visit.patience:
            return await parser.parse()
    except TimeoutError:
        raise plain(408) from None
    except MultiPartException:
        raise plain(400) from None
    finally:
        visit.patience = None


def is_big(request: Request) -> bool:
    """Whether its body is said to be big, or its size is not said."""
    length = request.headers.get("content-length", "")
    return not length.isdecimal() or int(length) > BODY_LIMIT


class _InMemory(MultiPartParser):
    """Starlette's, but no file is ever spooled to disk, where it would lie in the clear."""

    spool_max_size = 2 * BIG_LIMIT


def _bounded(receive: Receive, visit: Visit, limit: int) -> Receive:
    """Hands on a body up to the bound; beyond it reads on a little without keeping anything, and raises Problem."""
    seen = 0
    drain = max(_DRAIN * limit, _DRAIN_AT_LEAST)

    async def more() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        visit.grew(seen)
        return message

    async def bounded() -> Message:
        message = await more()
        problem = plain(413) if seen > limit else visit.gate.let_in(visit) if seen > BODY_LIMIT else None
        if problem is None:
            return message
        while message.get("more_body", False) and seen < drain:
            message = await more()
        raise problem

    return bounded
