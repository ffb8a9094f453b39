"""The one ordered table: what was said, by whom, where -> which act. The first row that fits is taken."""

from __future__ import annotations

from bot.domain.triage import Act
from bot.turn import Dispatch, Route, Turn
from handlers import (
    clocks,
    forget,
    forward,
    inbox,
    join,
    notice,
    progress,
    receipt,
    same_tips,
    tip_filing,
    triage,
    warnings,
    work,
)
from handlers import help as help_
from handlers.hears import (
    anybody,
    anything,
    at_desk,
    attached,
    brought,
    button,
    citizen,
    command,
    coordinator,
    digits,
    in_group,
    in_private,
    in_unit_chat,
    member,
    member_or_private,
    no_form,
    receipt_typed,
    reply_about,
    said,
    start,
    story,
    words,
)


def _starts_with_code(turn: Turn) -> str | None:
    return start(turn) or None


def _slash(turn: Turn) -> str | None:
    if not turn.text.startswith("/"):
        return None
    is_the_engines = turn.form is not None and turn.text.split()[0].lower() in _ENGINE
    return None if is_the_engines else turn.text


_ENGINE = {"/lui", "/back", "/boqua", "/skip", "/huy", "/cancel", "/xong", "/done", "/bohet", "/clear"}

_FIRST = (
    # Coming in
    Route("join with a link", _starts_with_code, in_private, join.join),
    Route("join with a code", command("ma", "code"), in_private, join.join),
    Route("bind a group", command("noi", "bind"), in_group, join.bind),
    Route("bind a group with a link", _starts_with_code, in_group, join.bind),
    # Everybody
    Route("help", command("trogiup", "help"), anybody, help_.show_help),
    Route("language", command("ngonngu", "language"), member_or_private, help_.change_language),
    Route("language button", button("language"), member_or_private, help_.change_language),
    Route("a sticker or a contact", attached, in_private, tip_filing.nothing_to_take),
    Route("a file in a unit's chat", brought, in_unit_chat, tip_filing.nothing_to_take),
    # Citizens
    Route("greet a citizen", start, citizen, tip_filing.greet),
    Route("tip", command("tin", "tip"), in_private, lambda turn, _rest: tip_filing.begin_tip(turn, "")),
    Route("tip button", button("tip"), in_private, tip_filing.begin_tip),
    Route("help for a person", button("help"), in_private, tip_filing.begin_help),
    Route("receipt copied", button("copied"), citizen, tip_filing.copied),
    Route("receipt", receipt_typed, in_private, receipt.open_receipt),
    Route("where to type a receipt", button("receipt"), in_private, receipt.ask_for_receipt),
    Route("where to type a receipt (typed)", command("matin", "receipt"), in_private, receipt.ask_for_receipt),
    Route("forget me", command("quentoi", "forget", "forgetme"), citizen, forget.forget_me),
    Route("erase the conversation", command("xoa", "erase"), citizen, forget.erase),
    Route("erase button", button("wipe"), citizen, forget.wipe),
    Route("public warnings", command("canhbao", "warnings"), citizen, warnings.show_warnings),
    Route("public warnings button", button("warnings"), citizen, warnings.show_warnings),
    Route("warnings wanted", button("subscribe"), citizen, warnings.subscribe),
    Route("warnings not wanted", button("unsubscribe"), citizen, warnings.unsubscribe),
    # Officers
    Route("work", command("viec", "work"), in_unit_chat, work.show_work),
    Route("work of no unit", command("viec", "work"), member, work.not_here),
    Route("card", button("card"), anybody, work.show_card),
    Route("why", button("why"), anybody, work.show_why),
    Route("report", button("report"), anybody, progress.press_report),
    Route("reply to a reminder", reply_about("assignments"), anybody, progress.answer_in_words),
    Route("notice received", button("ack"), anybody, notice.received),
    # Coordinators, of tips
    Route("open tips", command("hopthu", "inbox"), at_desk, inbox.show_inbox),
    Route("open tips, a page", button("inbox"), at_desk, inbox.show_inbox),
    Route("a tip's card", button("tipcard"), at_desk, inbox.show_card),
    Route("take a tip", button("take"), at_desk, triage.take),
    Route("check a tip", button("check"), at_desk, triage.check),
    Route("close a tip", button("close"), at_desk, triage.close),
    Route("forward a tip", button("forward"), at_desk, forward.begin_forward),
    Route("tips about the same", button("same"), at_desk, same_tips.same),
    Route("spam", button("spam"), at_desk, triage.spam),
    Route("give a tip back", button("return"), at_desk, triage.give_back),
    Route("open a tip again", button("reopen"), at_desk, triage.reopen),
    Route("a tip's button, not at the desk", button("inbox", "tipcard", *Act), member, help_.not_yours),
    # Coordinators
    Route("notice", command("thongbao", "notice"), coordinator, notice.begin_notice),
    Route("notice button", button("notice"), coordinator, notice.begin_notice),
    Route("why a tip's term ends then", button("tipwhy"), coordinator, clocks.show_why),
    Route("a tip's notice was given", button("tipdone"), coordinator, clocks.done),
    Route("who has not received", button("missing"), coordinator, notice.show_missing),
    Route("invite", command("moi", "invite"), coordinator, join.begin_invite),
    Route(
        "a coordinator's command",
        command("thongbao", "notice", "moi", "invite", "hopthu", "inbox"),
        member,
        help_.not_yours,
    ),
    # What is left
    Route("greet a member", start, member, help_.welcome_member),
    Route("start in a group", start, in_group, help_.show_help),
    Route("a citizen's command in a group", command("tin", "tip"), in_group, tip_filing.not_in_a_group),
    Route("nothing to cancel", command("huy", "cancel", "lui", "back", "boqua", "skip"), no_form, help_.nothing_open),
    Route("unknown command", _slash, anybody, help_.unknown_command),
)

_LAST = (
    Route("an old button", lambda turn: turn.heard.choice or None, anybody, help_.old_button),
    Route("files nobody asked for", brought, in_private, tip_filing.files_unasked),
    Route("tell a tip", said("Gửi tin báo", "Send a tip", "tin báo"), citizen, tip_filing.begin_tip),
    Route("digits that are no receipt", digits, citizen, receipt.open_receipt),
    Route("a story told too early", story, citizen, tip_filing.greet_a_story),
    Route("words of a citizen", anything, citizen, tip_filing.greet),
    Route("words in a unit's chat", words, in_unit_chat, progress.answer_without_reply),
    Route("words of a member", words, member, help_.not_understood),
)

DISPATCH = Dispatch(
    flows={
        "tip": tip_filing.TELL_TIP,
        "talk": receipt.TALK,
        "progress": progress.REPORT_PROGRESS,
        "notice": notice.WRITE_NOTICE,
        "invite": join.INVITE,
        "triage": forward.FORWARD,
    },
    first=_FIRST,
    last=_LAST,
)
