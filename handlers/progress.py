"""An officer answers for an assignment: with a button, or with a sentence in reply to a reminder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot import cards
from bot.conversation import Flow, Form
from bot.domain.assignment import Assignment, AssignmentState
from bot.domain.member import ChatKind
from bot.domain.plan import Kind, Obligation
from bot.domain.programme import Programme
from bot.domain.progress import Progress, QuickAnswer, read_quick_answer
from bot.storage.assignments import add_progress, find_assignments, last_progress
from bot.storage.audit import write_audit
from bot.storage.members import chats_of_kind
from bot.storage.outbox import Parcel, Priority
from bot.talk.ask import Ask
from bot.talk.step import Name, Option, Phrase, Value
from bot.turn import Turn, begin
from handlers.work import ids, owed_here, read_id

ALL = 100
_MOST = 2000


@dataclass(frozen=True, slots=True)
class ProgressGiven:
    """The assignments it may be about, each with its title in the officer's language and its last progress."""

    owed: Sequence[tuple[Assignment, str, Progress | None]]
    programme: Programme


@dataclass(frozen=True, slots=True)
class ProgressDraft:
    assignment: Assignment
    percent: int
    result: str
    difficulties: str


async def report_progress(ask: Ask, given: ProgressGiven) -> ProgressDraft | None:
    """What an officer is asked. With one assignment, which one it is about is not; None: the plan asks it no more."""
    titles = {str(assignment.id): (assignment, title) for assignment, title, _ in given.owed}
    if not titles:
        return None
    which = next(iter(titles))
    if len(titles) > 1:
        which = await ask.choice("which", [Option(id_, Name(title)) for id_, (_, title) in titles.items()])
    assignment, title = titles[which]
    percent = await ask.number("percent", 0, ALL, suggested=(25, 50, 75, ALL))
    result = await ask.text("result", at_most=_MOST, optional=True)
    difficulties = await ask.text("stuck", at_most=_MOST, optional=True)
    summary: dict[str, str | int | Phrase] = {
        "title": title,
        "unit": given.programme.unit_name(assignment.unit),
        "percent": percent,
        "result": result or "–",
        "difficulties": difficulties or Phrase("progress-none"),
    }
    await ask.confirm("sure", Phrase("progress-sure", summary), yes=Phrase("progress-send"))
    return ProgressDraft(assignment, percent, result, difficulties)


async def _given(turn: Turn, form: Form) -> ProgressGiven:
    programme = turn.house.programme
    found = await find_assignments(turn.work, ids(str(form.about["ids"])))
    owed = []
    for assignment in found:
        if obligation := programme.obligation(assignment):
            title = cards.title(form.language, obligation, assignment)
            owed.append((assignment, title, await last_progress(turn.work, assignment.id)))
    return ProgressGiven(owed, programme)


async def _record(turn: Turn, given: ProgressGiven, draft: ProgressDraft | None) -> None:
    """Writes the answer down, says what it does to the work, and tells the coordinators."""
    if draft is None:
        turn.tell("work-not-yours")
        return
    assignment, obligation = draft.assignment, given.programme.obligation(draft.assignment)
    if turn.member is None or obligation is None or not turn.member.may_answer_for(assignment.unit):
        turn.tell("work-not-yours")
        return
    if assignment.state is AssignmentState.DONE:  # a colleague was faster
        turn.tell("progress-already")
        return
    progress = Progress(
        assignment.id,
        assignment.revision,
        turn.now,
        turn.member.id,
        draft.percent,
        draft.result,
        draft.difficulties,
    )
    closes = _closes(obligation, draft.percent)
    await add_progress(turn.work, progress, closes=closes)
    await write_audit(turn.work, turn.now, turn.member.id, "progress", f"assignment:{assignment.id} {draft.percent}%")
    await _tell_the_desk(turn, given.programme, assignment, progress)
    await _thank(turn, assignment, closes=closes)


def _closes(obligation: Obligation, percent: int) -> bool:
    """A report is in when it was sent, whatever it says; a task is done at 100 %."""
    return obligation.kind is Kind.REPORT or percent == ALL


