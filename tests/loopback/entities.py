"""HTML into text and entities as Telegram does it (td, MessageEntity.cpp), with its error texts.

Offsets and lengths of entities are in UTF-16 code units; offsets in error texts are in bytes of UTF-8.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
MARK = re.compile(r"[<&]")
REFERENCE = re.compile(r"&(?:#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);?")
NAME = re.compile(r"[^\s>]*")
TAG = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(r"""\s*([^\s=>]*)\s*(?:=\s*("[^"]*"|'[^']*'|[\w.-]*))?""")
FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/<>])"
    r"|(?<![\w/])(?P<mention>@[A-Za-z0-9_]{4,32})|(?<!\w)(?P<hashtag>#\w+)"
)
CLOSED = {"code", "pre", "text_link", "url", "mention", "text_mention"}

Entity = dict[str, Any]


class BrokenMarkup(ValueError):
    """The message is Telegram's reason, without its prefix."""


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int


@dataclass(slots=True)
class _Reader:
    """Walks over the source; `out` is the text so far, `length` its UTF-16 length."""

    source: str
    at: int = 0
    out: list[str] = field(default_factory=list)
    length: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> None:
        while found := MARK.search(self.source, self.at):
            self.add(self.source[self.at : found.start()])
            self.at = found.start()
            if self.source[self.at] == "&":
                self.read_reference()
            elif self.source.startswith("</", self.at):
                self.read_end()
            else:
                self.read_start()
        self.add(self.source[self.at :])
        if self.open:
            raise BrokenMarkup(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def add(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16_length(text)

    def read_reference(self) -> None:
        found = REFERENCE.match(self.source, self.at)
        self.add(html.unescape(found[0]) if found else "&")
        self.at = found.end() if found else self.at + 1

    def read_start(self) -> None:
        begin = self.at
        name = NAME.findall(self.source, begin + 1)[0].lower()
        if begin + 1 + len(name) == len(self.source):
            raise BrokenMarkup(f"Unclosed start tag at byte offset {self.byte(begin)}")
        if name not in KINDS:
            raise BrokenMarkup(f'Unsupported start tag "{name}" at byte offset {self.byte(begin)}')
        end = self.tag_end(begin, "start")
        argument = self.argument(name, begin, self.source[begin + 1 + len(name) : end])
        if name == "span" and argument != "tg-spoiler":
            raise BrokenMarkup(f'Tag "span" must have class "tg-spoiler" at byte offset {self.byte(begin)}')
        self.open.append(_Open(name, argument, self.length))
        self.at = end + 1

    def read_end(self) -> None:
        begin = self.at
        if not self.open:
            raise BrokenMarkup(f"Unexpected end tag at byte offset {self.byte(begin)}")
        end = self.tag_end(begin, "end")
        name, tag = self.source[begin + 2 : end].strip(), self.open[-1].tag
        if name and name != tag:
            where = self.byte(begin)
            raise BrokenMarkup(f'Unmatched end tag at byte offset {where}, expected "</{tag}>", found "</{name}>"')
        self.close(self.open.pop())
        self.at = end + 1

    def tag_end(self, begin: int, which: str) -> int:
        """The place of the ">" that ends the tag; one inside quotes does not."""
        found = TAG.match(self.source, begin)
        if found is None:
            raise BrokenMarkup(f"Unclosed {which} tag at byte offset {self.byte(begin)}")
        return found.end() - 1

    def argument(self, tag: str, begin: int, attributes: str) -> str:
        argument, at = "", 0
        while attributes[at:].strip():
            found = ATTRIBUTE.match(attributes, at)
            if found is None or not found[1]:
                raise BrokenMarkup(f'Empty attribute name in the tag "{tag}" at byte offset {self.byte(begin)}')
            name, value = found[1].lower(), html.unescape((found[2] or "").strip("\"'"))
            if (tag, name) in {("a", "href"), ("span", "class"), ("code", "class"), ("tg-emoji", "emoji-id")}:
                argument = value
            if (tag, name) == ("blockquote", "expandable"):
                argument = "expandable"
            at = found.end()
        return argument

    def close(self, tag: _Open) -> None:
        if self.length == tag.offset:
            return
        kind = KINDS[tag.tag]
        entity: Entity = {"type": kind, "offset": tag.offset, "length": self.length - tag.offset}
        if kind == "text_link":
            if "." not in tag.argument and ":" not in tag.argument:
                return  # not an address: the words stay, the link goes
            entity["url"] = tag.argument
        elif kind == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif kind == "custom_emoji":
            entity["custom_emoji_id"] = tag.argument
        elif kind == "code" and self.open and self.open[-1].tag == "pre":
            return  # <pre><code class="language-x">: one entity, made by the <pre>
        self.entities.append(entity)

    def byte(self, at: int) -> int:
        return len(self.source[:at].encode())


def utf16_length(text: str) -> int:
    """The length Telegram counts in."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text and its entities. Raises BrokenMarkup."""
    if not MARK.search(source):
        return source, []
    reader = _Reader(source)
    reader.read()
    return "".join(reader.out), sorted(reader.entities, key=lambda one: (one["offset"], -one["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Text without space around it, entities moved and cut with it."""
    kept = text.strip()
    if kept == text:
        return text, entities
    skip, end = utf16_length(text[: len(text) - len(text.lstrip())]), utf16_length(kept)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - skip)
        stop = min(end, entity["offset"] - skip + entity["length"])
        if stop > start:
            moved.append(entity | {"offset": start, "length": stop - start})
    return kept, moved


def found_in(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities plus the commands, mentions, links and hashtags that Telegram finds by itself."""
    taken = [(one["offset"], one["offset"] + one["length"]) for one in entities if one["type"] in CLOSED]
    added = []
    for found in FOUND.finditer(text):
        start, length = utf16_length(text[: found.start()]), utf16_length(found[0])
        if not any(start < stop and begin < start + length for begin, stop in taken):
            added.append({"type": found.lastgroup, "offset": start, "length": length})
    return sorted(entities + added, key=lambda one: (one["offset"], -one["length"])) if added else entities
