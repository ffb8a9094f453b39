"""What is done with a tip: it is filed without a trace of who told it, the desk hears of it, and there is a receipt."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

import msgspec

from bot import chance, tip_cards, words
from bot.cards import phrase_of
from bot.channels.channel import Button, Said, SealFor
from bot.conversation import Flow, Form
from bot.desk import Way, seal_way
from bot.domain.clock_row import TipEventKind
from bot.domain.limits import Quota
from bot.domain.receipt import Receipt
from bot.domain.refusal import refusal
from bot.domain.shut_out import ShutOut
from bot.domain.tip import Draft, TipLine, Urgency, WayBack, hour_of
from bot.domain.tip_clock import TipEvent
from bot.storage.keys import ReceiptKeys, Stretcher
from bot.storage.outbox import Parcel, Priority
from bot.storage.seal import seal_tip
from bot.storage.tip_events import record_event
from bot.storage.tip_parts import drop_staged, prolong_parts, send_parts
from bot.storage.tips import BODY, ReceiptMark, active_readers, file_tip
from bot.talk.ask import Ask
from bot.talk.step import Phrase, Refusal
from bot.turn import Later, Turn, begin
from handlers.communes import CommuneList
from handlers.desk_cards import announce
from handlers.tip import Elsewhere, OnlyHelp, TipGiven, tell_tip

NATIONAL = ("113", "115", "111")
"""Police, ambulance, and the protection of children: the same everywhere in Viet Nam."""


class ReceiptMint:
    """Receipts made ahead: their slow hash is done outside of any transaction, in a thread."""

    STOCK = 16

    def __init__(self, stretcher: Stretcher) -> None:
        self._stretcher = stretcher
        self._made: deque[tuple[Receipt, ReceiptKeys]] = deque()
        self._wanted = asyncio.Event()

    async def run(self) -> None:
        """Keeps some in stock once the first was wanted, until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while len(self._made) < self.STOCK:
                await self.refill()

    async def refill(self) -> None:
        """Makes one more."""
        receipt = Receipt.make(chance.digits)
        self._made.append((receipt, await self._stretcher.derive(receipt)))

    def take(self) -> tuple[Receipt, ReceiptKeys]:
        """A receipt nobody has had. Raises Later when one has to be made first."""
        self._wanted.set()
        if not self._made:
            raise Later(self.refill)
        return self._made.popleft()

    def give_back(self, receipt: Receipt, keys: ReceiptKeys) -> None:
        """It was given to nobody."""
        self._made.append((receipt, keys))


@dataclass(frozen=True, slots=True)
class TipLimits:
    """How many tips one conversation may file."""

    tips: Quota


# --- what the conversation is given ----------------------------------------------------------------------------------


async def _given(turn: Turn, form: Form) -> TipGiven:
    """On the web there is no "right here": its room is forgotten after a day, and nothing leads back to it."""
    house, known = turn.house, turn.can.identity
    if form.parts:
        await prolong_parts(turn.work, str(form.about["tip"]), turn.now + house.draft_silence)
    web = house.public_address if known else ""
    values: dict[str, str | int | Phrase] = {
        "hotlines": hotlines(turn),
        "web": web or "none",
        "channel": Phrase(f"channel-{turn.heard.channel}"),
    }
    honest = Phrase("tip-ready-confidential" if known else "tip-ready-anonymous", values)
    communes = house.room(CommuneList)
    near = communes.near if turn.can.location else None
    return TipGiven(str(form.about["tip"]), honest, web, help_lines(turn), communes.options, near, here=known)


async def _seal_for(turn: Turn, form: Form) -> SealFor:
    readers = await active_readers(turn.work)
    return SealFor(str(form.about["tip"]), {reader.id: reader.public for reader in readers.values()})


async def _drop(turn: Turn, form: Form) -> None:
    await drop_staged(turn.work, str(form.about["tip"]))


def hotlines(turn: Turn) -> str:
    """What to call when there is danger now."""
    return ", ".join((NATIONAL[0], *turn.house.programme.hotlines))


