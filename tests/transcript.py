"""Transcripts: conversations as they are read, said and heard; each line is played and checked.

A file holds scenes. A scene begins with its title and who is there, then come its lines:

    # An officer answers a reminder
    at thứ Năm 26/02/2026 08:00
    an: officer of Sở Y tế             (also: citizen · coordinator · nobody yet; ", en" speaks English)
    [Sở Y tế]: group of Sở Y tế        (also: group of coordinators · group, which is bound to nothing)
    code ABCDE23456: admin             (also: officer of …, coordinator: an invitation that waits, as `init` makes it)

    an > text                          writes in private
    an @ Sở Y tế > text                writes in a group (a reply where the bot's last message asks for one)
    an @ Sở Y tế > [Gửi]               presses the button on the newest message that has it
    an @ Sở Y tế ^ text                replies to the newest message there that is about something
    an @ Sở Y tế +                     brings the bot into the group
    bac > (ảnh) words                  sends a picture; also (ghi âm), (album 3), (vị trí 22.53 104.29)
    an >> text, an >> [Gửi]            the platform delivers the same thing twice
    < text [A] [B]                     heard back there next, with all its buttons
    ~ text [A] [B]                     a message there was changed into this
    Ban điều phối < text               heard in another chat
    --- thứ Hai 02/03/2026 08:00       the clock moves on, stopping wherever something is due
    # a line beginning with # inside a scene's lines is a comment

Lines indented by two spaces go on. "…" in what is heard stands for anything, "#" for a digit, "{name}" for a word that
may be written again later as "{name}", and "{receipt}" for the sixteen digits of one. A message ending in "…" may have
any buttons. What is said and not expected, fails. Before each act everything is built anew from disk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.channels.channel import Sort
from tests.sent import Sent, read_sent

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_BUTTONS = re.compile(r"((?:\s*\[[^\[\]\n]+\])+)\s*\Z")
_TITLE = re.compile(r"# (?P<title>.+)\n(?=at )")
_HEARD = re.compile(r"(?P<where>[^<>@^~]*?) ?(?P<op>[<~]) (?P<text>.*)", re.DOTALL)
_ACT = re.compile(r"(?P<who>[^<>@^+]+?)(?: @ (?P<where>[^<>@^+]+?))? (?P<op>>>|>|\^|\+)(?: (?P<text>.*))?", re.DOTALL)
_CODE = re.compile(r"code (\w+): (.+)")
_RECEIPT = r"\d{4}(?: \d{4}){3}"


class Failed(AssertionError):
    """What was played is not what the transcript says; the message says where and what was heard instead."""


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in a chat: its words with the head above them, and its buttons' labels."""

    text: str
    buttons: tuple[str, ...] = ()
    changed: bool = False

    def __str__(self) -> str:
        """As a transcript would have it."""
        lines = [line.strip() for line in self.text.splitlines() if line.strip()]
        lines += [" ".join(f"[{label}]" for label in self.buttons)] if self.buttons else []
        return ("~ " if self.changed else "< ") + "\n  ".join(lines)


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `op`: ">", ">>", "^", "+" of somebody; "<", "~" heard; "---" the clock."""

    number: int
    op: str
    text: str = ""
    who: str = ""
    where: str = ""


@dataclass
class Scene:
    """Who is there (`people`, `groups`, `codes`: name -> role), since when, and what happens."""

    title: str
    at: datetime
    head: str = ""
    people: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


class Stage(Protocol):
    """Where a scene is played: a platform with an installation behind it. `where` empty: in private."""

    async def open(self, scene: Scene) -> None: ...

    async def write(self, who: str, text: str, where: str, *, times: int = 1) -> None: ...

    async def press(self, who: str, label: str, where: str, *, times: int = 1) -> None: ...

    async def reply(self, who: str, text: str, where: str) -> None: ...

    async def send_file(self, who: str, content: bytes, sort: Sort, caption: str = "", where: str = "") -> None: ...

    async def send_album(
        self, who: str, items: Sequence[tuple[bytes, Sort]], caption: str = "", where: str = ""
    ) -> None: ...

    async def share_position(self, who: str, latitude: float, longitude: float, where: str = "") -> None: ...

    async def bring(self, who: str, where: str) -> None: ...

    async def move(self, to: datetime) -> None: ...

    async def restart(self) -> None: ...

    def news(self, chat: str) -> list[Message]:
        """What came or changed in a person's or a group's chat since this was last asked, as it stands there."""

    async def close(self) -> None: ...


# --- reading ---------------------------------------------------------------------------------------------------------


def read_scenes(path: Path) -> list[Scene]:
    """The scenes of a transcript. Raises Failed for a line that says nothing."""
    text = path.read_text("utf-8")
    starts = [found.start() for found in _TITLE.finditer(text)]
    ends = [*starts[1:], len(text)]
    return [_scene(text[start:end], 1 + text[:start].count("\n")) for start, end in zip(starts, ends, strict=True)]


def _scene(text: str, first: int) -> Scene:
    head, _, rest = text.partition("\n\n")
    title, at, *cast = head.splitlines()
    scene = Scene(title.removeprefix("# "), read_instant(at.removeprefix("at ")), head)
    for row in cast:
        _cast(scene, row)
    scene.lines.extend(_lines(rest, first + head.count("\n") + 2))
    return scene


def _cast(scene: Scene, row: str) -> None:
    if code := _CODE.fullmatch(row):
        scene.codes[code[1]] = code[2]
        return
    name, colon, role = row.partition(": ")
    if not colon:
        raise Failed(f"nobody can be made of {row!r}")
    if name.startswith("["):
        scene.groups[name.strip("[]")] = role
    else:
        scene.people[name] = role


def _lines(text: str, first: int) -> Iterator[Line]:
    blocks: list[tuple[int, list[str]]] = []
    for number, row in enumerate(text.splitlines(), first):
        if row.startswith("  ") and blocks:
            blocks[-1][1].append(row.strip())
        elif row.strip() and not row.startswith("# "):
            blocks.append((number, [row.rstrip()]))
    return (_line(number, "\n".join(rows)) for number, rows in blocks)


def _line(number: int, text: str) -> Line:
    if text.startswith("--- "):
        return Line(number, "---", text.removeprefix("--- "))
    if heard := _HEARD.fullmatch(text):
        return Line(number, heard["op"], heard["text"], where=heard["where"])
    if act := _ACT.fullmatch(text):
        return Line(number, act["op"], act["text"] or "", act["who"], act["where"] or "")
    raise Failed(f"line {number} says nothing that can be played: {text!r}")


def read_instant(text: str) -> datetime:
    """ "thứ Hai 02/03/2026 08:00", in the province's zone; the weekday must be the day's."""
    weekday, day, time = text.rsplit(" ", 2)
    instant = datetime.strptime(f"{day} {time}", "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)
    if WEEKDAYS[instant.weekday()] != weekday:
        raise Failed(f"{day} is {WEEKDAYS[instant.weekday()]}, not {weekday}")
    return instant


# --- playing ---------------------------------------------------------------------------------------------------------


@dataclass
class Play:
    """A scene on a stage. `learned`: what "{name}" stood for; `records`: nothing is expected, all is written."""

    scene: Scene
    stage: Stage
    learned: dict[str, str] = field(default_factory=dict)
    heard: dict[str, list[Message]] = field(default_factory=dict)
    here: str = ""
    records: bool = False
    written: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Plays it to its end. Raises Failed."""
        await self.stage.open(self.scene)
        self._listen()
        for line in self.scene.lines:
            if line.op in "<~":
                if not self.records:
                    self._expect(line)
                continue
            self._expect_silence(line.number)
            await self.stage.restart()
            await self._act(line)
        self._expect_silence(0)

    async def _act(self, line: Line) -> None:
        text = self._filled(line.text)
        self.written.append(_shown(line, line.text if self.records else text))
        self.here = line.where or line.who
        times = 2 if line.op == ">>" else 1
        match line.op:
            case "---":
                await self.stage.move(read_instant(text))
            case "+":
                await self.stage.bring(line.who, line.where)
            case "^":
                await self.stage.reply(line.who, text, line.where)
            case _ if text.startswith("[") and text.endswith("]"):
                await self.stage.press(line.who, text[1:-1], line.where, times=times)
            case _ if sent := read_sent(text):
                await self._send(line, sent)
            case _:
                await self.stage.write(line.who, text, line.where, times=times)
        self._listen()

    async def _send(self, line: Line, sent: Sent) -> None:
        if sent.position:
            await self.stage.share_position(line.who, *sent.position, line.where)
        elif len(sent.files) == 1:
            await self.stage.send_file(line.who, *sent.files[0], sent.caption, line.where)
        else:
            await self.stage.send_album(line.who, sent.files, sent.caption, line.where)

    def _listen(self) -> None:
        for chat in (*self.scene.people, *self.scene.groups):
            news = self.stage.news(chat)
            self.heard.setdefault(chat, []).extend(news)
            if self.records:
                shown = [found[0] for one in news for found in re.finditer(_RECEIPT, one.text)]
                self.learned |= {"receipt": shown[-1]} if shown else {}

    def _expect(self, line: Line) -> None:
        where = line.where or self.here
        waiting = self.heard.get(where, [])
        if not waiting:
            raise self._failed(line.number, f"{where} heard nothing more; expected:\n{line.text}")
        message = waiting.pop(0)
        self.written.append(("" if where == self.here else f"{where} ") + str(message))
        learned = matched(self._filled(line.text), message)
        if learned is None or message.changed != (line.op == "~"):
            raise self._failed(line.number, f"{where} heard:\n{message}\n— and not:\n{line.op} {line.text}")
        self.learned |= learned

    def _expect_silence(self, number: int) -> None:
        left = {where: messages for where, messages in self.heard.items() if messages}
        said = "\n".join(_placed(where, message, self.here) for where, some in left.items() for message in some)
        if left and not self.records:
            raise self._failed(number, f"this was said and not expected:\n{said}")
        for name, word in self.learned.items():
            said = said.replace(word, "{" + name + "}")
        self.written += [said] if said else []
        self.heard.clear()

    def _filled(self, text: str) -> str:
        for name, word in self.learned.items():
            text = text.replace("{" + name + "}", word)
        return text

    def _failed(self, number: int, why: str) -> Failed:
        place = f"line {number}" if number else "the end"
        return Failed(f"{self.scene.title}, {place}: {why}")


