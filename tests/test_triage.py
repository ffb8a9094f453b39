"""Triage in the chat: one tip and several people at the desk, what each sees and does, and who must never know."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from stored import NOW, UNITS, at_once, furnish, whole

from bot import chance, triage_cards
from bot.channels.channel import Said
from bot.domain.member import Member, Role
from bot.domain.shut_out import ShutOut
from bot.domain.tip import Official, Outcome, TipKind, TipLine, TipState, Urgency, hour_of
from bot.domain.triage import Act, Standing, is_kept_from, kept_from, later, may_learn
from bot.domain.unit import Level, Unit
from bot.storage import tables
from bot.storage.audit import read_audit
from bot.storage.outbox import Outbox, Parcel, Posting, Priority
from bot.storage.seal import SealedTip, Vault
from bot.storage.tips import ReceiptMark, file_tip, move_tip, tips_named
from bot.storage.triage import Hidden, alike, count_open, find_standing, link_tips, open_tips, take_tip
from tests.town import HERE, NEWS, NOT, Town, hours, story, w

HOUR = hour_of(NOW)
NOBODY = Hidden()


def tip(name: str = "", **more) -> TipLine:
    given = {"hour": HOUR, "kind": TipKind.SELLING, "commune": "xa-1", "urgency": Urgency.DAYS} | more
    return TipLine(name or chance.name(), **given)


async def filed(work, *lines: TipLine) -> None:
    for line in lines:
        mark = ReceiptMark(chance.token(32), b"p" * 32)
        await work.put(tables.reader, [{"id": "r", "name": "r", "public": b"r" * 32, "retired_at": None}])
        await file_tip(work, line, SealedTip(b"body", {"r": b"key"}), mark, None)


def names(found) -> list[str]:
    return [one.line.id for one in found]


# --- in the database -------------------------------------------------------------------------------------------------


@whole
async def test_of_many_who_take_a_tip_at_once_one_has_it(database):
    """However many press at the same moment, one has it and the others are told so."""
    await furnish(database)
    async with database.work() as work:
        await filed(work, tip("t1"))
    taken = await at_once(database, 8, lambda work: take_tip(work, "t1", "minh", NOW))
    assert sorted(one is not None for one in taken) == [False] * 7 + [True]
    async with database.work() as work:
        standing = await find_standing(work, "t1")
    assert (standing.line.state, standing.by, standing.name) == (TipState.TAKEN, "minh", "Trần Văn Minh")
    assert standing.line.since == HOUR


@whole
async def test_what_is_given_back_is_nobodys(database):
    """Given back, nobody has it and anybody takes it; who closes it stands there."""
    await furnish(database)
    async with database.work() as work:
        await filed(work, tip("t1"))
        await take_tip(work, "t1", "minh", NOW)
        await move_tip(work, "t1", TipState.CHECKING, NOW)
        assert (await find_standing(work, "t1")).by == "minh"
        await move_tip(work, "t1", TipState.RECEIVED, NOW, by="lan")
        assert (await find_standing(work, "t1", lock=True)).by == ""
        assert await take_tip(work, "t1", "lan", NOW)
        await move_tip(work, "t1", TipState.CLOSED, NOW, Outcome.SPAM, "minh")
        assert (await find_standing(work, "t1")).by == "minh"
        assert await take_tip(work, "t1", "lan", NOW) is None
        assert await take_tip(work, "unknown", "lan", NOW) is None
        assert await find_standing(work, "unknown") is None


@whole
async def test_urgent_ones_come_first_then_the_oldest(database):
    """Open tips in pages, none twice and none left out; those of blocked senders apart; closed ones not at all."""
    lines = [tip(f"t{n}", hour=HOUR - timedelta(hours=n)) for n in range(5)]
    now, closed = tip("now", urgency=Urgency.NOW), tip("closed")
    shut = tip("shut", blocked=True)
    async with database.work() as work:
        await filed(work, *lines, now, closed, shut)
        await move_tip(work, "closed", TipState.CLOSED, NOW, Outcome.UNFOUNDED)
        pages = [await open_tips(work, NOBODY, blocked=False, first=at, most=2) for at in (0, 2, 4, 6)]
        assert [names(page) for page in pages] == [["now", "t4"], ["t3", "t2"], ["t1", "t0"], []]
        assert names(await open_tips(work, NOBODY, blocked=True, first=0, most=9)) == ["shut"]
        assert dict(await count_open(work, NOBODY)) == {(TipState.RECEIVED, False): 6, (TipState.RECEIVED, True): 1}
        hidden = Hidden((), ("t4", "now"))
        assert names(await open_tips(work, hidden, blocked=False, first=0, most=1)) == ["t3"]


@whole
async def test_alike_are_tips_of_the_same_commune_and_kind_within_two_weeks(database):
    """Nearest first; no spam, no other kind or commune, nothing older, nothing linked already, not what is hidden."""
    day = timedelta(days=1)
    async with database.work() as work:
        mine = tip("mine")
        fit = [tip("a", hour=HOUR - 14 * day), tip("b", hour=HOUR - day), tip("c", hour=HOUR + 2 * day)]
        unfit = [tip("old", hour=HOUR - 15 * day), tip("kind", kind=TipKind.USING), tip("place", commune="xa-2")]
        await filed(work, mine, *fit, *unfit, tip("spam"), tip("official", official=Official.YES))
        await move_tip(work, "spam", TipState.CLOSED, NOW, Outcome.SPAM)
        assert names(await alike(work, mine, Hidden(("xa-1",)), 9)) == ["b", "c", "a"]
        assert names(await alike(work, mine, NOBODY, 2)) == ["official", "b"]
        for _ in range(2):
            await link_tips(work, "mine", "b")
        assert names(await alike(work, mine, Hidden(("xa-1",)), 9)) == ["c", "a"]
        same = [(await find_standing(work, one)).same for one in ("mine", "b", "c")]
        assert same == [("b",), ("mine",), ()]


@whole
async def test_what_is_hidden_is_in_no_list_and_no_count(database):
    """Tips about officials of the communes named are hidden, others of these communes are not."""
    async with database.work() as work:
        await filed(work, tip("o", official=Official.YES), tip("n"), tip("u", commune="", official=Official.YES))
        hidden = Hidden(("xa-1", ""))
        assert names(await open_tips(work, hidden, blocked=False, first=0, most=9)) == ["n"]
        assert sum((await count_open(work, hidden)).values()) == 1
        assert len(await open_tips(work, NOBODY, blocked=False, first=0, most=9)) == 3


@whole
async def test_a_card_that_waits_is_replaced(database):
    """What still waits under a key gets other words; what is on its way or gone does not come twice."""
    outbox = Outbox(Vault(b"o" * 32))
    async with database.work() as work:
        first = Parcel("script", "desk", Said("một"))
        await outbox.queue(work, [Posting(first, Priority.TIP, NOW, once="tip:x:desk")])
        await outbox.replace(work, "tip:x:desk", Parcel("script", "desk", Said("hai")))
        await outbox.replace(work, "tip:y:desk", Parcel("script", "desk", Said("ba")))
        assert await outbox.waiting(work, "tip:") == ["tip:x:desk"]
        assert await outbox.waiting(work, "t_p:") == []
        (taken,) = await outbox.take(work, "script", NOW, 9)
        assert taken.parcel.said.text == "hai"
        assert await outbox.waiting(work, "tip:") == []
        await outbox.replace(work, "tip:x:desk", Parcel("script", "desk", Said("ba")))
        assert await outbox.take(work, "script", NOW, 9) == []


@whole
async def test_a_tip_is_found_by_the_beginning_of_its_id(database):
    """One that begins so is found, two are told apart, a whole id is one tip; nothing else is taken for a name."""
    async with database.work() as work:
        await filed(work, tip("abc"), tip("abcd"), tip("x_y"))
        assert await tips_named(work, "abcd") == ["abcd"]
        assert await tips_named(work, "abc") == ["abc"]
        assert await tips_named(work, "ab") == ["abc", "abcd"]
        for nothing in ("", "%", "x%", "b", "ạ"):
            assert await tips_named(work, nothing) == []


# --- who may, and who must not know ----------------------------------------------------------------------------------

MAI, LONG = Member("mai", "Mai", Role.COORDINATOR), Member("long", "Long", Role.COORDINATOR)
ADMIN, AN = Member("root", "Quản trị", Role.ADMIN), Member("an", "An", Role.OFFICER, "so-y-te")


@pytest.mark.parametrize("state", TipState)
def test_what_is_held_is_the_holders_and_the_admins(state):
    """Free and closed tips are any coordinator's, taken ones the taker's and an admin's; nothing is an officer's."""
    standing = Standing(tip(state=state, outcome=Outcome.SPAM if state is TipState.CLOSED else Outcome.OPEN), "mai")
    may = {who.id: {act for act in Act if standing.may(who, act)} for who in (MAI, LONG, ADMIN, AN)}
    assert may["mai"] == may["root"] == set(standing.offered)
    assert may["long"] == (set() if standing.is_held else set(standing.offered))
    assert may["an"] == set()


def test_a_units_own_tips_about_officials_never_reach_it():
    """Neither the commune nor what is below it; one whose commune is not known reaches no commune; others reach all."""
    below = (*UNITS, Unit("tram", "Trạm", Level.COMMUNE, "xa-1"), Unit("vong", "Vòng", Level.COMMUNE, "vong"))
    about = tip(official=Official.YES)
    assert {unit.code for unit in may_learn(about, below)} == {"so-y-te", "xa-2", "vong"}
    assert {unit.code for unit in may_learn(tip(commune="", official=Official.YES), below)} == {"so-y-te"}
    assert may_learn(tip(official=Official.UNSAID), below) == below
    assert kept_from("gone", below) == {"gone"}
    assert not is_kept_from(tip(), "xa-1", below)


def test_the_later_one_is_the_duplicate():
    """Of the same hour the one that was pressed; one that is closed is left as it is."""
    one, other = tip("one"), tip("other")
    late = tip("late", hour=HOUR + timedelta(hours=1))
    closed = tip("late", hour=late.hour, state=TipState.CLOSED, outcome=Outcome.CONFIRMED)
    assert [later(one, other).id, later(one, late).id, later(late, one).id] == ["one", "late", "late"]
    assert later(one, closed).id == "one"


# --- who was shut out ------------------------------------------------------------------------------------------------


def test_nobody_is_shut_out_for_longer_than_said():
    """A sender is shut out by one of their tips until then; it is forgotten which tip was whose after a day."""
    senders, day = ShutOut(), timedelta(days=1)
    senders.remember("t1", b"one", NOW)
    senders.remember("t2", b"two", NOW)
    senders.shut_out("t1", NOW + day / 2, NOW)
    senders.shut_out("unknown", NOW + day / 2, NOW)
    assert senders.is_shut_out(b"one", NOW)
    assert not senders.is_shut_out(b"two", NOW)
    assert not senders.is_shut_out(b"one", NOW + day / 2)
    senders.let_in("t1")
    assert not senders.is_shut_out(b"one", NOW)
    senders.forget("t2")
    senders.shut_out("t2", NOW + day, NOW)
    assert not senders.is_shut_out(b"two", NOW)
    senders.remember("t3", b"three", NOW + day)
    assert len(senders) == 1


def test_no_flood_fills_the_memory():
    """Of more than fit, the oldest are forgotten; a sender without a hash is nobody."""
    senders = ShutOut(most=3)
    for n in range(9):
        senders.remember(f"t{n}", b"%d" % n, NOW)
        senders.shut_out(f"t{n}", NOW + timedelta(hours=1), NOW)
    assert [senders.is_shut_out(b"%d" % n, NOW) for n in range(9)] == [False] * 6 + [True] * 3
    assert len(senders) == 3
    senders.remember("t", b"", NOW)
    senders.shut_out("t", NOW + timedelta(hours=1), NOW)
    assert not senders.is_shut_out(b"", NOW)


# --- how it looks ----------------------------------------------------------------------------------------------------


def test_every_card_fits_its_platform_and_its_envelope():
    """Buttons within Telegram's 64 bytes, and every notice as long as any other in the outbox: the length of one would
    say which tip it is of.
    """
    subject, steps, choices = "tip:" + "0" * 32, set(), set()
    for kind in TipKind:
        for urgency in Urgency:
            for official in Official:
                line = tip(kind=kind, urgency=urgency, official=official, commune="xa-02839")
                for commune in ("", "Xã Bắc Hà", "Phường Nông Trường Liên Sơn, tỉnh Thừa Thiên Huế"):
                    said = triage_cards.tip_card("vi", Standing(line), commune, "", subject)
                    parcel = Parcel("telegram", "-1001234567890", said)
                    steps.add(len(Outbox(Vault(b"o" * 32))._seal(parcel)))
                    choices |= {button.choice for row in said.rows for button in row}
    assert len(steps) == 1
    lists = (triage_cards.outcomes("vi", tip()), triage_cards.alike_list("vi", tip(), [(tip(), "x")], NOW.tzinfo))
    choices |= {button.choice for said in lists for row in said.rows for button in row}
    assert max(len(choice) for choice in choices) <= 64


# --- in the chat -----------------------------------------------------------------------------------------------------

TAKE, CHECK, DONE, FORWARD = (w(f"triage-{act}") for act in ("take", "check", "close", "forward"))
SAME, SPAM, RETURN, REOPEN = (w(f"triage-{act}") for act in ("same", "spam", "return", "reopen"))


async def desk(town: Town) -> None:
    """Two coordinators, an admin, and a second triage chat."""
    for who, role in (("mai", Role.COORDINATOR), ("long", Role.COORDINATOR), ("root", Role.ADMIN)):
        await town.member(who, role)
    await town.group("desk 2")


def cards(town: Town, chat: str) -> list[Said]:
    return [said for said in town.said(chat) if said.subject.startswith("tip:")]


def labels(said: Said) -> list[str]:
    return [button.label for row in said.rows for button in row]


async def acts(town: Town) -> list[tuple[str, str, str]]:
    async with town.work() as work:
        return [(who, act, about) async for _, who, act, about in read_audit(work) if act.startswith("tip.")]


async def state(town: Town, of: str) -> tuple[str, str, str | None]:
    (row,) = [row for row in await town.rows(tables.tip) if row.id == of]
    return row.state, row.outcome, row.taken_by


async def only(town: Town) -> str:
    (found,) = await town.tips()
    return found


def test_every_card_shows_who_has_it_and_an_old_button_says_so(tmp_path):
    """In two triage chats and in private, whoever acted, and after a restart in between; the one who presses what was
    there before is told who has it since when, and changes nothing.
    """

    async def tell(town):
        await desk(town)
        await town.tell("bac", back=HERE)
        one = await only(town)
        await town.hear("long", "/hopthu")
        await town.press("long", one[:6])
        town.news("bac")
        await town.restart()
        await town.press("mai", TAKE, chat="desk 2")
        shown = [*cards(town, "desk"), *cards(town, "desk 2"), *cards(town, "long")]
        assert len(shown) == 3
        assert {said.text.splitlines()[-1] for said in shown} == {"Đang xử lý: mai, từ 08 giờ 26/02"}
        assert {tuple(labels(said)) for said in shown} == {(CHECK, DONE, FORWARD, SAME, RETURN)}
        assert town.news("bac") == [NEWS]
        before = await town.rows(tables.tip)
        for pressed in ("take", "forward", "same", "spam", "check", "close", "return", "reopen"):
            await town.hear("long", choice=f"{pressed}:{one}", chat="desk")
            said = town.last("desk").text
            assert said == w("triage-not-now", name=one[:6], stands="Đang xử lý: mai, từ 08 giờ 26/02")
        assert await town.rows(tables.tip) == before
        assert await acts(town) == [("m-mai", "tip.take", f"tip:{one[:6]}")]
        assert town.news("bac") == []

    story(tmp_path, tell)


def test_each_move_is_written_down_and_told(tmp_path):
    """Taken, checked, given back, taken by another, closed by an admin, opened again: the audit log names who and which
    tip and no more; the citizen is told of each; the receipt says where it stands.
    """

    async def tell(town):
        await desk(town)
        receipt = await town.tell("bac", back=HERE)
        one = await only(town)
        told = []
        for who, label, there in (
            ("mai", TAKE, "tip-state-taken"),
            ("mai", CHECK, "tip-state-checking"),
            ("mai", RETURN, "tip-state-received"),
            ("long", TAKE, "tip-state-taken"),
            ("root", DONE, "tip-state-taken"),
            ("root", w("triage-as-unfounded"), "tip-state-unfounded"),
            ("mai", REOPEN, "tip-state-checking"),
        ):
            town.news("bac")
            await town.press(who, label, chat="desk")
            told.append(town.news("bac"))
            await town.hear("co", receipt)
            assert w(there, since=hours(0)) in [said.text for said in town.ours("co")][-2]
            await town.press("co", w("talk-leave"))
        assert told == [[NEWS], [NEWS], [NEWS], [NEWS], [], [NEWS], []]
        assert await state(town, one) == ("checking", "", "m-mai")
        about = f"tip:{one[:6]}"
        assert await acts(town) == [
            ("m-mai", "tip.take", about),
            ("m-mai", "tip.check", about),
            ("m-mai", "tip.return", about),
            ("m-long", "tip.take", about),
            ("m-root", "tip.close", f"{about} unfounded"),
            ("m-mai", "tip.reopen", about),
        ]
        (question,) = [said for said in town.said("desk") if said.text.startswith(f"Tin {one[:6]}.")]
        assert question.rows == ()

    story(tmp_path, tell)


def test_a_card_that_was_on_its_way_comes_as_things_are(tmp_path):
    """A tip taken by way of one chat, before its notice came to another, comes there as taken; it is in no list before
    its notice has come.
    """

    async def tell(town):
        await desk(town)
        town.delay = (5, 5)
        await town.restart()
        await town.tell("bac")
        one = await only(town)
        await town.hear("mai", "/hopthu")
        assert one[:6] not in town.last("mai").text
        await town.hear("mai", choice=f"take:{one}")
        assert cards(town, "desk") == []
        await town.pass_time(minutes=6)
        (card,) = cards(town, "desk")
        assert "Đang xử lý: mai" in card.text
        await town.hear("mai", "/hopthu")
        assert one[:6] in town.last("mai").text

    story(tmp_path, tell)


def test_who_is_no_coordinator_changes_nothing(tmp_path):
    """Officers, citizens and a coordinator in a unit's chat are refused, whatever they press, and shown nothing."""

    async def tell(town):
        await desk(town)
        await town.member("an", Role.OFFICER, "so-y-te")
        await town.group("Sở Y tế", "so-y-te")
        await town.tell("bac")
        one, before = await only(town), await town.rows(tables.tip)
        for who, chat in (("an", "desk"), ("an", ""), ("an", "Sở Y tế"), ("mai", "Sở Y tế"), ("bac", "")):
            for choice in (*(f"{act}:{one}" for act in Act), f"tipcard:{one}", "inbox:open:0", "inbox:blocked:0"):
                town.news(chat or who)
                await town.hear(who, chat=chat, choice=choice)
                (said,) = town.news(chat or who)
                assert said in {w("house-not-yours"), w("house-old-button")}
            await town.hear(who, "/hopthu", chat=chat)
            assert one[:6] not in town.last(chat or who).text
        assert await town.rows(tables.tip) == before
        assert await acts(town) == []

    story(tmp_path, tell)


