"""Who acts: the first argument of every use case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID


class ActorKind(StrEnum):
    """What the actor is signed in as."""

    ANONYMOUS = "anonymous"
    PATIENT = "patient"
    SECRETARY = "secretary"
    PRACTITIONER = "practitioner"
    SUBSTITUTE = "substitute"
    """A professional who takes a practitioner's place for some days (remplaçant): no agenda, nothing outside these days."""
    AIDANT = "aidant"
    """A pharmacist, a nurse or a care assistant who assists teleconsultations, and does nothing else (terms of use, article 8.3)."""
    OPERATOR = "operator"
    API_CLIENT = "api_client"
    LINK = "link"
    """Whoever follows the single-use link of a message: they act on that one visit, and on nothing else."""
    SYSTEM = "system"
    LOCKED = "locked"
    """A browser whose screen is locked: it holds a session and may only be unlocked."""
    HALF_OPEN = "half_open"
    """A visitor whose password was right and whose second step is still to be done."""


VISITORS = frozenset({ActorKind.ANONYMOUS, ActorKind.HALF_OPEN})
STAFF = frozenset({ActorKind.SECRETARY, ActorKind.PRACTITIONER, ActorKind.SUBSTITUTE})
"""Who works at agendas."""
MEMBERS = STAFF | {ActorKind.AIDANT}
"""Who works in a practice."""


class Right(StrEnum):
    """What a practitioner may let somebody of the practice do for them (requirement 59)."""

    AGENDA = "agenda"
    """See the agenda, print and export it."""
    BOOK = "book"
    CHANGE = "change"
    """Move, cancel and mark visits."""
    FILE = "file"
    """The patients' files."""
    DOCUMENTS = "documents"
    MESSAGES = "messages"
    PAYMENTS = "payments"
    FIGURES = "figures"
    SETTINGS = "settings"


EVERY_RIGHT: Final = frozenset(Right)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts, with what was verified of it when it signed in."""

    kind: ActorKind
    name: str
    """How the history names the actor, in French: « Sylvie Moreau », « Logiciel Exemple »."""
    account_id: UUID | None = None
    session_id: UUID | None = None
    practice_ids: frozenset[UUID] = frozenset()
    """Practices that the actor works in, or whose data the API client may touch."""
    administers: frozenset[UUID] = frozenset()
    """Practices whose sites, rooms, groups and people the actor sees to."""
    practitioner_id: UUID | None = None
    """Whose agenda is the actor's own."""
    rights: Mapping[UUID, frozenset[Right]] = field(default_factory=dict, hash=False)
    """Of people of practices: what they may do for each practitioner, themselves among them."""
    api_client_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    checked: bool = True
    """Whether the operator has checked what a substitute or an aidant practises; nobody else waits for that."""
    visit_id: UUID | None = None
    """Of who follows a link: the visit that it is for."""
    link: str = ""
    """Of who follows a link: the hash of its secret."""

    @classmethod
    def anonymous(cls) -> "Actor":
        """Somebody who has not signed in."""
        return cls(ActorKind.ANONYMOUS, "Visiteur")

    @classmethod
    def locked(cls, session_id: UUID) -> "Actor":
        """Whoever stands at a locked screen: known by nothing but the session that is locked."""
        return cls(ActorKind.LOCKED, "Écran verrouillé", session_id=session_id)

    @classmethod
    def half_open(cls, session_id: UUID) -> "Actor":
        """Whoever still owes the second step: a visitor, known by nothing but the session that is half open."""
        return cls(ActorKind.HALF_OPEN, "Connexion en cours", session_id=session_id)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """The software itself: worker, seed, commands."""
        return cls(ActorKind.SYSTEM, name)

    @property
    def is_staff(self) -> bool:
        """Whether the actor works in a practice."""
        return self.kind in STAFF

    @property
    def is_bounded(self) -> bool:
        """Whether practitioners say what the actor may do for them: people of practices, and programs that act for one of these."""
        return self.is_staff or (self.kind is ActorKind.API_CLIENT and self.account_id is not None)

    def stands_for(self, practitioner_id: UUID) -> UUID | None:
        """Tell for whom somebody of a practice acts there, unless it is for themselves."""
        return practitioner_id if self.is_bounded and practitioner_id != self.practitioner_id else None

    @property
    def identity(self) -> UUID | None:
        """The account or API client behind the actor."""
        return self.account_id or self.api_client_id
