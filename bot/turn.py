"""One turn: a message heard, who says it where, what may be used to answer it, and which row of the table takes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot import words
from bot.cards import explained
from bot.chance import Chance
from bot.channels.channel import Button, Capabilities, Heard, Said
from bot.clock import Clock
from bot.conversation import Flow, Form
from bot.domain.member import Chat, Member
from bot.domain.plain import clean
from bot.domain.programme import Programme
from bot.domain.why import Explanation
from bot.storage.conversations import Conversations, Who
from bot.storage.database import Work
from bot.storage.keys import Keyring
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.talk.step import Value

NONCE_LENGTH = 4

T = TypeVar("T")


@dataclass(frozen=True)
class House:
    """What handlers may use, put together in tinbao.py. `rooms` holds what single handlers keep, by type."""

    programme: Programme
    conversations: Conversations
    outbox: Outbox
    keyring: Keyring
    clock: Clock
    chance: Chance
    can: Mapping[str, Capabilities]
    web_address: str = ""  # with which personal links begin
    public_address: str = ""  # the web page as citizens reach it; empty where there is none
    source_address: str = ""
    bot_link: Callable[[], str] = str
    recordings: frozenset[str] = frozenset()  # "hmong/tip-what": what an operator has had spoken
    draft_silence: timedelta = timedelta(hours=24)
    notice_delay: tuple[int, int] = (2, 9)
    rooms: Mapping[type, object] = field(default_factory=dict)

    def room(self, kind: type[T]) -> T:
        found = self.rooms[kind]
        assert isinstance(found, kind)
        return found


class Later(Exception):
    """An act needs something slow first (a hash, a download): it is undone, awaited outside, and done again."""

    def __init__(self, prepare: Callable[[], Awaitable[None]]) -> None:
        super().__init__("something has to be prepared first")
        self.prepare = prepare


@dataclass
class Turn:
    """One message, who says it where, and what comes of it."""

    house: House
    work: Work
    heard: Heard
    now: datetime
    member: Member | None
    place: Chat | None
    subject: str
    form: Form | None
    language: str
    trace: str = ""  # names what is kept for erasing this conversation's messages; empty where nobody needs it
    delay: timedelta = timedelta()  # what is said in this turn is said so much later
    sender_hash: bytes = b""  # names the sender for limits in memory, and for nothing else: under a key of the hour,
    sender_day: bytes = b""  # and under one of the day
    had_form: bool = False
    postings: list[Posting] = field(default_factory=list)

    @property
    def who(self) -> Who:
        return who(self.heard)

    @property
    def can(self) -> Capabilities:
        return self.house.can[self.heard.channel]

    @property
    def text(self) -> str:
        return clean(self.heard.text)

    def say(self, said: Said) -> None:
        """Answers where it was heard."""
        parcel = Parcel(self.heard.channel, self.heard.chat, said, trace=self.trace)
        self.post(parcel, Priority.ANSWER, after=self.delay)

    def explain(self, explanation: Explanation) -> None:
        """Answers with why something is as it is, or can't be."""
        self.say_text(explained(self.language, explanation))

    def say_text(self, text: str) -> None:
        """Answers with words that are worded already."""
        self.say(Said(text))

    def tell(self, sentence: str, rows: Sequence[Sequence[Button]] = (), **values: object) -> None:
        """Answers with one sentence of the .ftl files."""
        self.say(Said(self.word(sentence, **values), rows=tuple(tuple(row) for row in rows)))

    def word(self, sentence: str, **values: object) -> str:
        return words.say(self.language, sentence, values)

    def button(self, sentence: str, choice: str, **values: object) -> Button:
        return Button(self.word(sentence, **values), choice)

    def post(
        self, parcel: Parcel, priority: Priority, *, after: timedelta = timedelta(), once: str | None = None
    ) -> None:
        """Queues something for any chat."""
        self.postings.append(Posting(parcel, priority, self.now + after, once))


@dataclass(frozen=True, slots=True)
class Route:
    """A row of the dispatch table. `hears` returns what follows the word it waits for, or None; `by` says who may."""

    name: str
    hears: Callable[[Turn], str | None]
    by: Callable[[Turn], bool]
    act: Callable[[Turn, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What was said, by whom, where -> what is done. The first row of a part that fits is taken.

    `first` goes before an open conversation (commands, buttons of messages, replies to a reminder), `last` after it.
    """

    flows: Mapping[str, Flow]
    first: Sequence[Route]
    last: Sequence[Route]


def who(heard: Heard) -> Who:
    """Whose conversation this is: two officers in one group do not share one."""
    return heard.channel, heard.chat, heard.sender


def begin(
    turn: Turn,
    flow: str,
    about: Mapping[str, str | int] | None = None,
    known: Mapping[str, Value] | None = None,
    sound: str = "",
) -> None:
    """Begins a conversation, or goes straight to the first question that `known` leaves open."""
    if turn.form is not None:
        turn.tell("house-set-aside")
    turn.form = Form(
        flow=flow,
        nonce=turn.house.chance.code(NONCE_LENGTH),
        language=turn.language,
        about=dict(about or {}),
        known=dict(known or {}),
        trace=turn.trace,
        sound=sound,
    )