@pytest.mark.parametrize("bad", ["", "x", "\0", "%", "x" * 60, "ạ", "a:b:c", "' or 1", "-"])
def test_a_made_up_tip_is_no_tip(tmp_path, bad):
    """Whatever stands in a button, it is one sentence and no error."""

    async def tell(town):
        await desk(town)
        for act in (*Act, "tipcard"):
            await town.hear("mai", choice=f"{act}:{bad}")
            assert town.last("mai").text == w("triage-no-such")
        for page in ("", "open:x", "blocked:-1", "open:99999999999", "٣"):
            await town.hear("mai", choice=f"inbox:{page}")
            assert w("triage-inbox-empty") in town.last("mai").text

    story(tmp_path, tell)


async def about_an_official(town: Town, who: str, commune: str = "xa bac ha") -> None:
    """Tells a tip about an official of a commune."""
    await town.hear(who, "/tin")
    for label in ("tip-go", "tip-kind-selling"):
        await town.press(who, w(label))
    await (town.hear(who, commune) if commune else town.press(who, w("tip-place-skip")))
    await town.hear(who, "mot can bo bao che cho nguoi ban")
    for label in ("tip-happened-skip", "tip-known-skip", "tip-official-yes", "tip-urgency-skip", "tip-evidence-skip"):
        await town.press(who, w(label))
    await town.press(who, NOT)
    await town.press(who, w("tip-send"))


