"""What a form means to the house: who speaks in which room, and which message a pressed button stands on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.channels.channel import Heard, Posted
from bot.channels.web.doors import Door
from bot.channels.web.forms import Posting


@dataclass(frozen=True, slots=True)
class Place:
    """A room as one person reaches it. `room` is empty while a citizen has not said anything yet."""

    room: str
    path: str
    say_path: str
    events_path: str
    door: Door | None = None


async def nobody(_heard: Heard) -> None:
    raise RuntimeError  # the house is not listening yet, or not any more


def heard_in(posting: Posting, place: Place, asked: str) -> Heard:
    door = place.door
    return Heard(
        channel="web",
        chat=place.room,
        sender=door.sender if door else place.room,
        key=posting.key,
        private=door is None,
        text="" if posting.choice else posting.text,
        choice=posting.choice,
        reply_to=posting.reply_to,
        name=door.name if door else "",
        language=asked,
        chat_title=door.title if door else "",
    )


def on_its_message(posting: Posting, standing: list[Posted]) -> Posting:
    """A press names the message its button stands on; otherwise it names none, and the house can change none by it."""
    if not posting.choice or (posting.reply_to and label_of(standing, posting)):
        return posting
    return replace(posting, reply_to="")


def label_of(standing: list[Posted], posting: Posting) -> str:
    """The pressed button's label, on the message that the form names; empty when it does not stand there."""
    named = [one for one in standing if posting.reply_to in ("", one.ref)]
    buttons = (button for one in reversed(named) for row in one.said.rows for button in row)
    return next((button.label for button in buttons if button.choice == posting.choice), "")
