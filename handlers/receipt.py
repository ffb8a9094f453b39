"""A citizen comes back with a receipt, from any channel: where the tip stands, what was said, and more to say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from bot import tip_cards
from bot.channels.channel import Button, SealFor
from bot.conversation import Flow, Form
from bot.domain.limits import Attempts, MayTry, Refused
from bot.domain.plain import clean
from bot.domain.receipt import LENGTH, Receipt
from bot.domain.refusal import delayed, refusal
from bot.domain.tip import TipLine
from bot.intake import RECEIPT, Intake, sealed_part
from bot.storage.contents import Header, pack, unpack
from bot.storage.keys import ReceiptKeys, Stretcher
from bot.storage.seal import SealBroken, open_tip
from bot.storage.tip_parts import (
    Part,
    add_part,
    count_parts,
    drop_staged,
    mark_seen,
    prolong_parts,
    send_parts,
    talk,
)
from bot.storage.tips import active_readers, close_talk, find_by_receipt, find_tip
from bot.talk.ask import Ask
from bot.talk.step import Option, Phrase, Refusal
from bot.tip_cards import Message
from bot.turn import Later, Turn, begin
from handlers.desk_cards import tell_the_desk
from handlers.tip import MOST_FILES, told_as
from handlers.tip_filing import hotlines

ONION = "onion"
MOST_SHOWN = 4000
"""Characters shown of a message: a browser may have sealed more, and anything, into one."""
_TOLD_FROM = 2  # seconds of delay that are announced
_MOST_MORE = 60
"""Parts a tip may have in all: a talk of many months."""


class Doorkeeper:
    """Tries receipts: the limits, and the slow hash outside of any transaction, in a thread, two at a time; those from
    the onion address, which no network prefix limits, one at a time in a row of their own.
    """

    def __init__(self, stretcher: Stretcher) -> None:
        self._stretcher = stretcher
        self._attempts = Attempts()
        self._derived: dict[tuple[str, str], tuple[MayTry, ReceiptKeys]] = {}
        self._rows = {True: asyncio.Semaphore(1), False: asyncio.Semaphore(2)}

    def tried(self, turn: Turn, receipt: Receipt) -> tuple[MayTry, ReceiptKeys] | Refused:
        """What the receipt yields, or that it may not be tried now. Raises Later for the hash."""
        heard = turn.heard
        if done := self._derived.pop((heard.channel, heard.key), None):
            return done
        onion = heard.network == ONION
        network = heard.network.encode() or None
        may = self._attempts.begin(turn.now, conversation=turn.sender_hash, network=network, onion=onion)
        if isinstance(may, Refused):
            return may

        async def prepare() -> None:
            async with self._rows[onion]:
                keys = await self._stretcher.derive(receipt)
            self._derived[heard.channel, heard.key] = may, keys

        raise Later(prepare)

    def was_right(self, may: MayTry) -> None:
        self._attempts.succeeded(may)


# --- the conversation ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TalkGiven:
    """What the flow needs to know: the tip, whether the desk has asked something, how many parts there are; and the
    parts that are staged by this conversation, for the same talk may be open on another device.
    """

    line: TipLine | None
    asked: bool
    numbered: int
    staged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """More words (or the id of a part that holds them), and files."""

    words: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """The citizen wants no more of it, for good."""


@dataclass(frozen=True, slots=True)
class Left:
    """Nothing more for now."""


_ADD, _CLOSE, _LEAVE = "add", "close", "leave"


async def come_back(ask: Ask, given: TalkGiven) -> Added | Closed | Left:
    """What a citizen who has come back can do."""
    act = await ask.choice("act", _acts(given), can_cancel=False)
    if act == _LEAVE or given.line is None:
        return Left()
    if act == _CLOSE:
        await ask.confirm("close", Phrase("talk-close"), yes=Phrase("talk-close-yes"))
        return Closed()
    words = await ask.told("words", at_most=4000, optional=True)
    parts = await ask.files("files", at_most=MOST_FILES)
    told, spoken = (words, ()) if isinstance(words, str) else ("", tuple(words))
    whole = Added(told, (*spoken, *parts))
    unseen = Phrase("tip-what-sealed" if spoken else "talk-no-words")
    values: dict[str, str | int | Phrase] = {"words": told_as(told, unseen)}
    await ask.confirm("sure", Phrase("talk-sure", values | {"files": len(parts)}), yes=Phrase("tip-send"))
    return whole


def _acts(given: TalkGiven) -> list[Option]:
    add = Option(_ADD, Phrase("talk-answer" if given.asked else "talk-add"))
    return [add, Option(_CLOSE, Phrase("talk-close-for-good")), Option(_LEAVE, Phrase("talk-leave"))]


async def _given(turn: Turn, form: Form) -> TalkGiven:
    tip = str(form.about["tip"])
    found = await find_tip(turn.work, tip)
    if form.parts:
        await prolong_parts(turn.work, tip, turn.now + turn.house.draft_silence)
    line = found[0] if found and found[0].talks else None
    return TalkGiven(line, bool(form.about["asked"]), await count_parts(turn.work, tip), tuple(form.parts))


async def _seal_for(turn: Turn, form: Form) -> SealFor:
    readers = {reader.id: reader.public for reader in (await active_readers(turn.work)).values()}
    return SealFor(str(form.about["tip"]), readers | {RECEIPT: bytes.fromhex(str(form.about["public"]))})


async def _drop(turn: Turn, form: Form) -> None:
    await drop_staged(turn.work, str(form.about["tip"]), form.parts)


async def _finish(turn: Turn, given: TalkGiven, told: Added | Closed | Left) -> None:
    line = given.line
    if line is None:
        turn.tell("talk-gone")
    elif isinstance(told, Added):
        await _add(turn, given, line, told)
    elif isinstance(told, Closed):
        await drop_staged(turn.work, line.id)
        await close_talk(turn.work, line.id)
        await tell_the_desk(turn, line, lambda language: tip_cards.talk_over(language, line))
        turn.tell("talk-closed", rows=_wipe_row(turn))
    else:
        await drop_staged(turn.work, line.id, given.staged)
        turn.tell("talk-left", rows=_wipe_row(turn))


async def _add(turn: Turn, given: TalkGiven, line: TipLine, told: Added) -> None:
    """What is added goes to the same tip, sealed to its readers and to the receipt."""
    if not told.words and not told.parts:
        raise Refusal(Phrase("talk-nothing-added"))
    if given.numbered > _MOST_MORE:
        raise Refusal(Phrase("talk-too-much", {"hotlines": hotlines(turn)}))
    if told.words:
        found = await find_tip(turn.work, line.id)
        readers = {reader.id: reader.public for reader in (await active_readers(turn.work)).values()}
        assert found is not None
        seal = SealFor(line.id, readers | {RECEIPT: found[1]})
        content = pack(Header("words", number=given.numbered), told.words.encode())
        await add_part(turn.work, await sealed_part(turn.house.room(Intake).files, seal, content, turn.now))
    if await send_parts(turn.work, line.id, told.parts, turn.now) != len(told.parts):
        raise Refusal(Phrase("files-gone"))
    await drop_staged(turn.work, line.id, given.staged)
    await tell_the_desk(turn, line, lambda language: tip_cards.tip_more(language, line))
    turn.tell("talk-added", rows=_wipe_row(turn))


def _wipe_row(turn: Turn) -> Sequence[Sequence[Button]]:
    can_wipe = turn.can.erase or turn.can.clears
    return [[turn.button("button-wipe", f"wipe:{turn.language}:{turn.trace}")]] if can_wipe else []


TALK = Flow(_given, lambda given: come_back(Ask("talk"), given), _finish, seal_for=_seal_for, drop=_drop)


# --- the acts of the dispatch table ----------------------------------------------------------------------------------


async def ask_for_receipt(turn: Turn, _rest: str) -> None:
    """How to come back."""
    turn.tell("receipt-how")


async def open_receipt(turn: Turn, typed: str) -> None:
    """Opens the talk about a tip. What is wrong, expired or used up is answered alike, and after the same time."""
    if turn.form is not None and turn.form.flow == "tip":
        await _finish_first(turn)
        return
    receipt = Receipt.read(typed)
    if receipt is None:
        turn.tell("receipt-length", length=sum(letter.isdecimal() for letter in typed), wanted=LENGTH)
        return
    tried = turn.house.room(Doorkeeper).tried(turn, receipt)
    if isinstance(tried, Refused):
        turn.explain(refusal(tried, turn.now, turn.house.programme.zone))
        return
    may, keys = tried
    if may.delay.total_seconds() >= _TOLD_FROM:
        turn.explain(delayed(may.delay))
    turn.delay = may.delay
    found = await find_by_receipt(turn.work, keys.look_up)
    if found is None:
        turn.tell("receipt-opens-nothing")
        return
    turn.house.room(Doorkeeper).was_right(may)
    await _open(turn, found[0], keys)


async def _finish_first(turn: Turn) -> None:
    """A tip that is being told is not thrown away for a receipt."""
    assert turn.form is not None
    turn.tell("receipt-finish-first")
    turn.form = msgspec.structs.replace(turn.form)


async def _open(turn: Turn, line: TipLine, keys: ReceiptKeys) -> None:
    parts = await talk(turn.work, line.id)
    messages = sorted(_opened(parts, keys.private), key=lambda one: (one.hour, one.number))
    state = tip_cards.tip_state(turn.language, line, turn.now, hotlines(turn))
    turn.say(tip_cards.talk_card(turn.language, state, messages, turn.house.programme.zone))
    asked = any(part.by == "desk" for part in parts)
    await mark_seen(turn.work, line.id)
    begin(turn, "talk", {"tip": line.id, "public": keys.public.hex(), "asked": int(asked)})


def _opened(parts: Sequence[Part], private: X25519PrivateKey) -> list[Message]:
    """The words among them that this receipt opens."""
    messages = []
    for part in parts:
        assert part.receipt_key is not None
        assert part.body is not None
        try:
            about = f"{part.tip}/{part.id}".encode()
            header, content = unpack(open_tip(private, part.receipt_key, part.body, about))
        except SealBroken:
            continue  # sealed by a browser that sealed it wrongly: its readers may still open it
        if header.sort == "words":
            messages.append(
                Message(
                    part.by == "desk", header.number, part.hour, clean(content.decode(errors="replace"))[:MOST_SHOWN]
                )
            )
    return messages
