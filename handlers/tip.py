"""A citizen tells a tip: what is asked, and how it is filed without a trace of who told it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from bot import cards, chance, words
from bot.channels.channel import Button, Said
from bot.conversation import Flow, Form
from bot.domain.member import ChatKind
from bot.domain.receipt import Receipt
from bot.domain.tip import Draft, TipKind, TipLine, Urgency, WayBack, hour_of
from bot.domain.unit import Unit
from bot.storage.keys import ReceiptKeys, derive
from bot.storage.members import chats_of_kind
from bot.storage.outbox import Parcel, Priority
from bot.storage.seal import padded, seal_tip
from bot.storage.tips import ReceiptMark, active_readers, file_tip
from bot.talk.ask import Ask
from bot.talk.step import Name, Option, Phrase
from bot.turn import Later, Turn, begin

_KINDS = [Option(kind.value, Phrase(f"tip-kind-{kind}")) for kind in TipKind]
_URGENCIES = [Option(u.value, Phrase(f"tip-urgency-{u}")) for u in Urgency if u is not Urgency.UNSAID]
_BACKS = [Option(back.value, Phrase(f"tip-back-{back}")) for back in WayBack]


@dataclass(frozen=True, slots=True)
class TipGiven:
    """What the flow needs to know: what this channel can hide, the communes by code and name, and the ways back."""

    honest: Phrase
    communes: Sequence[Option]
    backs: Sequence[Option] = tuple(_BACKS)


class ReceiptMint:
    """Receipts made ahead: their slow hash is done outside of any transaction, in a thread."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._made: deque[tuple[Receipt, ReceiptKeys]] = deque()

    async def refill(self) -> None:
        """Makes one more."""
        self._made.append(await asyncio.to_thread(self._make))

    def _make(self) -> tuple[Receipt, ReceiptKeys]:
        receipt = Receipt.make(chance.digits)
        return receipt, derive(receipt, self._salt)

    def take(self) -> tuple[Receipt, ReceiptKeys]:
        """A receipt nobody has had. Raises Later when one has to be made first."""
        if not self._made:
            raise Later(self.refill)
        return self._made.popleft()


# --- the conversation ------------------------------------------------------------------------------------------------


async def tell_tip(ask: Ask, given: TipGiven) -> Draft:
    """What a citizen is asked."""
    await ask.choice("ready", [Option("go", Phrase("tip-go"))], prompt=given.honest)
    kind = await ask.choice("kind", _KINDS)
    commune = await ask.pick("place", given.communes, optional=True)
    what = await ask.text("what", at_least=10, at_most=4000)
    urgency = await ask.choice("when", _URGENCIES, optional=True) or Urgency.UNSAID
    back = await ask.choice("back", given.backs)
    await ask.confirm("sure", _summary(given, kind, commune, what, urgency, back), yes=Phrase("tip-send"))
    return Draft(TipKind(kind), commune, what, Urgency(urgency), WayBack(back))


def _summary(given: TipGiven, kind: str, commune: str, what: str, urgency: str, back: str) -> Phrase:
    names = {option.value: option.label for option in given.communes}
    place = names.get(commune, Phrase("tip-place-unknown"))
    return Phrase(
        "tip-sure",
        {
            "kind": Phrase(f"tip-kind-{kind}"),
            "place": place.text if isinstance(place, Name) else place,
            "what": what,
            "when": Phrase(f"tip-urgency-{urgency}"),
            "back": Phrase(f"tip-back-{back}"),
        },
    )


def communes_to_pick(communes: Sequence[Unit]) -> list[Option]:
    """The communes as options of a long list."""
    return [Option(unit.code, Name(unit.name), unit.aliases) for unit in communes]


async def _given(turn: Turn, _form: Form) -> TipGiven:
    """On the web there is no "right here": its room is forgotten after a day, and nothing leads back to it."""
    house, known = turn.house, turn.can.identity
    values: dict[str, str | int | Phrase] = {
        "hotlines": _hotlines(turn),
        "web": house.public_address or "none",
        "channel": Phrase(f"channel-{turn.heard.channel}"),
    }
    honest = Phrase("tip-ready-confidential" if known else "tip-ready-anonymous", values)
    backs = [back for back in _BACKS if known or back.value != WayBack.HERE]
    return TipGiven(honest, house.room(CommuneList).options, backs)


def _hotlines(turn: Turn) -> str:
    return ", ".join(("113", *turn.house.programme.hotlines))


