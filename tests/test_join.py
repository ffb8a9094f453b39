"""Coming in: rooms on the web. (Codes and links are in tests/transcripts/join.txt.)"""

import asyncio

import msgspec

from assembly.doors import KeptDoors
from bot.domain.member import ChatKind, Role
from bot.storage.members import chats_of_kind, members_at
from tests.talking import Installation


def test_a_personal_link_opens_the_units_room_for_the_person_it_was_made_for(tmp_path):
    """Who holds the link a coordinator made speaks as that person in the unit's room; another secret opens nothing."""

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


def test_a_code_typed_on_the_web_keeps_nothing_of_the_cookie(tmp_path):
    """Where nobody knows who writes, the address is a citizen's secret: no code is taken there, nothing is kept."""

    async def story():
        installation = Installation(tmp_path)
        await installation.found()
        await installation.invite("ABCDE23456", "member", Role.OFFICER, "so-y-te")
        installation.parts.house.can["script"] = msgspec.structs.replace(installation.script.can, identity=False)
        await installation.hear("c.secret-of-a-cookie", "/ma ABCDE23456")
        assert "không dùng ở trang này" in installation.last("c.secret-of-a-cookie").text
        async with installation.parts.opened.database.work() as work:
            assert await members_at(work, [("script", "c.secret-of-a-cookie")]) == {}
        await installation.stop()

    asyncio.run(story())


def test_codes_are_shown_only_at_the_desk_or_in_private(tmp_path):
    """A coordinator who types /moi in a unit's chat gets no code there: whoever reads one can use it."""

    async def story():
        installation = Installation(tmp_path)
        await installation.found()
        await installation.member("mai", Role.COORDINATOR)
        await installation.group("nhom", "so-y-te")
        await installation.hear("mai", "/moi", chat="nhom")
        assert any("Mã mời chỉ hiện ở chỗ kín" in said.text for said in installation.said("nhom"))
        await installation.stop()

    asyncio.run(story())


def test_the_desk_is_never_made_into_a_units_chat(tmp_path):
    """A unit's code typed at the desk is refused and stays good: else nobody would hear of a tip any more."""

    async def story():
        installation = Installation(tmp_path)
        await installation.found()
        await installation.group("ban")
        await installation.invite("ABCDE23456", "chat", None, "so-y-te")
        await installation.hear("mai", "/noi ABCDE23456", chat="ban")
        assert "nhóm khác loại" in installation.last("ban").text
        async with installation.parts.opened.database.work() as work:
            assert [chat.kind for chat in await chats_of_kind(work, ChatKind.TRIAGE)] == [ChatKind.TRIAGE]
        await installation.hear("an", "/noi ABCDE23456", chat="nhom y te")
        assert "Sở Y tế" in installation.said("nhom y te")[0].text
        await installation.stop()

    asyncio.run(story())
