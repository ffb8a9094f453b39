"""Albums: Telegram sends each picture as an update of its own, without a word of how many there will be.

Those of one album become one message for the house. They come in one poll, or over two: so an album that was the last
thing in its chat is looked at again before it is handed on, until it no longer grows. Such a look confirms nothing, for
it asks from the same offset; after a crash all of the album comes again, under the key of its first update. A picture
that still comes later than that is a message of its own; only after a crash, when something slow before them has kept
both unconfirmed, do they come together, and the house, which knows the album's key, takes neither again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.channels.telegram_updates import Read, Update

MOST_ITEMS = 10  # of an album: core.telegram.org/bots/api#sendmediagroup
MOST_LOOKS = 3
PAUSE = 0.6  # seconds before another look; within half a second of a poll Telegram answers its offset with one update

_Name = tuple[int, str]  # an album's chat and Telegram's number of it


@dataclass
class Piece:
    """What is handed on together: an album's updates, or one update. `chat`: 0 where there is none."""

    updates: list[Read]
    chat: int = 0
    album: str = ""

    @property
    def name(self) -> _Name:
        return self.chat, self.album


def pieces_of(batch: Sequence[Read]) -> list[Piece]:
    """A batch's pieces, an album standing where its first update stands."""
    albums: dict[_Name, Piece] = {}
    pieces: list[Piece] = []
    for update in batch:
        piece = _piece(update)
        if piece.album and (known := albums.get(piece.name)):
            known.updates.append(update)
            continue
        pieces.append(piece)
        albums[piece.name] = piece
    return pieces


def _piece(update: Read) -> Piece:
    if not isinstance(update, Update):
        return Piece([update])
    if update.my_chat_member is not None:
        return Piece([update], update.my_chat_member.chat.id)
    message = update.message or (update.callback_query.message if update.callback_query else None)
    if message is None:
        return Piece([update])
    return Piece([update], message.chat.id, update.message.media_group_id if update.message else "")


@dataclass
class Growing:
    """The albums that may not be whole yet: how many items they had at the last look, and how many looks there were."""

    _seen: dict[_Name, tuple[int, int]] = field(default_factory=dict)

    def part(self, pieces: Sequence[Piece], batch: Sequence[Read], *, is_full: bool) -> tuple[list[Piece], bool]:
        """The pieces of a batch to be handed on now, and whether an album is kept back for another look.

        Of a full batch that is only the album cut off at its end: what follows is there already and comes with the
        next poll, which is no look.
        """
        newest = {piece.chat: piece for piece in pieces}
        seen: dict[_Name, tuple[int, int]] = {}
        for piece in pieces:
            may_go_on = _is_cut_off(piece, batch) if is_full else newest[piece.chat] is piece
            if piece.album and may_go_on and self._may_grow(piece):
                seen[piece.name] = len(piece.updates), self._looks(piece) + (not is_full)
        self._seen = seen
        return [piece for piece in pieces if piece.name not in seen], bool(seen)

    def _may_grow(self, piece: Piece) -> bool:
        count, looks = len(piece.updates), self._looks(piece)
        has_grown = looks == 0 or count > self._seen[piece.name][0]
        return has_grown and count < MOST_ITEMS and looks < MOST_LOOKS

    def _looks(self, piece: Piece) -> int:
        return self._seen.get(piece.name, (0, 0))[1]


def _is_cut_off(piece: Piece, batch: Sequence[Read]) -> bool:
    """Whether it stands at the end of a batch, and would come with more behind it if the next began with it."""
    return piece.updates[-1] is batch[-1] and piece.updates[0] is not batch[0]
