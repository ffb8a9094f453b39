"""Public warnings of the province: who wants them says so, and is on a list that has nothing to do with tips."""

from __future__ import annotations

from bot.storage.subscribers import Subscriber, Subscribers
from bot.turn import Turn


async def show_warnings(turn: Turn, _rest: str) -> None:
    """What the list is, and whether this chat is on it."""
    if not turn.can.identity:
        turn.tell("warnings-not-here")
        return
    if await turn.house.room(Subscribers).has(turn.work, turn.heard.channel, turn.heard.chat):
        turn.tell("warnings-on", rows=[[turn.button("warnings-stop", "unsubscribe:")]])
    else:
        turn.tell("warnings-off", rows=[[turn.button("warnings-start", "subscribe:")]])


async def subscribe(turn: Turn, _rest: str) -> None:
    if not turn.can.identity:
        turn.tell("warnings-not-here")
        return
    subscriber = Subscriber(turn.heard.channel, turn.heard.chat, turn.language)
    await turn.house.room(Subscribers).add(turn.work, subscriber)
    turn.tell("warnings-started", rows=[[turn.button("warnings-stop", "unsubscribe:")]])


async def unsubscribe(turn: Turn, _rest: str) -> None:
    was = await turn.house.room(Subscribers).remove(turn.work, turn.heard.channel, turn.heard.chat)
    turn.tell("warnings-stopped" if was else "warnings-off")
