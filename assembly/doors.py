"""Personal links to rooms on the web: who holds the secret speaks as one member in one chat."""

from __future__ import annotations

from bot.channels.web import Door
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.members import open_door
from handlers.join import door_key


class KeptDoors:
    """The doors that the database knows (the Doors of bot/channels/web/doors.py)."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    async def open(self, secret: str) -> Door | None:
        async with self._database.work() as work:
            found = await open_door(work, door_key(self._keyring, secret))
        if found is None:
            return None
        member, chat = found
        return Door(room=chat.address, sender=member.id, name=member.name, title=chat.title)