def test_a_commune_never_learns_of_its_official(tmp_path):
    """It can't be picked however it is typed, is told nothing, also not by way of a chat that it shares; a coordinator
    of its own sees no card, no line and no count; the audit log and the outbox name only the unit it went to.
    """

    async def tell(town):
        await desk(town)
        programme = town.parts.house.programme
        (own,) = [unit.code for unit in programme.units if unit.name == "Xã Bắc Hà"]
        await town.group("Xã Bắc Hà", own)
        await town.group("Sở Y tế", "so-y-te")
        await town.group("chung", "so-y-te", own)
        await town.member("ha", Role.COORDINATOR, own)
        await about_an_official(town, "bac")
        one = await only(town)
        for chat in ("Xã Bắc Hà", "Sở Y tế", "chung"):
            town.news(chat)
        for choice in (*(f"{act}:{one}" for act in Act), f"tipcard:{one}"):
            await town.hear("ha", choice=choice)
            assert town.last("ha").text == w("triage-no-such")
        await town.hear("ha", "/hopthu")
        assert town.last("ha").text == "\n\n".join(
            [w("triage-inbox", received=0, taken=0, checking=0), w("triage-inbox-empty")]
        )
        await town.press("mai", FORWARD, chat="desk")
        for typed in ("Xã Bắc Hà", "bac ha", own, "xa bac ha"):
            await town.hear("mai", typed, chat="desk")
            offered = town.last("desk")
            assert "Xã Bắc Hà" not in offered.text.replace(f"“{typed}”", "")
            assert w("triage-send") not in labels(offered)
        await town.hear("mai", "Sở Y tế", chat="desk")
        await town.press("mai", w("triage-send"), chat="desk")
        assert await state(town, one) == ("closed", "forwarded", "m-mai")
        assert [len(town.news(chat)) for chat in ("Xã Bắc Hà", "Sở Y tế", "chung")] == [0, 1, 0]
        assert (await acts(town))[-1] == ("m-mai", "tip.close", f"tip:{one[:6]} forwarded unit:so-y-te")
        assert own not in str(await acts(town))
        assert await town.rows(tables.outbox) == []

    story(tmp_path, tell)


