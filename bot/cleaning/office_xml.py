"""The XML inside office files (ECMA-376): copied name by name, without who wrote when, where and on which machine.

Names keep their prefixes, as other attributes refer to these. A document type (and so an entity) is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from bot.cleaning.cleaned import bomb, broken

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DEPTH = 500

NOT_COPIED = frozenset(
    {
        "rsids", "docId", "docVars", "mailMerge", "attachedTemplate", "documentProtection", "writeProtection",  # word
        "dataBinding", "creationId", "modId", "saveThroughXslt",
        "absPath", "fileSharing", "fileVersion", "revisionPtr", "fileRecoveryPr", "webPublishing",  # excel
    }
)  # fmt: skip
"""Elements, with all that is in them."""

GONE = frozenset(
    {
        "dateUtc",
        "dT",
        "refreshedDate",
        "refreshedDateIso",
        "uid",
        "paraId",
        "textId",
        "durableId",
        "sourceFile",
        "odcFile",
    }
)
"""Attributes that may be missing."""

EMPTIED = frozenset({"author", "initials", "refreshedBy", "userName", "userId", "providerId", "displayName", "descr"})
"""Attributes that must be there."""

PEOPLE = frozenset({"cmAuthor", "author", "person", "reviewer"})
PICTURES = frozenset({"docPr", "cNvPr"})
"""Elements whose name and alternative text carry a file's name or path."""

Rule = Callable[[str, dict[str, str]], dict[str, str] | None]


@dataclass
class _Copy:
    """A document on its way: what is written so far, and how deep in something not copied the parser is."""

    rule: Rule
    out: list[str] = field(default_factory=lambda: [HEAD])
    stack: list[str] = field(default_factory=list)
    skipping: int = 0

    def start(self, name: str, pairs: list[str]) -> None:
        if len(self.stack) >= DEPTH:
            raise bomb()
        self.stack.append(name)
        kept = None if self.skipping else self.rule(name, dict(zip(pairs[::2], pairs[1::2], strict=True)))
        if kept is None:
            self.skipping += 1
        else:
            self.out.append(f"<{name}{''.join(f' {key}={quoteattr(value)}' for key, value in kept.items())}>")

    def end(self, name: str) -> None:
        self.stack.pop()
        if self.skipping:
            self.skipping -= 1
        else:
            self.out.append(f"</{name}>")

    def text(self, text: str) -> None:
        if not self.skipping and not (self.stack and _local(self.stack[-1]) == "author"):
            self.out.append(escape(text, {"\r": "&#13;"}))


def copied(content: bytes, rule: Rule) -> bytes:
    """The document as UTF-8, each element as `rule` wants it: with these attributes, or (None) not at all, nor what is
    in it. Comments and processing instructions are left behind.
    """
    copy = _Copy(rule)
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = copy.start, copy.end
    parser.CharacterDataHandler = copy.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes it so
    except (expat.ExpatError, UnicodeError, LookupError, ValueError):
        raise broken() from None
    return "".join(copy.out).encode()


def _refuse(*_: object) -> None:
    raise bomb()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def quiet(name: str, attributes: dict[str, str]) -> dict[str, str] | None:
    """The rule for what is written, counted and shown."""
    local = _local(name)
    if local in NOT_COPIED:
        return None
    kept = {key: value for key, value in attributes.items() if not _is_telling(key, local)}
    return {key: "" if _is_emptied(key, local) else value for key, value in kept.items()}


def _is_telling(key: str, element: str) -> bool:
    local = _local(key)
    if local == "id" and element == "pageSetup":
        return True  # it points to the printer's settings, which are not kept
    if local in {"date", "created", "modified", "dt"}:
        return key != local or element in {"cm", "comment", "reply"}
    return local.startswith("rsid") or local in GONE or (local == "title" and element in PICTURES)


def _is_emptied(key: str, element: str) -> bool:
    return _local(key) in EMPTIED or (key == "name" and element in PEOPLE | PICTURES)


def relations(is_kept: Callable[[str], bool]) -> Rule:
    """The rule for relationships: those to parts that are kept; what lies outside the file is pointed to no more."""

    def rule(name: str, attributes: dict[str, str]) -> dict[str, str] | None:
        if _local(name) != "Relationship":
            return attributes
        if attributes.get("TargetMode") == "External":
            return attributes | {"Target": "about:blank"}
        return attributes if is_kept(attributes.get("Target", "")) else None

    return rule


def types(is_kept: Callable[[str], bool], renamed: Mapping[str, str]) -> Rule:
    """The rule for [Content_Types].xml: parts that are kept; types with macros become those without."""

    def rule(_: str, attributes: dict[str, str]) -> dict[str, str] | None:
        if not is_kept(attributes.get("PartName", "")):
            return None
        kind = attributes.get("ContentType", "")
        return attributes | {"ContentType": renamed[kind]} if kind in renamed else attributes

    return rule