def help_lines(turn: Turn) -> str:
    """The province's own lines, for who seeks help for a person; the national ones stand in the sentence."""
    return ", ".join(turn.house.programme.hotlines) or NATIONAL[0]


# --- what is done with it --------------------------------------------------------------------------------------------


async def _finish(turn: Turn, given: TipGiven, told: Draft | Elsewhere | OnlyHelp) -> None:
    if isinstance(told, Draft):
        await _file(turn, given.tip, told)
        return
    await drop_staged(turn.work, given.tip)
    if isinstance(told, Elsewhere):
        turn.tell("tip-elsewhere", rows=[[Button(turn.word("tip-go-web"), link=given.web)]], web=given.web)
    else:
        turn.tell(
            "tip-only-help",
            hotlines=help_lines(turn),
            rows=[[turn.button("citizen-tell", f"tip:{turn.language}:{turn.trace}")]],
        )


async def _file(turn: Turn, tip: str, draft: Draft) -> None:
    """Seals the tip to the readers and keeps it, tells the triage chats that one came, and gives the receipt."""
    readers = await active_readers(turn.work)
    if not readers:
        raise Refusal(Phrase("tip-no-readers", {"hotlines": hotlines(turn)}))
    mint = turn.house.room(ReceiptMint)
    receipt, keys = mint.take()
    if limited := turn.house.room(TipLimits).tips.take(turn.now, turn.sender_day):
        mint.give_back(receipt, keys)
        raise Refusal(phrase_of(refusal(limited, turn.now, turn.house.programme.zone)))
    line = _line(turn, tip, draft)
    public = {reader.id: reader.public for reader in readers.values()}
    sealed = seal_tip(msgspec.json.encode(draft), public, f"{tip}/{BODY}".encode())
    way = _way_back(turn, tip) if draft.back is WayBack.HERE else None
    await file_tip(turn.work, line, sealed, ReceiptMark(keys.look_up, keys.public), way)
    await record_event(turn.work, tip, TipEvent(TipEventKind.RECEIVED, line.hour))
    if await send_parts(turn.work, tip, draft.parts, turn.now) != len(draft.parts):
        mint.give_back(receipt, keys)
        raise Refusal(Phrase("files-gone"))
    await drop_staged(turn.work, tip)
    await announce(turn, line)
    here, web = way is not None, turn.house.public_address
    trace = turn.trace if turn.can.erase or turn.can.clears else None
    turn.say(tip_cards.receipt_card(turn.language, receipt, here=here, web=web, trace=trace))
    if draft.urgency is Urgency.NOW:
        turn.tell("tip-call-now", hotlines=hotlines(turn))


def _line(turn: Turn, tip: str, draft: Draft) -> TipLine:
    """What everybody at the desk may know of it. Of who sent it, memory alone knows, for a day (decision 12)."""
    senders = turn.house.room(ShutOut)
    senders.remember(tip, turn.sender_day, turn.now)
    blocked = senders.is_shut_out(turn.sender_day, turn.now)
    hour = hour_of(turn.now)
    return TipLine(tip, hour, draft.kind, draft.commune, draft.urgency, official=draft.official, blocked=blocked)


def _way_back(turn: Turn, tip: str) -> bytes:
    return seal_way(turn.house.keyring, tip, Way(turn.heard.channel, turn.heard.chat, turn.language, turn.trace))


TELL_TIP = Flow(
    _given,
    lambda given: tell_tip(Ask("tip"), given),
    _finish,
    again=("citizen-tell", "tip:"),
    seal_for=_seal_for,
    drop=_drop,
)


# --- the acts of the dispatch table ----------------------------------------------------------------------------------


async def greet(turn: Turn, _rest: str) -> None:
    """The first words to a citizen; an open conversation is taken up where it stood."""
    if turn.form is not None:
        turn.form = msgspec.structs.replace(turn.form)
        return
    text = turn.word("citizen-greeting", province=turn.house.programme.name, hotlines=hotlines(turn))
    begin_with = f"{turn.language}:{turn.trace}"
    other = Button(turn.word("house-other-language"), f"language:{'en' if turn.language == 'vi' else 'vi'}")
    spoken = [
        (turn.button("citizen-listen", f"tip:{begin_with}:{sound}", name=_spoken(turn, sound)),)
        for sound in sounds(turn)
    ]
    receipt, help_ = turn.button("citizen-receipt", "receipt:"), turn.button("citizen-help", f"help:{begin_with}")
    last = (turn.button("citizen-warnings", "warnings:"), other) if turn.can.identity else (other,)
    rows = ((turn.button("citizen-tell", f"tip:{begin_with}"),), *spoken, (receipt, help_), last)
    turn.say(Said(text, rows=rows))