def test_one_of_no_known_commune_goes_to_no_commune(tmp_path):
    """An official of nobody knows where: it can go to no commune at all."""

    async def tell(town):
        await desk(town)
        await about_an_official(town, "bac", "")
        await town.press("mai", FORWARD, chat="desk")
        await town.hear("mai", "xa bac ha", chat="desk")
        assert "Xã Bắc Hà" not in town.last("desk").text.replace("“xa bac ha”", "")
        assert w("triage-send") not in labels(town.last("desk"))

    story(tmp_path, tell)


def test_what_was_taken_meanwhile_is_not_forwarded(tmp_path):
    """Between the question and the answer another takes it: nothing is forwarded, and who asked is told."""

    async def tell(town):
        await desk(town)
        await town.group("Sở Y tế", "so-y-te")
        await town.tell("bac")
        one = await only(town)
        await town.press("mai", FORWARD, chat="desk")
        await town.hear("mai", "Sở Y tế", chat="desk")
        await town.hear("long", choice=f"take:{one}")
        town.news("Sở Y tế")
        await town.press("mai", w("triage-send"), chat="desk")
        assert await state(town, one) == ("taken", "", "m-long")
        assert town.last("desk").text.startswith("Chưa làm được")
        assert town.news("Sở Y tế") == []

    story(tmp_path, tell)


