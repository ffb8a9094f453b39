"""What stands on a person's screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.loopback.world import Chat, Json

KINDS = ("photo", "video", "video_note", "animation", "voice", "audio", "document", "location", "contact", "sticker")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as a person sees it. `buttons` are labels, row by row; `choices` their data and `links` their
    addresses, in the same shape. `kind`: "text", or what came with the words; `file`: its file_id.
    """

    id: int
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    from_bot: bool = True
    sender: str = ""
    forces_reply: bool = False
    links: tuple[tuple[str, ...], ...] = ()
    kind: str = "text"
    file: str = ""
    chat: Chat | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        rows = "".join("\n    " + " ".join(f"[{label}]" for label in row) for row in self.buttons)
        kind = "" if self.kind == "text" else f"({self.kind}) "
        return f"  {self.sender}: {kind}{self.text}{rows}"


def data_of(seen: Seen, button: str) -> str:
    """The data of a button, named by its label or data."""
    for labels, choices in zip(seen.buttons, seen.choices, strict=True):
        for label, choice in zip(labels, choices, strict=True):
            if button in {label, choice}:
                return choice
    raise AssertionError(f"there is no button {button!r} on:\n{seen}")


def seen_of(chat: Chat, message: Json) -> Seen:
    """A message of the chat as it is seen."""
    rows: Sequence[Sequence[Json]] = message.get("reply_markup", {}).get("inline_keyboard", ())
    sender: dict[str, Any] = message.get("from", {})
    kind = next((kind for kind in KINDS if kind in message), "text")
    content: Any = message.get(kind, {})
    file = content[-1] if isinstance(content, list) else content
    return Seen(
        id=message["message_id"],
        text=str(message.get("text") or message.get("caption") or ""),
        buttons=_each(rows, "text"),
        choices=_each(rows, "callback_data"),
        from_bot=sender.get("is_bot", False),
        sender=sender.get("first_name", ""),
        forces_reply=message["message_id"] in chat.asking,
        links=_each(rows, "url"),
        kind=kind,
        file=file.get("file_id", "") if isinstance(file, dict) else "",
        chat=chat,
    )


def _each(rows: Sequence[Sequence[Json]], key: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(button.get(key, "")) for button in row) for row in rows)
