"""What citizens need, put together: the communes to pick from, receipts, files, limits, recordings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.channels.channel import Channel
from bot.cleaning import Cleaner
from bot.desk import Desk
from bot.domain.limits import bytes_an_hour, bytes_nearby, files_an_hour, tips_a_day
from bot.domain.shut_out import ShutOut
from bot.intake import FileLimits, Intake
from bot.storage.files import Files
from bot.storage.keys import Stretcher
from bot.storage.outbox import Outbox
from bot.storage.subscribers import Subscribers
from bot.talk.options import Options
from bot.talk.step import Name, Option
from documents.near import nearest
from documents.places import all_communes
from handlers.communes import CommuneList
from handlers.receipt import Doorkeeper
from handlers.tip_filing import ReceiptMint, TipLimits

if TYPE_CHECKING:
    from assembly.parts import Opened

SPOKEN = (".ogg", ".mp3", ".m4a")
"""What a recording of a question may be."""


def citizens_rooms(opened: Opened, outbox: Outbox, channels: Mapping[str, Channel]) -> dict[type, object]:
    """What handlers keep for citizens, by type (bot/turn.py, House.rooms)."""
    keyring, config = opened.keyring, opened.config
    files, stretcher = Files(config.data_folder / "files"), Stretcher(keyring.receipts_salt)
    limits = FileLimits(files_an_hour(), bytes_an_hour(), bytes_nearby())
    return {
        CommuneList: commune_list(config.province.name),
        ReceiptMint: ReceiptMint(stretcher),
        Doorkeeper: Doorkeeper(stretcher),
        TipLimits: TipLimits(tips_a_day()),
        ShutOut: ShutOut(),
        Intake: Intake(channels, files, Cleaner(), limits, config.zone),
        Subscribers: Subscribers(keyring.vault("subscribers")),
        Desk: Desk(keyring, outbox),
    }


def commune_list(province: str) -> CommuneList:
    """All communes of the country, those of the own province first."""
    places = all_communes(province)
    options = [Option(place.code, Name(place.label), place.aliases) for place in places]
    names = {place.code: place.label for place in places}
    return CommuneList(Options(options, home=sum(place.own for place in places)), nearest, names)


def recordings_in(folder: Path | None) -> frozenset[str]:
    """The questions an operator has had spoken: "hmong/tip-what" for hmong/tip-what.ogg."""
    if folder is None or not folder.is_dir():
        return frozenset()
    found = (path for path in folder.glob("*/*") if path.suffix in SPOKEN)
    return frozenset(f"{path.parent.name}/{path.stem}" for path in found)
