"""What the desk does to a tip, whoever of us speaks for it: where the tip stands, and what the citizen is told."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.domain.clock_row import TipEventKind
from bot.domain.tip import Outcome, TipLine, TipState
from bot.domain.tip_clock import TipEvent
from bot.storage.database import Work
from bot.storage.keys import Keyring
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.storage.seal import padded, unpadded
from bot.storage.tip_events import record_event
from bot.storage.tip_parts import Part, add_part
from bot.storage.tips import destroy_ways_back, find_tip, move_tip, way_back
from bot.storage.triage import take_tip
from bot.tip_cards import talk_news


class TalkOver(Exception):
    """The citizen has closed the talk: nothing can be written to them."""


class Way(msgspec.Struct, frozen=True):
    """The way back to a chat, as the citizen chose it. `trace` names what is kept for erasing its messages."""

    channel: str
    chat: str
    language: str
    trace: str


def seal_way(keyring: Keyring, tip: str, way: Way) -> bytes:
    """Padded: the length of an address would tell old accounts from new ones."""
    return keyring.ways_back.seal(padded(msgspec.json.encode(way)), tip.encode())


def open_way(keyring: Keyring, tip: str, sealed: bytes) -> Way:
    return msgspec.json.decode(unpadded(keyring.ways_back.open(sealed, tip.encode())), type=Way)


def what_happened(to: TipState, outcome: Outcome) -> list[TipEventKind]:
    """What a move means to the clocks. A tip that is given back has been taken all the same."""
    match to, outcome:
        case TipState.TAKEN, _:
            return [TipEventKind.TAKEN]
        case TipState.CHECKING, _:
            return [TipEventKind.OPENED]
        case TipState.CLOSED, Outcome.FORWARDED:
            return [TipEventKind.FORWARDED, TipEventKind.CLOSED]
        case TipState.CLOSED, Outcome.CONFIRMED | Outcome.UNFOUNDED:
            return [TipEventKind.DECIDED, TipEventKind.CLOSED]
        case TipState.CLOSED, _:
            return [TipEventKind.CLOSED]
    return []


class Desk:
    """Speaks to citizens for the desk."""

    def __init__(self, keyring: Keyring, outbox: Outbox) -> None:
        self._keyring = keyring
        self._outbox = outbox

    async def write(self, work: Work, message: Part, now: datetime) -> None:
        """Keeps a message to the citizen, sealed to the readers and to the receipt before it came here, and says where
        the citizen wants it that there is one. Raises LookupError for no such tip, TalkOver.
        """
        found = await find_tip(work, message.tip)
        if found is None:
            raise LookupError("no such tip")
        if not found[0].talks:
            raise TalkOver
        await add_part(work, message)
        await self._call(work, message.tip, now)

    async def take(self, work: Work, tip: str, member: str, now: datetime) -> TipLine | None:
        """The tip is this member's now, and the citizen is told; None where somebody else was first."""
        line = await take_tip(work, tip, member, now)
        if line is not None:
            await self._moved(work, line, now)
        return line

    async def move(
        self,
        work: Work,
        tip: str,
        to: TipState,
        now: datetime,
        outcome: Outcome = Outcome.OPEN,
        by: str | None = None,
    ) -> TipLine:
        """The tip stands there now, in the hands of the member `by` (None: in those it was in). A closed one is told of
        once more where the citizen wanted that, and then nothing leads back to them. Raises WrongMove, ValueError,
        LookupError.
        """
        line = await move_tip(work, tip, to, now, outcome, by)
        await self._moved(work, line, now)
        if to is TipState.CLOSED:
            await destroy_ways_back(work, [tip])
        return line

    async def _moved(self, work: Work, line: TipLine, now: datetime) -> None:
        for kind in what_happened(line.state, line.outcome):
            await record_event(work, line.id, TipEvent(kind, now))
        await self._call(work, line.id, now)

    async def _call(self, work: Work, tip: str, now: datetime) -> None:
        sealed = await way_back(work, tip)
        if sealed is None:
            return
        way = open_way(self._keyring, tip, sealed)
        parcel = Parcel(way.channel, way.chat, talk_news(way.language), trace=way.trace)
        await self._outbox.queue(work, [Posting(parcel, Priority.ANSWER, now)])