def test_two_tips_about_the_same_are_linked_and_the_later_is_closed(tmp_path):
    """Whichever of the two was pressed; one that another coordinator has is not closed for them."""

    async def tell(town):
        await desk(town)
        await town.tell("bac")
        first = await only(town)
        await town.pass_time(hours=1)
        await town.tell("co")
        (second,) = set(await town.tips()) - {first}
        await town.hear("long", choice=f"take:{second}")
        await town.hear("mai", choice=f"same:{first}")
        await town.press("mai", second[:6])
        assert town.last("mai").text.startswith("Chưa làm được")
        assert await town.rows(tables.tip_link) == []
        await town.hear("long", choice=f"return:{second}")
        await town.hear("mai", choice=f"same:{first}:{second}")
        assert await state(town, first) == ("received", "", None)
        assert await state(town, second) == ("closed", "duplicate", "m-mai")
        assert {tuple(row) for row in await town.rows(tables.tip_link)} == {(first, second), (second, first)}
        assert (await acts(town))[-1][2] == f"tip:{second[:6]} duplicate tip:{first[:6]}"
        linked = [
            w("triage-like", names=other[:6]) in said.text
            for said, other in zip(cards(town, "desk"), (second, first), strict=True)
        ]
        assert linked == [True, True]

    story(tmp_path, tell)


