"""The web channel, put together."""

from __future__ import annotations

import socket
from base64 import urlsafe_b64encode

from assembly.doors import KeptDoors
from assembly.parts import Opened
from bot import chance, words
from bot.channels.web import Demo, Web
from bot.storage.web_rooms import WebRooms


def web_channel(
    opened: Opened,
    rooms: WebRooms,
    listener: socket.socket,
    demo: Demo | None = None,
    hotlines: tuple[str, ...] = (),
) -> Web:
    """The web channel of an installation, on a socket that listens. `hotlines`: the programme's."""
    config = opened.config
    return Web(
        rooms,
        say_words=words.say,
        now=opened.clock.now,
        token=lambda: urlsafe_b64encode(chance.token(24)).decode(),
        secure=config.web.secure,
        doors=KeptDoors(opened.database, opened.keyring),
        demo=demo,
        listener=listener,
        province=config.province.name,
        zone=config.zone,
        exit_to=config.web.exit_to,
        proxies=config.web.proxies,
        onion=config.web.onion,
        recordings=config.recordings_folder,
        hotlines=hotlines,
    )