async def _thank(turn: Turn, assignment: Assignment, *, closes: bool) -> None:
    at = cards.moment(turn.language, turn.now, turn.house.programme.zone)
    sentence = "progress-thanks-late" if turn.now > assignment.due else "progress-thanks"
    rest = len(await owed_here(turn))
    following = turn.word("progress-stays-open") + " " if not closes else ""
    turn.say_text(turn.word(sentence, at=at) + " " + following + turn.word("progress-rest", count=rest))


async def _tell_the_desk(turn: Turn, programme: Programme, assignment: Assignment, progress: Progress) -> None:
    obligation = programme.obligation(assignment)
    assert obligation is not None
    for desk in await chats_of_kind(turn.work, ChatKind.TRIAGE):
        said = cards.progress_news(
            desk.language,
            programme.unit_name(assignment.unit),
            cards.title(desk.language, obligation, assignment),
            progress,
            late=turn.now > assignment.due,
        )
        turn.post(Parcel(desk.channel, desk.address, said), Priority.REMINDER)


REPORT_PROGRESS = Flow(_given, lambda given: report_progress(Ask("progress"), given), _record)


# --- the acts of the dispatch table ----------------------------------------------------------------------------------


async def press_report(turn: Turn, id_: str) -> None:
    """The button under a reminder or a card."""
    assignment = await read_id(turn, id_)
    if assignment is None:
        turn.tell("work-not-yours")
    elif turn.member is None:
        turn.tell("join-first")
    elif not turn.member.may_answer_for(assignment.unit):
        await _refuse_other_unit(turn, assignment)
    elif assignment.state is AssignmentState.DONE:
        turn.tell("progress-already")
    else:
        _begin(turn, [assignment], QuickAnswer())


async def answer_in_words(turn: Turn, rest: str) -> None:
    """A reply to a reminder: its words are the result where nothing else can be read from them."""
    owed = [one for one in await find_assignments(turn.work, ids(rest)) if one.state is AssignmentState.OPEN]
    await _answer(turn, owed, read_quick_answer(turn.text) or QuickAnswer(result=turn.text))


async def answer_without_reply(turn: Turn, _rest: str) -> None:
    """Words in a unit's chat that read like an answer are one, about what the unit owes soonest."""
    quick = read_quick_answer(turn.text)
    if quick is None:
        turn.tell("work-not-understood")
        return
    await _answer(turn, (await owed_here(turn))[: cards.MOST_ASKED], quick)


async def _answer(turn: Turn, owed: Sequence[Assignment], quick: QuickAnswer) -> None:
    if turn.member is None:
        turn.tell("join-first")
        return
    if len(turn.text) > _MOST:
        turn.tell("ask-too-long", length=len(turn.text), most=_MOST)
        return
    mine = [assignment for assignment in owed if turn.member.may_answer_for(assignment.unit)]
    if mine:
        _begin(turn, mine, quick)
    elif owed:
        await _refuse_other_unit(turn, owed[0])
    else:
        turn.tell("progress-already")


async def _refuse_other_unit(turn: Turn, assignment: Assignment) -> None:
    """An officer of another unit: refused, and written down."""
    assert turn.member is not None
    await write_audit(turn.work, turn.now, turn.member.id, "progress.refused", f"assignment:{assignment.id}")
    turn.tell("progress-other-unit", unit=turn.house.programme.unit_name(assignment.unit))


def _begin(turn: Turn, owed: Sequence[Assignment], quick: QuickAnswer) -> None:
    known: dict[str, Value] = {}
    if quick.result:
        known["result"] = quick.result
    if quick.difficulties is not None:
        known["stuck"] = quick.difficulties or None
    if quick.percent is not None:  # a whole answer: what it leaves out is not asked, one button sends it
        known = {"percent": quick.percent, "result": None, "stuck": None} | known
    begin(turn, "progress", {"ids": ",".join(str(assignment.id) for assignment in owed)}, known)