async def greet_a_story(turn: Turn, _rest: str) -> None:
    """Somebody tells at once what happened: nothing of it is kept before they know what this channel can hide."""
    turn.tell("citizen-story")
    await greet(turn, "")


def sounds(turn: Turn) -> list[str]:
    """The languages an operator has had the questions spoken in, where the channel plays sound."""
    return sorted({name.partition("/")[0] for name in turn.house.recordings}) if turn.can.sound else []


def _spoken(turn: Turn, sound: str) -> str:
    return turn.word(f"sound-{sound}") if words.has(turn.language, f"sound-{sound}") else sound


async def begin_tip(turn: Turn, rest: str) -> None:
    """Begins a tip, if there is somebody who can read it. A tip that is open already goes on. `rest`: the language, the
    trace that the greeting left, and the recordings to play.
    """
    language, _, after = rest.partition(":")
    trace, _, sound = after.partition(":")
    turn.language = words.known(language) if language else turn.language
    if turn.form is not None and turn.form.flow == "tip":
        turn.form = msgspec.structs.replace(turn.form, language=turn.language, sound=sound or turn.form.sound)
        return
    if not await active_readers(turn.work):
        turn.tell("tip-no-readers", hotlines=hotlines(turn))
        return
    communes = turn.house.room(CommuneList)
    if not communes.is_ready:
        raise Later(communes.get_ready)
    turn.trace = trace if trace and turn.trace else turn.trace
    begin(turn, "tip", {"tip": chance.name()}, sound=sound if sound in sounds(turn) else "")


async def begin_help(turn: Turn, rest: str) -> None:
    """Somebody needs help, or knows who does: the lines to call come first, then a tip that accuses nobody."""
    if turn.form is None:
        turn.tell("tip-help", hotlines=help_lines(turn))
    await begin_tip(turn, rest)
    if turn.form is not None and turn.form.flow == "tip" and not turn.form.answers:
        turn.form.known |= {"kind": "person", "help": "tell"}


async def copied(turn: Turn, rest: str) -> None:
    """The citizen has copied the receipt: it is taken off the screen where the channel can. `rest`: the language, and
    the trace with which the conversation can still be erased.
    """
    language, _, trace = rest.partition(":")
    turn.language = words.known(language or turn.language)
    turn.trace = trace or turn.trace
    if turn.heard.reply_to and turn.can.edit:
        covered = Said(turn.word("receipt-covered"))
        parcel = Parcel(turn.heard.channel, turn.heard.chat, covered, act="edit", ref=turn.heard.reply_to)
        turn.post(parcel, Priority.ANSWER)
    rows = [[turn.button("citizen-tell-again", f"tip:{turn.language}")]]
    if trace or turn.can.clears:
        rows.append([turn.button("button-wipe", f"wipe:{turn.language}:{trace}")])
    turn.tell("receipt-copied", rows=rows)


async def nothing_to_take(turn: Turn, _rest: str) -> None:
    """A sticker, a contact: not taken, and said so; an open question is asked again."""
    turn.tell("files-not-taken")
    if turn.form is not None:
        turn.form = msgspec.structs.replace(turn.form)


async def files_unasked(turn: Turn, _rest: str) -> None:
    """Files or a position that nobody asked for: how to send them."""
    turn.tell("files-unasked", rows=[[turn.button("citizen-tell", f"tip:{turn.language}:{turn.trace}")]])


async def not_in_a_group(turn: Turn, _rest: str) -> None:
    """A citizen who speaks to us in a group is shown the private way, without asking anything."""
    turn.tell("citizen-in-group", link=turn.house.bot_link() or turn.house.web_address)