# --- spam ------------------------------------------------------------------------------------------------------------


def test_whoever_sent_spam_is_not_heard_for_a_day_and_does_not_notice(tmp_path):
    """Their next tips get a receipt in the same words and are read; nobody is called for them, they are counted and
    listed apart. Others are heard as ever. Nothing of who it is is kept anywhere; a restart forgets.
    """

    async def tell(town):
        await desk(town)
        await town.tell("spammer")
        await town.press("mai", SPAM, chat="desk")
        spam = await only(town)
        assert await state(town, spam) == ("closed", "spam", "m-mai")
        said, before = [said.text for said in town.ours("spammer")], set(await town.tips())
        town.news("desk"), town.news("desk 2")
        shut = await town.tell("spammer")
        (quiet,) = set(await town.tips()) - before
        assert (town.news("desk"), town.news("desk 2")) == ([], [])
        again = [one.text for one in town.ours("spammer")][len(said) :]
        assert [len(one) for one in again] == [len(one) for one in said][-len(again) :]
        assert len(await town.read()) == 2
        await town.hear("spammer", shut)
        await town.press("spammer", w("talk-add"))
        await town.hear("spammer", "va con nua")
        await town.press("spammer", w("talk-files-skip"))
        await town.press("spammer", w("tip-send"))
        assert (town.news("desk"), town.news("desk 2")) == ([], [])
        await town.tell("bac")
        assert len(town.news("desk")) == 1
        await town.hear("mai", "/hopthu")
        assert quiet[:6] not in town.last("mai").text
        await town.press("mai", w("triage-inbox-blocked", count=1))
        assert quiet[:6] in town.last("mai").text
        await town.press("mai", quiet[:6])
        assert w("triage-blocked") in town.last("mai").text
        await town.restart()
        await town.tell("spammer")
        assert len(town.news("desk")) == 1

    story(tmp_path, tell)


