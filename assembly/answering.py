"""`tinbao tips answer`: a message of the desk to whoever sent a tip, sealed here to the readers and to the receipt."""

from __future__ import annotations

from assembly.errors import Unusable
from assembly.keys import OPERATOR
from assembly.parts import Opened
from bot import chance
from bot.desk import Desk, TalkOver
from bot.domain.plain import clean
from bot.domain.tip import short_name
from bot.intake import RECEIPT
from bot.storage.audit import write_audit
from bot.storage.contents import Header, pack
from bot.storage.database import Work
from bot.storage.outbox import Outbox
from bot.storage.seal import seal_tip
from bot.storage.tip_parts import Part, count_parts
from bot.storage.tips import active_readers, find_tip, tips_named

LONGEST = 4000
"""Characters of one message: what a citizen may write, too."""


def read_message(content: bytes) -> str:
    """The message that was typed or piped in. Raises Unusable: empty, too long, or no text."""
    try:
        text = clean(content.decode())
    except UnicodeDecodeError:
        raise Unusable("triage-cli-answer-no-text") from None
    if not text:
        raise Unusable("triage-cli-answer-empty")
    if len(text) > LONGEST:
        raise Unusable("triage-cli-answer-long", length=len(text), most=LONGEST)
    return text


async def answer(opened: Opened, name: str, text: str) -> str:
    """Keeps the message, and queues the line that there is one where the citizen wants that: a running process sends it
    within half a minute. `name`: the tip's id, or its beginning. Returns the tip's short name. Raises Unusable.
    """
    async with opened.database.work() as work:
        tip, now = await _one_tip(work, name), opened.clock.now()
        try:
            await Desk(opened.keyring, Outbox(opened.keyring.outbox)).write(
                work, await _sealed(opened, work, tip, text), now
            )
        except TalkOver:
            raise Unusable("triage-cli-talk-over", name=short_name(tip)) from None
        await write_audit(work, now, OPERATOR, "tip.answer", f"tip:{short_name(tip)}")
    return short_name(tip)


async def _one_tip(work: Work, name: str) -> str:
    found = await tips_named(work, name.strip().lower())
    if not found:
        raise Unusable("triage-cli-tip-unknown", name=clean(name)[:40])
    if len(found) > 1:
        raise Unusable("triage-cli-tip-many", name=clean(name)[:40])
    return found[0]


async def _sealed(opened: Opened, work: Work, tip: str, text: str) -> Part:
    found = await find_tip(work, tip)
    assert found is not None
    readers = {reader.id: reader.public for reader in (await active_readers(work)).values()}
    part, header = chance.name(), Header("words", number=await count_parts(work, tip))
    sealed = seal_tip(pack(header, text.encode()), readers | {RECEIPT: found[1]}, f"{tip}/{part}".encode())
    keys = {who: key for who, key in sealed.keys.items() if who != RECEIPT}
    return Part(part, tip, "desk", opened.clock.now(), keys, body=sealed.body, receipt_key=sealed.keys[RECEIPT])
