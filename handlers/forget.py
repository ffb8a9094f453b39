"""Forget me: the way back is destroyed at once, and both sides' messages are deleted where the platform can."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from bot import words
from bot.desk import Way, open_way
from bot.storage.outbox import Parcel, Priority
from bot.storage.seal import SealBroken
from bot.storage.subscribers import Subscribers
from bot.storage.tip_parts import drop_staged
from bot.storage.tips import destroy_ways_back, ways_back
from bot.storage.traces import take_traces
from bot.turn import Turn


async def forget_me(turn: Turn, _rest: str) -> None:
    """Everything that leads to this chat: ways back, the list of warnings, what is being told, the messages."""
    was_warned = await turn.house.room(Subscribers).remove(turn.work, turn.heard.channel, turn.heard.chat)
    await _wipe(turn, turn.trace)
    if was_warned:
        turn.tell("warnings-stopped")


async def erase(turn: Turn, _rest: str) -> None:
    """The way back and this conversation's messages; who wants warnings still gets them."""
    await _wipe(turn, turn.trace)


async def wipe(turn: Turn, rest: str) -> None:
    """The button under a receipt: the way back and this conversation's messages."""
    language, _, trace = rest.partition(":")
    turn.language = words.known(language or turn.language)
    await _wipe(turn, trace)


async def _wipe(turn: Turn, trace: str) -> None:
    heard = turn.heard
    destroyed = await _destroy_ways_back(turn)
    if turn.form is not None and "tip" in turn.form.about:
        await drop_staged(turn.work, str(turn.form.about["tip"]), turn.form.parts if turn.form.flow == "talk" else None)
    turn.form = None
    # of this conversation, of one begun since, and of those that a way back led to
    refs, too_old = await _messages(turn, {trace, turn.trace, *(way.trace for way in destroyed)})
    turn.trace = ""  # this last message is among those that go
    here = heard.channel, heard.chat
    if turn.can.clears:
        parcel = Parcel(*here, act="clear", about=f"erased:{turn.language}:0")
    elif turn.can.erase:
        parcel = Parcel(*here, act="erase", refs=tuple(refs), trace=trace, about=f"erased:{turn.language}:{too_old}")
    else:
        turn.tell("erased-by-yourself")
        return
    turn.post(parcel, Priority.ANSWER)


async def _messages(turn: Turn, traces: Iterable[str]) -> tuple[list[str], int]:
    """The refs to be erased, each once, with this message and the one that its button stands under; and how many
    others are too old.
    """
    young: list[str] = []
    old: list[str] = []
    for trace in sorted(filter(None, traces)):
        refs, too_old = await take_traces(turn.work, trace, turn.now)
        young += refs
        old += too_old
    these = [ref for ref in (*turn.heard.ref.split(","), turn.heard.reply_to) if ref]
    return [ref for ref in dict.fromkeys((*young, *these)) if ref not in old], len(old)


async def _destroy_ways_back(turn: Turn) -> list[Way]:
    """All are opened to find those that lead here: a name that found them at once would join one person's tips.
    Returns those that did.
    """
    here = turn.heard.channel, turn.heard.chat
    led_here = {}
    async for tip, sealed in ways_back(turn.work):
        with suppress(SealBroken):  # one that can't be opened leads nowhere, and keeps nobody from being forgotten
            way = open_way(turn.house.keyring, tip, sealed)
            if (way.channel, way.chat) == here:
                led_here[tip] = way
    await destroy_ways_back(turn.work, list(led_here))
    return list(led_here.values())