def test_a_sender_is_shut_out_until_midnight_and_let_in_when_it_was_a_mistake(tmp_path):
    """After midnight they are heard again; and at once when the tip is opened again. Other outcomes shut nobody out."""

    async def tell(town):
        await desk(town)

        async def heard(who):
            await town.pass_time(minutes=10)  # nobody writes too fast
            town.news("desk")
            await town.tell(who)
            return len(town.news("desk"))

        assert await heard("a")
        await town.press("mai", SPAM, chat="desk")
        assert not await heard("a")
        await town.press("mai", REOPEN, chat="desk")
        for who, outcome, is_heard in (("b", "unfounded", True), ("a", "spam", False)):
            assert await heard(who)
            await town.press("mai", TAKE, chat="desk")
            await town.press("mai", DONE, chat="desk")
            await town.press("mai", w(f"triage-as-{outcome}"), chat="desk")
            assert bool(await heard(who)) == is_heard
        await town.pass_time(hours=17)
        assert await heard("a")

    story(tmp_path, tell)


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_inbox_shows_eight_a_page(tmp_path):
    """All open tips, each once, with a button each; counts on top; who has which."""

    async def tell(town):
        await desk(town)
        for n in range(11):
            await town.tell(f"citizen {n}")
        tips = await town.tips()
        await town.hear("long", choice=f"take:{tips[0]}")
        await town.hear("mai", "/inbox", chat="desk")
        first = town.last("desk")
        assert first.text.startswith(w("triage-inbox", received=10, taken=1, checking=0))
        await town.press("mai", w("triage-inbox-more"), chat="desk")
        second = town.last("desk")
        listed = Counter([*labels(first), *labels(second)])
        assert listed == Counter([*(one[:6] for one in tips), w("triage-inbox-more")])
        assert (first.text + second.text).count("Đang xử lý: long, từ 08 giờ 26/02") == 1
        assert len(labels(first)) == 9

    story(tmp_path, tell)


