"""`tinbao doctor`: what is not as it should be, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module

from assembly.errors import Unusable
from assembly.parts import Opened
from assembly.telegram import read_token
from bot.domain.member import ChatKind
from bot.storage.audit import broken_link
from bot.storage.members import chats_of_kind, chats_of_units
from bot.storage.tips import active_readers
from bot.storage.units import all_plans, all_units
from bot.talk.step import Phrase


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and a sentence about it."""

    well: bool
    said: Phrase


async def examine(opened: Opened) -> list[Finding]:
    """Looks at everything; changes nothing."""
    async with opened.database.read() as work:
        plans, units = await all_plans(work), await all_units(work)
        readers, desks = await active_readers(work), await chats_of_kind(work, ChatKind.TRIAGE)
        bound, broken = await chats_of_units(work), await broken_link(work)
    findings = [
        Finding(bool(plans), Phrase("doctor-plans", {"count": len(plans)})),
        Finding(bool(readers), Phrase("doctor-readers", {"count": len(readers)})),
        Finding(bool(desks), Phrase("doctor-desk", {"count": len(desks)})),
        Finding(len(bound) == len(units), Phrase("doctor-bound", {"bound": len(bound), "units": len(units)})),
        Finding(broken is None, Phrase("doctor-audit", {"row": broken or 0})),
    ]
    if opened.config.telegram.enabled:
        findings.append(await _telegram(opened))
    return findings


async def _telegram(opened: Opened) -> Finding:
    config = opened.config.telegram
    try:
        token = read_token(opened.config.home / config.token_file)
    except Unusable as error:
        return Finding(well=False, said=Phrase(error.sentence, error.values))
    calls = import_module("bot.channels.telegram_calls")
    bot = calls.bot_at(token, config.api, 10)
    status, name = await calls.ask_bot(bot)
    await bot.session.close()
    if status != HTTPStatus.OK:
        return Finding(well=False, said=Phrase("doctor-telegram-bad", {"status": str(status)}))
    return Finding(well=True, said=Phrase("doctor-telegram", {"name": name}))
