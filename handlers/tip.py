"""A citizen tells a tip: what is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.tip import Draft, Happened, Known, Official, TipKind, Urgency, WayBack
from bot.talk.ask import Ask
from bot.talk.options import option_of
from bot.talk.step import Name, Option, Phrase, Words

MOST_FILES = 10
_GO, _WEB, _CALL = "go", "web", "call"


def _options(about: str, values: Sequence[str]) -> list[Option]:
    return [Option(str(value), Phrase(f"tip-{about}-{value}")) for value in values]


_KINDS = _options("kind", list(TipKind))
_HAPPENED = _options("happened", [one for one in Happened if one is not Happened.UNSAID])
_KNOWN = _options("known", [one for one in Known if one is not Known.UNSAID])
_OFFICIAL = _options("official", [Official.NO, Official.YES])
_URGENCIES = _options("urgency", [one for one in Urgency if one is not Urgency.UNSAID])
_BACKS = _options("back", [WayBack.HERE, WayBack.RECEIPT])
_EDITS = ("kind", "place", "what", "happened", "known", "official", "urgency", "evidence", "back")


@dataclass(frozen=True, slots=True)
class TipGiven:
    """What the flow needs to know: the id the tip will have, what this channel can hide, the web page's address where
    there is one to go to, the lines that help, the communes, how a position becomes some of them where one can be
    shared, and whether there is a way back to here.
    """

    tip: str
    honest: Phrase
    web: str
    hotlines: str
    communes: Sequence[Option]
    near: Callable[[float, float], Sequence[str]] | None = None
    here: bool = True


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """They go on in the web page: nothing of this is carried along."""


@dataclass(frozen=True, slots=True)
class OnlyHelp:
    """They wanted the numbers to call, and tell nothing."""


async def tell_tip(ask: Ask, given: TipGiven) -> Draft | Elsewhere | OnlyHelp:
    """What a citizen is asked. Everything but what happened can be skipped."""
    if await ask.choice("ready", _doors(given), prompt=given.honest) == _WEB:
        return Elsewhere()
    kind = TipKind(await ask.choice("kind", _KINDS, optional=True) or TipKind.OTHER)
    if kind is TipKind.PERSON:
        lines = Phrase("tip-help", {"hotlines": given.hotlines})
        if await ask.choice("help", _options("help", [_CALL, "tell"]), prompt=lines) == _CALL:
            return OnlyHelp()
    where = None if given.near else Phrase("tip-place-typed")
    place = await ask.pick("place", given.communes, optional=True, near=given.near, prompt=where)
    wanted = Phrase("tip-what-person") if kind is TipKind.PERSON else None
    what = await ask.told("what", at_least=10, at_most=4000, prompt=wanted)
    circumstances = await _circumstances(ask, kind)
    urgency = Urgency(await ask.choice("urgency", _URGENCIES, optional=True) or Urgency.UNSAID)
    evidence = await ask.files("evidence", at_most=MOST_FILES)
    backs = [back for back in _BACKS if given.here or back.value != WayBack.HERE]
    back = WayBack(await ask.choice("back", backs, optional=True) or WayBack.NONE)
    words, told = (what, ()) if isinstance(what, str) else ("", tuple(what))
    draft = Draft(kind, place, words, urgency, back, *circumstances, parts=(*told, *evidence))
    await ask.confirm("sure", _summary(given, draft, len(evidence)), yes=Phrase("tip-send"), edits=_edits(kind))
    return draft


async def _circumstances(ask: Ask, kind: TipKind) -> tuple[Happened, Known, Official]:
    """When, how they know, and whether an official is in it; nobody is asked that who seeks help for a person."""
    if kind is TipKind.PERSON:
        return Happened.UNSAID, Known.UNSAID, Official.UNSAID
    happened = await ask.choice("happened", _HAPPENED, optional=True) or Happened.UNSAID
    known = await ask.choice("known", _KNOWN, optional=True) or Known.UNSAID
    official = await ask.choice("official", _OFFICIAL, optional=True) or Official.UNSAID
    return Happened(happened), Known(known), Official(official)


def _doors(given: TipGiven) -> list[Option]:
    go = Option(_GO, Phrase("tip-go"))
    return [go, Option(_WEB, Phrase("tip-go-web"), link=given.web)] if given.web else [go]


def _edits(kind: TipKind) -> list[Option]:
    unasked = {"happened", "known", "official"} if kind is TipKind.PERSON else set()
    return [Option(name, Phrase(f"tip-edit-{name}")) for name in _EDITS if name not in unasked]


def _summary(given: TipGiven, draft: Draft, files: int) -> Phrase:
    place = option_of(given.communes, draft.commune)
    values: dict[str, str | int | Phrase] = {
        "kind": Phrase(f"tip-kind-{draft.kind}"),
        "place": _worded(place.label if place else Phrase("tip-place-unknown")),
        "what": told_as(draft.what, Phrase("tip-what-sealed")),
        "happened": Phrase(f"tip-happened-{draft.happened}"),
        "known": Phrase(f"tip-known-{draft.known}"),
        "official": Phrase(f"tip-official-{draft.official}"),
        "urgency": Phrase(f"tip-urgency-{draft.urgency}"),
        "files": files,
        "back": Phrase(f"tip-back-{draft.back}"),
    }
    return Phrase("tip-sure-person" if draft.kind is TipKind.PERSON else "tip-sure", values)


def told_as(words: str, unseen: Phrase) -> Phrase:
    """What they wrote, as a quotation; or `unseen`."""
    return Phrase("tip-what-said", {"what": words}) if words else unseen


def _worded(label: Words) -> str | Phrase:
    return label.text if isinstance(label, Name) else label
