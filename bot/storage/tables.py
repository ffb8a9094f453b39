"""The tables. Rows that could tell an order of people (tips, conversations, keys heard) have random or hashed keys and,
in SQLite, no row numbers. One long page, so that all that is kept can be read in one place.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An instant, kept as whole seconds of UTC since 1970, so that both databases sort and compare it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromtimestamp(value, UTC)


# A number that SQLite counts up by itself must be INTEGER there.
_Number = BigInteger().with_variant(Integer, "sqlite")

# --- who speaks, and where -------------------------------------------------------------------------------------------

heard = Table(
    "heard",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("day", Date, nullable=False, index=True),
    sqlite_with_rowid=False,
)

day_secret = Table(
    "day_secret",
    metadata,
    Column("day", Date, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("silent_at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

unit = Table(
    "unit",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", String(16), nullable=False),
    Column("parent", String(40)),
    Column("aliases", Text, nullable=False, default="[]"),
    Column("bodies", Text, nullable=False, default="[]"),
    Column("place", Integer, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("unit", String(40), ForeignKey("unit.code")),
    Column("language", String(8), nullable=False, default="vi"),
    Column("left_at", Instant),
)

member_address = Table(
    "member_address",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("sender", String(128), primary_key=True),
    Column("member", String(32), ForeignKey("member.id"), nullable=False, index=True),
    Column("private_chat", String(128)),
)

chat = Table(
    "chat",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address", String(128), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("language", String(8), nullable=False, default="vi"),
    Column("lost_at", Instant),
    UniqueConstraint("channel", "address"),
)

chat_unit = Table(
    "chat_unit",
    metadata,
    Column("chat", String(32), ForeignKey("chat.id"), primary_key=True),
    Column("unit", String(40), ForeignKey("unit.code"), primary_key=True, index=True),
)

invitation = Table(
    "invitation",
    metadata,
    Column("code", LargeBinary(32), primary_key=True),  # a keyed hash of the code
    Column("kind", String(16), nullable=False),  # "member" or "chat"
    Column("role", String(16)),
    Column("unit", String(40), ForeignKey("unit.code")),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

door = Table(
    "door",
    metadata,
    Column("secret", LargeBinary(32), primary_key=True),  # a keyed hash of the link's secret
    Column("member", String(32), ForeignKey("member.id"), nullable=False),
    Column("chat", String(32), ForeignKey("chat.id"), nullable=False),
)

said_ref = Table(
    "said_ref",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("address", String(128), primary_key=True),
    Column("ref", String(64), primary_key=True),
    Column("subject", String(128), nullable=False, index=True),
)

# --- what a plan asks, and what is answered --------------------------------------------------------------------------

plan = Table(
    "plan",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # the plan's file as it was loaded
    Column("loaded_at", Instant, nullable=False),
)

assignment = Table(
    "assignment",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("plan", String(40), ForeignKey("plan.code"), nullable=False),
    Column("obligation", String(64), nullable=False),
    Column("unit", String(40), ForeignKey("unit.code"), nullable=False),
    Column("period", String(32), nullable=False),
    Column("due", Instant, nullable=False),
    Column("revision", Integer, nullable=False, default=1),
    Column("state", String(16), nullable=False, default="open"),
    Column("percent", SmallInteger, nullable=False, default=0),
    # The next rung of its ladder, and when; null once nothing is to be said any more.
    Column("rung_at", Instant),
    Column("rung", String(32)),
    Column("rung_turn", Integer),
    UniqueConstraint("plan", "obligation", "unit", "period"),
    Index("ix_assignment_owed", "unit", "state", "due"),
    Index("ix_assignment_rung_at", "rung_at"),
)

progress = Table(
    "progress",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("assignment", _Number, ForeignKey("assignment.id"), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("member", String(32), ForeignKey("member.id"), nullable=False),
    Column("percent", SmallInteger, nullable=False),
    Column("result", Text, nullable=False),
    Column("difficulties", Text, nullable=False),
)

reminder = Table(
    "reminder",
    metadata,
    Column("assignment", _Number, ForeignKey("assignment.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("rung", String(32), primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("queued_at", Instant, nullable=False),
)

# --- notices ---------------------------------------------------------------------------------------------------------

notice = Table(
    "notice",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("member", String(32), ForeignKey("member.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("board", Text, nullable=False, default=""),  # what the coordinator's progress bar last showed
)

notice_recipient = Table(
    "notice_recipient",
    metadata,
    Column("notice", String(32), ForeignKey("notice.id"), primary_key=True),
    Column("chat", String(32), ForeignKey("chat.id"), primary_key=True),
    Column("delivered_at", Instant),
    Column("lost_at", Instant),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", String(32), ForeignKey("member.id")),
)

# --- tips ------------------------------------------------------------------------------------------------------------

reader = Table(
    "reader",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("public", LargeBinary(32), nullable=False, unique=True),
    Column("retired_at", Instant),
)

tip = Table(
    "tip",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("hour", Instant, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("commune", String(40), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("official", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    Column("talks", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("look_up", LargeBinary(32), nullable=False, unique=True),
    Column("receipt_public", LargeBinary(32), nullable=False),
    Column("way_back", LargeBinary),  # sealed with a key outside the database; null unless the citizen chose it
    Column("taken_by", String(32), ForeignKey("member.id")),  # who of the desk has it, or closed it
    Column("unit", String(40)),  # to which it was forwarded
    Column(
        "blocked", Boolean, nullable=False, default=False
    ),  # its sender was shut out that day; of whom nothing is kept
    Index("ix_tip_standing", "state", "blocked", "hour"),
    sqlite_with_rowid=False,
)

# Tips about the same thing: each pair both ways round.
tip_link = Table(
    "tip_link",
    metadata,
    Column("tip", String(32), primary_key=True),
    Column("other", String(32), primary_key=True),
    sqlite_with_rowid=False,
)

# What came with a tip or after it, from the citizen or the desk: a file, a recording, words. Until the tip is sent a
# part is kept for its id alone, and only as long as its conversation.
tip_part = Table(
    "tip_part",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tip", String(32), nullable=False, index=True),
    Column("by", String(8), nullable=False),  # "citizen", "desk"
    Column("hour", Instant, nullable=False),
    Column("silent_at", Instant, index=True),  # null once it is sent
    Column("seen", Boolean, nullable=False, default=False),  # of the desk's: the citizen has opened it
    Column("file", String(64)),  # its sealed body's name in data/files; null: the body is here
    Column("body", LargeBinary),
    Column("receipt_key", LargeBinary),  # its content key, sealed to the receipt; null: the receipt does not open it
    sqlite_with_rowid=False,
)

tip_key = Table(
    "tip_key",
    metadata,
    Column("tip", String(32), primary_key=True),
    Column("part", String(32), primary_key=True),  # "text" for the tip's own body, else a part's id
    Column("reader", String(32), ForeignKey("reader.id"), primary_key=True, index=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What has happened to a tip, as far as clocks count it: which hour, and in which order of its own.
tip_event = Table(
    "tip_event",
    metadata,
    Column("tip", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("hour", Instant, nullable=False),
    Column("row", String(32), nullable=False),  # of an extension: the clock's row that allows it
    Column("by", Text, nullable=False),  # of an extension: the office that granted it
    sqlite_with_rowid=False,
)

# The reminders of a tip's clocks that were queued: each once.
tip_reminder = Table(
    "tip_reminder",
    metadata,
    Column("tip", String(32), primary_key=True),
    Column("row", String(32), primary_key=True),
    Column("started", Instant, primary_key=True),
    Column("rung", String(32), primary_key=True),
    Column("turn", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

# The numbers of a conversation's messages, so that they can be erased: found and opened only with a name that nobody
# but the conversation (and later the citizen's own button) holds.
trace = Table(
    "trace",
    metadata,
    Column("name", LargeBinary(32), primary_key=True),
    Column("id", LargeBinary(16), primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Who wants the province's public warnings: a list of its own, with nothing in it that a tip has too.
subscriber = Table(
    "subscriber",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),  # a keyed hash of channel and chat
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# --- on the way out, and what channels keep --------------------------------------------------------------------------

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("queued_at", Instant, nullable=False, index=True),
    Column("not_before", Instant, nullable=False),
    Column("state", String(8), nullable=False),  # "waiting", "sending"
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("unsure", Boolean, nullable=False, default=False),  # its fate was unknown once: sent again, marked
    Column("once", String(96), unique=True),  # a key that is queued once while it waits
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_outbox_next", "state", "channel", "priority", "id"),
)

web_room = Table(
    "web_room",
    metadata,
    Column("room", LargeBinary(32), primary_key=True),
    Column("last", Integer, nullable=False, default=0),
    Column("changes", Integer, nullable=False, default=0),
    Column("silent_at", Instant),  # a citizen's room is forgotten after this; null: a unit's room stays
    sqlite_with_rowid=False,
)

web_message = Table(
    "web_message",
    metadata,
    Column("room", LargeBinary(32), ForeignKey("web_room.room", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

setting = Table(
    "setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String(32), nullable=False),
    Column("act", String(48), nullable=False),
    Column("about", Text, nullable=False),
    Column("chain", LargeBinary(32), nullable=False),  # SHA-256 of the row before and this one
)
