"""Members: the known persons of a unit, what they may do, and the chats that units speak in."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    OFFICER = "officer"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Member:
    """A known person. A coordinator or an admin may belong to no unit."""

    id: str
    name: str
    role: Role
    unit: str | None = None
    language: str = "vi"

    @property
    def may_coordinate(self) -> bool:
        return self.role in {Role.COORDINATOR, Role.ADMIN}

    def may_answer_for(self, unit: str) -> bool:
        """An officer answers for their own unit and for nobody else's."""
        return self.unit == unit


class ChatKind(StrEnum):
    """UNIT: the chat of one or several units; TRIAGE: the coordinators' chat, where notices of tips come."""

    UNIT = "unit"
    TRIAGE = "triage"


@dataclass(frozen=True, slots=True)
class Chat:
    """A place to speak that the house knows. A citizen's chat is never one."""

    id: str
    channel: str
    address: str
    kind: ChatKind
    title: str
    units: frozenset[str] = field(default_factory=frozenset)
    lost: bool = False
    language: str = "vi"
