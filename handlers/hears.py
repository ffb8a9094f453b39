"""What a row of the dispatch table can wait for, and by whom."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.member import ChatKind
from bot.domain.plain import plain
from bot.domain.receipt import LENGTH, LONGEST_TYPED, looks_like_receipt
from bot.turn import Turn

Hears = Callable[[Turn], str | None]


def command(*names: str) -> Hears:
    """A command such as /viec, with what follows it."""

    def hears(turn: Turn) -> str | None:
        first, _, rest = turn.text.partition(" ")
        return rest.strip() if first.lower().removeprefix("/") in names and first.startswith("/") else None

    return hears


def button(*verbs: str) -> Hears:
    """A pressed button "verb:rest"."""

    def hears(turn: Turn) -> str | None:
        before, colon, rest = turn.heard.choice.partition(":")
        return rest if colon and before in verbs else None

    return hears


def said(*labels: str) -> Hears:
    """One of these words and nothing else, with or without diacritics."""
    wanted = {plain(label) for label in labels}
    return lambda turn: "" if turn.text and plain(turn.text) in wanted else None


def reply_about(kind: str) -> Hears:
    """Words in reply to a message about something ("assignments:1,2"): what follows the colon."""

    def hears(turn: Turn) -> str | None:
        before, _, rest = turn.subject.partition(":")
        return rest if before == kind and turn.text and not turn.heard.choice else None

    return hears


def digits(turn: Turn) -> str | None:
    """Digits and what parts them, too few or too many for a receipt; or a receipt among a few words ("mã 4096 …")."""
    typed = turn.text
    if not typed or len(typed) > LONGEST_TYPED:
        return None
    found = "".join(letter for letter in typed if letter.isdecimal())
    others = [letter for letter in typed if letter.isalpha()]
    if len(found) == LENGTH and len(others) <= _FEW:
        return found
    return typed if len(found) >= _FEW and not others else None


_FEW = 8
"""Letters beside a receipt ("ma tin la"), and the digits that somebody means one with at least."""


def story(turn: Turn) -> str | None:
    """Words long enough to be what happened."""
    return turn.text if len(turn.text.split()) >= _A_STORY else None


_A_STORY = 4


def words(turn: Turn) -> str | None:
    """Any words."""
    return turn.text or None


def anything(turn: Turn) -> str | None:
    """Anything at all, also a sticker or a button that nobody else took."""
    return turn.text


def attached(turn: Turn) -> str | None:
    """Something that nobody takes: a sticker, a contact."""
    return "" if turn.heard.attached and not turn.heard.choice else None


def brought(turn: Turn) -> str | None:
    """Photos, files, a voice, a position."""
    return "" if turn.heard.files or turn.heard.position else None


def receipt_typed(turn: Turn) -> str | None:
    """Sixteen digits and nothing else, or nearly: whoever types them means a receipt."""
    return turn.text if not turn.heard.files and looks_like_receipt(turn.text) else None


def start(turn: Turn) -> str | None:
    """The command /start, with the payload of a deep link."""
    rest = command("start", "batdau")(turn)
    return None if rest is None else turn.heard.start or rest


# --- by whom ---------------------------------------------------------------------------------------------------------


def anybody(_turn: Turn) -> bool:
    return True


def in_private(turn: Turn) -> bool:
    return turn.heard.private


def in_group(turn: Turn) -> bool:
    return not turn.heard.private


def member(turn: Turn) -> bool:
    return turn.member is not None


def member_or_private(turn: Turn) -> bool:
    return turn.member is not None or turn.heard.private


def no_form(turn: Turn) -> bool:
    """Where no conversation of this person is open."""
    return turn.form is None and (turn.heard.private or turn.place is not None)


def coordinator(turn: Turn) -> bool:
    return turn.member is not None and turn.member.may_coordinate


def at_desk(turn: Turn) -> bool:
    """A coordinator in private, or in a triage chat: in a unit's chat nothing is shown of tips."""
    if not coordinator(turn):
        return False
    return turn.place.kind is ChatKind.TRIAGE if turn.place is not None else turn.heard.private


def in_unit_chat(turn: Turn) -> bool:
    """In the chat of a unit, or in the private chat of one of its officers."""
    if turn.place is not None:
        return turn.place.kind is ChatKind.UNIT
    return turn.heard.private and turn.member is not None and turn.member.unit is not None


def citizen(turn: Turn) -> bool:
    """A person nobody knows, in private."""
    return turn.heard.private and turn.member is None
