"""Coming in: rooms on the web. (Codes and links are in tests/transcripts/join.txt.)"""

import asyncio

from assembly.doors import KeptDoors
from bot.domain.member import Role
from tests.talking import Installation


def test_a_personal_link_opens_the_units_room_for_the_person_it_was_made_for(tmp_path):
    """A coordinator makes a link; who holds it speaks as that person in the unit's room, and another secret opens nothing."""

    async def story():
        installation = Installation(tmp_path)
        await installation.found()
        parts = installation.parts
        parts.house.can["web"] = installation.script.can
        await installation.member("mai", Role.COORDINATOR)
        await installation.hear("mai", "/moi")
        await installation.press("mai", "Mở một phòng trên web (liên kết riêng)")
        await installation.hear("mai", "Sở Y tế")
        await installation.hear("mai", "Bình")
        link = next(word for word in installation.last("mai").text.split() if word.startswith("https://"))
        doors = KeptDoors(parts.opened.database, parts.opened.keyring)
        door = await doors.open(link.rsplit("/", 1)[1])
        assert (door.name, door.room, door.title) == ("Bình", "room:so-y-te", "Sở Y tế")
        assert await doors.open("0" * 40) is None
        await installation.stop()

    asyncio.run(story())
