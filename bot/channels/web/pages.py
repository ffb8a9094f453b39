"""How a room's messages become a page: what the templates are given."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.channel import Button, Posted, Takes
from bot.channels.web.doors import Door

SayWords = Callable[[str, str, Mapping[str, object]], str]
"""(language, id of a sentence, its values) -> the sentence."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LINK = re.compile(r"https?://[^\s<>\"'«»()]+[^\s<>\"'«»().,;:!?…]")
_TELEPHONE = re.compile(r"(?<![\w.,/:+#-])(?:11[1345]|0[0-9]{3}\.[0-9]{3}\.[0-9]{3})(?![\w/%-]|[.,:][0-9])", re.ASCII)
"""Emergency numbers and hotlines as they are written; digits of other shapes may be a receipt or a count."""
_QUOTE = 80  # characters of a message shown above the answer to it


@dataclass(frozen=True, slots=True)
class Line:
    """One message on the page. `who`: an officer's name, empty for ourselves and for the person who looks.

    `mark` changes when the message does, so that a page in a browser knows what to put anew.
    """

    ref: str
    mark: str
    ours: bool
    who: str
    head: str
    text: str
    body: Markup
    rows: tuple[tuple[Button, ...], ...]
    can_reply: bool
    sound: str

    @property
    def quote(self) -> str:
        words = " ".join(f"{self.head} {self.text}".split())
        return words if len(words) <= _QUOTE else f"{words[:_QUOTE].rstrip()}…"


def lines(posted: list[Posted], door: Door | None) -> list[Line]:
    """The messages of a room as this person sees them; erased ones are left out."""
    return [_line(one, door) for one in posted if is_visible(one)]


def is_visible(posted: Posted) -> bool:
    """Whether anything is left of a message: erasing one that can't be taken away leaves it empty."""
    return bool(posted.said.text or posted.said.head or posted.said.rows)


def _line(posted: Posted, door: Door | None) -> Line:
    said = posted.said
    author = "" if posted.ours else said.head  # rooms.py keeps an officer's name there
    return Line(
        ref=posted.ref,
        mark=hashlib.blake2s(msgspec.json.encode(said), digest_size=6).hexdigest(),
        ours=posted.ours,
        who="" if door and author == door.name else author,
        head=said.head if posted.ours else "",
        text=said.text,
        body=linked(said.text, telephones=door is None) if posted.ours else Markup.escape(said.text),
        rows=said.rows if posted.ours else (),
        can_reply=posted.ours and bool(said.subject),
        sound=said.sound if posted.ours else "",
    )


def newest_takes(posted: list[Posted]) -> Takes | None:
    """What our newest question takes beside words, if anything that a page can send. A line of ours that asks nothing
    (help, a remark) has neither buttons nor anything to take: the question above it still stands.
    """
    questions = (
        one.said for one in reversed(posted) if one.ours and is_visible(one) and (one.said.rows or one.said.takes)
    )
    takes = next((said.takes for said in questions), None)
    return takes if takes and (takes.files or takes.voice or takes.seal) else None


def readers_of(takes: Takes) -> str:
    """Whom a browser seals for, as the page carries it: JSON, id -> public key in base64; empty for nobody."""
    if takes.seal is None:
        return ""
    return msgspec.json.encode({one: b64encode(key).decode() for one, key in takes.seal.readers.items()}).decode()


def linked(text: str, *, telephones: bool = False) -> Markup:
    """Our own text with its web addresses, and telephone numbers, as links; everything else escaped."""
    return Markup("").join(_pieces(text, telephones=telephones))  # every piece is markup or is escaped by join


def _pieces(text: str, *, telephones: bool) -> Iterator[str]:
    end = 0
    for found in _LINK.finditer(text):
        yield from _called(text[end : found.start()]) if telephones else (text[end : found.start()],)
        yield Markup('<a href="{0}" rel="noreferrer noopener nofollow">{0}</a>').format(found[0])
        end = found.end()
    yield from _called(text[end:]) if telephones else (text[end:],)


def _called(text: str) -> Iterator[str]:
    end = 0
    for found in _TELEPHONE.finditer(text):
        yield text[end : found.start()]
        yield Markup('<a href="tel:{}">{}</a>').format(_digits(found[0]), found[0])
        end = found.end()
    yield text[end:]


@dataclass(frozen=True)
class Pages:
    """Renders templates in a language. `zone` is the province's."""

    say_words: SayWords
    token: Callable[[], str]
    now: Callable[[], datetime]
    zone: ZoneInfo
    province: str
    exit_to: str
    framed: bool  # our own demo page shows the rooms, and has the foot for them
    hotlines: Sequence[str] = ()  # the province's telephone lines, as they are read

    def render(self, template: str, asked: str, path: str, **values: object) -> str:
        """A page. `path` is where it stands, for its links to itself; `asked` the language asked for, if any."""
        language = asked or "vi"

        def word(sentence: str, **named: object) -> str:
            return self.say_words(language, sentence, named)

        def url(to: str, **query: str) -> str:
            return address(to, asked, **query)

        return _TEMPLATES.get_template(template).render(
            word=word,
            url=url,
            nonce=self.token,
            language=language,
            path=path,
            other_language="vi" if language == "en" else "en",
            province=self.province,
            exit_to=self.exit_to,
            framed=self.framed,
            hotlines=self.hotlines,
            digits=_digits,
            updated=f"{self.now().astimezone(self.zone):%H:%M}",
            **values,
        )

    def date(self, instant: datetime, asked: str) -> str:
        """An instant in words, in the province's zone: "Thứ Năm 26/02/2026 08:00"."""
        local = instant.astimezone(self.zone)
        weekday = self.say_words(asked or "vi", f"web-weekday-{local.isoweekday()}", {})
        return f"{weekday} {local:%d/%m/%Y %H:%M}"


def _digits(telephone: str) -> str:
    """A telephone number as a link has it: "0692.509.489" -> "0692509489"."""
    return re.sub(r"[^0-9+]", "", telephone)


def address(path: str, asked: str, **query: str) -> str:
    """A path of ours that carries on the language that was asked for, if one was."""
    wanted = ({"lang": asked} if asked else {}) | query
    return f"{path}?{urlencode(wanted)}" if wanted else path