def test_where_cards_stand_leads_to_no_tip(tmp_path):
    """What is kept of where a card stands names no tip, nor does what waits: messages are numbered in the order they
    were sent.
    """

    async def tell(town):
        await desk(town)
        town.delay = (5, 5)
        await town.restart()
        await town.tell("bac")
        one = await only(town)
        waiting = await town.rows(tables.outbox)
        await town.pass_time(minutes=6)
        kept = await town.rows(tables.said_ref)
        assert [row.subject for row in kept if row.subject.startswith("tip:")]
        assert [row.once for row in waiting if row.once]
        assert one[:6] not in str(kept) + str([(row.once, bytes(row.sealed)) for row in waiting])

    story(tmp_path, tell)


def test_two_who_press_in_one_batch(tmp_path):
    """Two coordinators whose presses are done together, in one transaction: one has it, the other is told."""

    async def tell(town):
        await desk(town)
        await town.tell("bac")
        one = await only(town)
        await asyncio.gather(*(town.hear(who, choice=f"take:{one}") for who in ("mai", "long")))
        holder = (await state(town, one))[2]
        assert holder in {"m-mai", "m-long"}
        assert len(await acts(town)) == 1
        told = [town.last(who).text for who in ("mai", "long") if town.said(who)]
        assert len([text for text in told if text.startswith("Chưa làm được")]) == 1

    story(tmp_path, tell)
