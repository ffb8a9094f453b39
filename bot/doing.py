"""What one turn does: how somebody is understood, in order, and how that takes their conversation further."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import structlog

from bot.conversation import Flow, Form, GoesOn, IsOver, Moved, Teller
from bot.domain.limits import Slow
from bot.domain.refusal import refusal
from bot.intake import Asked, Intake, Sender, keep_taken
from bot.storage.database import SavepointLost
from bot.talk.step import Phrase, Refusal
from bot.turn import Dispatch, Later, Route, Turn

LONGEST_TEXT = 8000

_log = structlog.get_logger("tinbao.turns")


class Doing:
    """Does turns by a dispatch table."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    async def take(self, turn: Turn, slow: Slow | None = None) -> None:
        """Does it. One that fails changes nothing, and its person is told. Raises Later; SavepointLost for one that
        failed and can't be undone by itself.
        """
        before = msgspec.convert(msgspec.to_builtins(turn.form), Form) if turn.form else None
        try:
            await self._dispatched(turn, slow)
        except (Later, SavepointLost):
            raise
        except Exception as error:  # noqa: BLE001 - a bad turn fails alone, and its person is told
            _report(turn, error)
            turn.postings.clear()
            turn.form = before
            turn.tell("house-sorry")

    async def _dispatched(self, turn: Turn, slow: Slow | None) -> None:
        if slow is not None:
            turn.explain(refusal(slow, turn.now, turn.house.programme.zone))
        elif len(turn.heard.text) > LONGEST_TEXT:
            turn.tell("house-too-long", length=len(turn.heard.text), most=LONGEST_TEXT)
        elif turn.heard.choice.startswith("~"):
            await self._press(turn)
        elif (route := _fitting(self._dispatch.first, turn)) is not None:
            await self._act(turn, *route)
        elif turn.form is not None and turn.heard.files:
            await self._step(turn, await self._take_in(turn))
        elif turn.form is not None and turn.heard.position is not None:
            where = turn.heard.position
            await self._step(turn, lambda teller: teller.hear_place(*where))
        elif turn.form is not None and turn.text:
            await self._step(turn, lambda teller: teller.hear_typed(turn.heard.text))
        elif (route := _fitting(self._dispatch.last, turn)) is not None:
            await self._act(turn, *route)

    async def _press(self, turn: Turn) -> None:
        nonce, _, rest = turn.heard.choice[1:].partition(".")
        step, _, code = rest.partition(".")
        if turn.form is None or turn.form.nonce != nonce:
            turn.tell("house-old-button")
            return
        await self._step(turn, lambda teller: teller.hear_pressed(step, code))

    async def _act(self, turn: Turn, route: Route, rest: str) -> None:
        before = turn.form
        async with turn.work.savepoint():
            await route.act(turn, rest)
        if turn.form is not None and turn.form is not before:
            await self._step(turn, lambda teller: teller.ask())

    async def _take_in(self, turn: Turn) -> Callable[[Teller], Moved]:
        """The message's files, kept as parts; how they take the conversation further. Raises Later the first time."""
        assert turn.form is not None
        flow, intake = self._dispatch.flows[turn.form.flow], turn.house.room(Intake)
        teller, _ = await self._teller(turn, turn.form, flow)
        if teller.seal is None or not teller.takes_files():
            return lambda teller: teller.ask(Phrase("files-not-here"))
        spoken = any(one.sort == "sound" for one in turn.heard.files)
        is_answer = (
            teller.takes_words() and not spoken
        )  # beside a recording, words are a remark that goes along with it
        taken = intake.taken(turn.heard)
        if taken is None:
            who = Sender(turn.sender_hash, turn.heard.network)
            asked = Asked(teller.seal, turn.now, who, "" if is_answer else turn.text)
            raise Later(lambda: intake.take_in(turn.heard, asked))
        until = turn.now + turn.house.draft_silence
        parts = await keep_taken(turn.work, taken, until)
        for one in taken:
            if one.why is not None:
                turn.explain(one.why)
        words_ = turn.text if is_answer else ""
        return lambda teller: teller.hear_files(parts, words_) if parts else teller.ask()

    async def _teller(self, turn: Turn, form: Form, flow: Flow) -> tuple[Teller, Any]:
        given = await flow.given(turn, form)
        seal = await flow.seal_for(turn, form) if flow.seal_for else None
        private, recordings = turn.heard.private, turn.house.recordings
        return Teller(form, lambda: flow.begin(given), turn.can, private, seal, recordings), given

    async def _step(self, turn: Turn, how: Callable[[Teller], Moved]) -> None:
        assert turn.form is not None
        form, flow = turn.form, self._dispatch.flows[turn.form.flow]
        teller, given = await self._teller(turn, form, flow)
        match how(teller):
            case GoesOn(said=said):
                if said is not None:
                    turn.say(said)
            case IsOver(value=value):
                await self._finish(turn, flow, given, value, teller)
            case _:
                turn.form = None
                if flow.drop:
                    await flow.drop(turn, form)
                turn.tell("house-cancelled", rows=[[turn.button(*flow.again)]] if flow.again else ())

    async def _finish(self, turn: Turn, flow: Flow, given: Any, value: Any, teller: Teller) -> None:
        """Does the effects. Where they are refused just now, the last question stands again and nothing is lost."""
        turn.form = None
        try:
            async with turn.work.savepoint():
                await flow.finish(turn, given, value)
        except Refusal as refusal_:
            turn.form = teller.form
            turn.form.answers.popitem()
            match teller.ask(refusal_.why):
                case GoesOn(said=said) if said is not None:
                    turn.say(said)


def _fitting(routes: Sequence[Route], turn: Turn) -> tuple[Route, str] | None:
    for route in routes:
        if route.by(turn) and (rest := route.hears(turn)) is not None:
            return route, rest
    return None


def _report(turn: Turn, error: Exception) -> None:
    """What went wrong and where, without the message of the error: it may hold what a person wrote."""
    frames = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    _log.error("a turn failed", error=type(error).__name__, at=" > ".join(frames[-6:]), channel=turn.heard.channel)