@dataclass(frozen=True, slots=True)
class CommuneList:
    """The communes to pick from, made once."""

    options: Sequence[Option]


# --- what is done with it --------------------------------------------------------------------------------------------


async def _file(turn: Turn, _given: TipGiven, draft: Draft) -> None:
    """Seals the tip to the readers and keeps it, tells the triage chats that one came, and gives the receipt."""
    readers = await active_readers(turn.work)
    receipt, keys = turn.house.room(ReceiptMint).take()
    line = TipLine(chance.name(), hour_of(turn.now), draft.kind, draft.commune, draft.urgency)
    about = f"{line.id}/text".encode()
    sealed = seal_tip(msgspec.json.encode(draft), {reader.id: reader.public for reader in readers.values()}, about)
    here = draft.back is WayBack.HERE
    mark = ReceiptMark(keys.look_up, keys.public)
    await file_tip(turn.work, line, sealed, mark, _way_back(turn, line.id) if here else None)
    await _tell_the_desk(turn, line)
    turn.say(cards.receipt_card(turn.language, receipt, here=here))


def _way_back(turn: Turn, tip: str) -> bytes:
    """Padded: the length of an address would tell old accounts from new ones."""
    address = msgspec.json.encode([turn.heard.channel, turn.heard.chat])
    return turn.house.keyring.ways_back.seal(padded(address), tip.encode())


async def _tell_the_desk(turn: Turn, line: TipLine) -> None:
    """At once when it is urgent; else after a random few minutes, so that the time of the notice tells nothing."""
    low, high = turn.house.notice_delay
    after = timedelta() if line.urgency is Urgency.NOW else chance.minutes(low, high)
    commune = turn.house.programme.unit_name(line.commune) if line.commune else ""
    for desk in await chats_of_kind(turn.work, ChatKind.TRIAGE):
        said = cards.tip_news(desk.language, line, commune)
        turn.post(Parcel(desk.channel, desk.address, said), Priority.TIP, after=after)


TELL_TIP = Flow(_given, lambda given: tell_tip(Ask("tip"), given), _file, again=("citizen-tell", "tip:"))


# --- the acts of the dispatch table ----------------------------------------------------------------------------------


async def greet(turn: Turn, _rest: str) -> None:
    """The first words to a citizen; an open conversation is taken up where it stood."""
    if turn.form is not None:
        turn.form = msgspec.structs.replace(turn.form)
        return
    text = turn.word("citizen-greeting", province=turn.house.programme.name, hotlines=_hotlines(turn))
    other = "en" if turn.language == "vi" else "vi"
    tell = turn.button("citizen-tell", f"tip:{turn.language}")
    turn.say(Said(text, rows=((tell,), (Button(turn.word("house-other-language"), f"language:{other}"),))))


async def begin_tip(turn: Turn, language: str) -> None:
    """Begins a tip, if there is somebody who can read it. A tip that is open already goes on."""
    if language:
        turn.language = words.known(language)
    if turn.form is not None and turn.form.flow == "tip":
        turn.form = msgspec.structs.replace(turn.form, language=turn.language)
        return
    if not await active_readers(turn.work):
        turn.tell("tip-no-readers", hotlines=_hotlines(turn))
        return
    begin(turn, "tip")


async def copied(turn: Turn, language: str) -> None:
    """The citizen has copied the receipt: it is taken off the screen where the channel can."""
    turn.language = words.known(language or turn.language)
    if turn.heard.reply_to and turn.can.edit:
        covered = Said(turn.word("receipt-covered"))
        parcel = Parcel(turn.heard.channel, turn.heard.chat, covered, act="edit", ref=turn.heard.reply_to)
        turn.post(parcel, Priority.ANSWER)
    turn.tell("receipt-copied", rows=[[turn.button("citizen-tell-again", f"tip:{turn.language}")]])


async def not_taken_yet(turn: Turn, _rest: str) -> None:
    """A photo, a file, a voice: not taken in this version, and said so; an open question is asked again."""
    turn.tell("house-no-files")
    if turn.form is not None:
        turn.form = msgspec.structs.replace(turn.form)


async def not_in_a_group(turn: Turn, _rest: str) -> None:
    """A citizen who speaks to us in a group is shown the private way, without asking anything."""
    turn.tell("citizen-in-group", link=turn.house.bot_link() or turn.house.web_address)
