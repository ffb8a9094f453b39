"""Who am I here, what can I do, and where is the source; languages; what nobody understood."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from bot import words
from bot.channels.channel import Button, Said
from bot.domain.member import ChatKind
from bot.storage.members import add_member, put_chat
from bot.turn import Turn
from handlers import tip_filing


async def show_help(turn: Turn, _rest: str) -> None:
    """What can be done here, by whom it is who asks, and where the source of the running version is."""
    text = turn.word(_sentence(turn))
    turn.say_text(text + "\n\n" + turn.word("help-source", source=turn.house.source_address))


def _sentence(turn: Turn) -> str:
    if not turn.heard.private and turn.place is None:
        return "help-group"
    if turn.member is not None and turn.member.may_coordinate:
        return "help-coordinator"
    if turn.member is not None:
        return "help-officer"
    return "help-citizen" if turn.heard.private else "help-group"


async def welcome_member(turn: Turn, _rest: str) -> None:
    """A member who presses Start again."""
    await show_help(turn, "")


async def change_language(turn: Turn, language: str) -> None:
    """Speaks the other language from here on: in the open conversation, to this member, in the chat of their unit."""
    turn.language = words.known(language or ("en" if turn.language == "vi" else "vi"))
    if turn.member is not None:
        turn.member = replace(turn.member, language=turn.language)
        await add_member(turn.work, turn.member)
        if turn.place is not None:
            turn.place = await put_chat(turn.work, replace(turn.place, language=turn.language))
        turn.tell("house-language-changed")
    elif turn.form is None:
        await tip_filing.greet(turn, "")
    if turn.form is not None:
        turn.form = msgspec.structs.replace(turn.form, language=turn.language)


async def nothing_open(turn: Turn, _rest: str) -> None:
    """Cancel, back or skip where no conversation is open."""
    turn.tell("house-nothing-open")


async def unknown_command(turn: Turn, _rest: str) -> None:
    """A command that is not there. In a group that is not ours, silence."""
    if turn.heard.private or turn.place is not None:
        turn.tell("house-unknown-command", command=turn.text.split()[0][:30])


async def old_button(turn: Turn, _rest: str) -> None:
    turn.tell("house-old-button")


async def not_yours(turn: Turn, _rest: str) -> None:
    turn.tell("house-not-yours")


async def not_understood(turn: Turn, _rest: str) -> None:
    """Words that nobody waits for."""
    if turn.place is not None and turn.place.kind is ChatKind.TRIAGE:
        turn.say(Said(turn.word("desk-not-understood"), rows=((Button(turn.word("desk-notice"), "notice:"),),)))
    else:
        turn.tell("house-not-understood")
