"""What a channel hears, what it can say, and what it may ask us to keep for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import msgspec

Sort = Literal["words", "photo", "video", "sound", "file"]
"""What an attachment is, as the platform says; what it really is, its content says."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """Something that came along with a message: not its bytes, and not its name, which may name a person.

    `ref` is what `Channel.download` takes; `size` in bytes as the platform says, 0 where it does not. `part` and
    `keys`: the sender's browser has sealed it already, as that part of the tip, with a sealed key for each reader.
    """

    ref: str
    sort: Sort
    size: int = 0
    part: str = ""
    keys: dict[str, bytes] = {}


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """One message from one person, on its way in.

    `key` is the platform's own number of this delivery: a key heard before takes no effect. `sender` and `chat` are
    the platform's ids; they are looked up and hashed, and never stored beside a tip. `choice` is a pressed button's
    data; `reply_to` the ref of the message that was answered; `start` what came with a deep link.
    """

    channel: str
    chat: str
    sender: str
    key: str
    private: bool = True
    text: str = ""
    choice: str = ""
    reply_to: str = ""
    start: str = ""
    name: str = ""  # what the platform says the person is called: shown in groups of officers, never kept with a tip
    language: str = ""  # "vi", "en" or what the platform says; empty when it says nothing
    chat_title: str = ""
    ref: str = ""  # the message's own number in its chat, to erase it by; those of an album joined by commas
    files: tuple[Attachment, ...] = ()  # an album is one message; `text` is then its caption
    position: tuple[float, float] | None = None  # latitude and longitude, turned into a commune and dropped at once
    network: str = ""  # a hash, of this hour only, of the network prefix it came from; "onion" where all share one
    attached: bool = False  # something came along that nobody takes: a sticker, a contact, a poll
    moved_to: str = ""  # a group that became a supergroup says its new id


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """`label` is at most 60 characters; `choice` at most 64 bytes of ASCII (Telegram's bound, the narrowest).

    A `quiet` one is a way out (back, skip, cancel) beside the answers, drawn so where a channel can. One with a `link`
    opens that address and tells us nothing; its `choice` is empty.
    """

    label: str
    choice: str = ""
    quiet: bool = False
    link: str = ""


class SealFor(msgspec.Struct, frozen=True):
    """Whom an answer is sealed for, and as part of which tip: a reader's id -> public key (32 bytes)."""

    tip: str
    readers: dict[str, bytes]


class Takes(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a question takes beside words: so many more `files`, a spoken answer, a shared position.

    `seal`: a browser that can seals the answer (words and files) before it is sent. `least` and `most`: how many
    characters words have that answer it, since sealed ones can't be counted later; 0: no such bound.
    """

    files: int = 0
    voice: bool = False
    place: bool = False
    seal: SealFor | None = None
    least: int = 0
    most: int = 0


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message on its way out: plain text in the person's language, without any markup.

    `head` stands above the text, bold where the channel can. `rows` of buttons; a channel without buttons numbers
    them. `await_text` says that an answer in free words is expected (groups: the channel sees to it that the answer
    reaches us). `subject` is what a reply to this message is about ("assignment:12"), kept with its ref.
    """

    text: str
    head: str = ""
    rows: tuple[tuple[Button, ...], ...] = ()
    await_text: bool = False
    subject: str = ""
    protect: bool = False  # not to be forwarded or saved, where the channel can forbid it
    sound: str = ""  # an operator's recording of it, "hmong/tip-what": played where the channel plays sound
    takes: Takes | None = None


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What can be done on a channel. A platform's limit is written here, never as a number elsewhere."""

    buttons: bool
    edit: bool
    erase: bool
    groups: bool
    text_limit: int  # characters of a message, head and text together
    files_in: bool = False
    files_out: bool = False
    location: bool = False
    sound: bool = False
    clears: bool = False  # both sides' messages of a chat can be forgotten at once, whatever their age
    groups_hear_replies_only: bool = False  # in a group we hear commands and replies to us, not all that is written
    reply_budget: int | None = None  # messages we may send after one of theirs; None: as many as wanted
    identity: bool = True  # whether the platform knows who writes: only where not may we say "ẩn danh"


class DeliveryError(Exception):
    """A message could not be sent; the subclass says what to do."""


class TryLater(DeliveryError):
    """The platform or the network asks us to wait `after` seconds. The message was not sent."""

    def __init__(self, after: float) -> None:
        super().__init__(f"try again after {after:g} s")
        self.after = after


class FateUnknown(DeliveryError):
    """The call broke off; the message may or may not have been sent."""


class ChatLost(DeliveryError):
    """The chat can't be reached any more (blocked, kicked, deleted, never started)."""


class ChatMoved(DeliveryError):
    """The chat has a new address; the message was not sent."""

    def __init__(self, address: str) -> None:
        super().__init__("the chat has a new address")
        self.address = address


class Refused(DeliveryError):
    """The platform will never take this message as it is: our fault. Not tried again."""


class TooBig(DeliveryError):
    """A file is bigger than we take, or than the platform hands out."""


Hear = Callable[[Heard], Awaitable[None]]
"""Hands one message to the house; returns after what it did is committed. Only then may a channel acknowledge."""


class Channel(Protocol):
    """One place to speak. `name` is what `Heard.channel` and the database say."""

    name: str
    can: Capabilities

    async def run(self, hear: Hear) -> None:
        """Hears until cancelled, handing on each message and acknowledging it after `hear` returned."""

    async def say(self, chat: str, said: Said) -> str:
        """Sends and returns the message's ref; of one that went in pieces, theirs joined by commas, the text's last.

        Raises a DeliveryError.
        """

    async def edit(self, chat: str, ref: str, said: Said) -> None:
        """Replaces a message. Raises a DeliveryError; one that is unchanged or gone is no error."""

    async def erase(self, chat: str, refs: tuple[str, ...]) -> int:
        """Deletes messages and returns how many could be."""

    async def clear(self, chat: str) -> int:
        """Forgets all messages of a chat and returns how many; only where `can.clears`."""

    async def download(self, ref: str, at_most: int) -> bytes:
        """An attachment's bytes, in memory only. Raises TooBig beyond `at_most` bytes, or another DeliveryError."""

    async def close(self) -> None:
        """Lets go of connections."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands in a web room. `ours` says who wrote it; `said` holds the buttons of ours."""

    ref: str
    ours: bool
    said: Said


class WebStore(Protocol):
    """What the web channel asks to be kept: the messages that stand in its rooms.

    A room is named by its address, which for a citizen is the secret of a cookie: the store keeps only a hash of it
    and seals the messages under a key derived from it, so that nothing at rest opens them.
    """

    async def post(self, room: str, said: Said, *, ours: bool) -> str:
        """Adds a message at the end and returns its ref (a growing number, as text)."""

    async def replace(self, room: str, ref: str, said: Said) -> None:
        """Puts other words in a message's place."""

    async def read(self, room: str, *, after: str = "0") -> list[Posted]:
        """What stands in the room, oldest first: at most the last 200 messages, those after `after`."""

    async def changed(self, room: str, *, since: int) -> int:
        """The room's count of changes (posts and replacements), for a page that waits for news."""

    async def clear(self, room: str) -> int:
        """Forgets all messages of the room and returns how many."""


class OffsetStore(Protocol):
    """What a polling channel asks to be kept."""

    async def load(self) -> int: ...

    async def save(self, offset: int) -> None: ...


Updates = AsyncIterator[Heard]