def _placed(where: str, message: Message, here: str) -> str:
    return str(message) if where == here else f"{where} {message}"


def _shown(line: Line, text: str) -> str:
    if line.op == "---":
        return f"--- {text}"
    return f"{line.who}{' @ ' + line.where if line.where else ''} {line.op} {text}".rstrip()


def matched(expected: str, message: Message) -> dict[str, str] | None:
    """The words that "{name}" stands for, when the message is the expected one; else None."""
    found = _BUTTONS.search(expected)
    words = expected[: found.start()] if found else expected
    labels = tuple(re.findall(r"\[([^\[\]]+)\]", found[0])) if found else ()
    any_buttons = not found and words.rstrip().endswith("…")
    fits = re.fullmatch(_pattern(_squeezed(words)), _squeezed(message.text), re.DOTALL)
    return fits.groupdict() if fits and (any_buttons or labels == message.buttons) else None


def _squeezed(text: str) -> str:
    """Where lines are broken is no matter."""
    return " ".join(text.split())


def _pattern(expected: str) -> str:
    parts: Sequence[str] = re.split(r"(\s*…|#|\{\w+\})", expected)
    first = {part: n for n, part in reversed(list(enumerate(parts)))}
    return "".join(_meant(part, is_first=first[part] == n) for n, part in enumerate(parts))


def _meant(part: str, *, is_first: bool) -> str:
    if part.strip() == "…":
        return r".*?"
    if part == "#":
        return r"\d"
    if re.fullmatch(r"\{\w+\}", part):
        meant = _RECEIPT if part == "{receipt}" else r"\S+"
        return rf"(?P<{part[1:-1]}>{meant})" if is_first else f"(?P={part[1:-1]})"
    return re.escape(part)
