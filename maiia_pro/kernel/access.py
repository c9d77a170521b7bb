"""What each kind of actor may do: one table, deny by default."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import NotAllowed, NotFound, NotSignedIn, ScreenLocked


class Permission(StrEnum):
    """Something a use case may ask for."""

    SIGN_IN = "session:open"
    DIRECTORY_SEARCH = "directory:search"
    AGENDA_VIEW = "agenda:view"
    AGENDA_EXPORT = "agenda:export"
    AGENDA_SETUP = "agenda:setup"
    APPOINTMENT_BOOK = "appointment:book"
    APPOINTMENT_MANAGE = "appointment:manage"
    APPOINTMENT_OWN = "appointment:own"
    APPOINTMENT_LINKED = "appointment:linked"
    PATIENT_VIEW = "patient:view"
    PATIENT_EDIT = "patient:edit"
    CALLER_LOOKUP = "caller:look_up"
    REQUEST_MANAGE = "request:manage"
    PROFILE_OWN = "profile:own"
    PRACTICE_INTAKE = "practice:intake"
    PRACTICE_SETUP = "practice:setup"
    WISH_MANAGE = "wish:manage"
    RESOURCE_MANAGE = "resource:manage"
    ACCOUNT_OWN = "account:own"
    OUTBOX_VIEW = "outbox:view"
    OPERATION = "operation"
    SYSTEM = "system"


_EVERYONE = frozenset({Permission.SIGN_IN, Permission.DIRECTORY_SEARCH})
_SIGNED_IN = _EVERYONE | {Permission.ACCOUNT_OWN, Permission.OUTBOX_VIEW}
_DESK = _SIGNED_IN | {
    Permission.AGENDA_VIEW,
    Permission.AGENDA_EXPORT,
    Permission.APPOINTMENT_BOOK,
    Permission.APPOINTMENT_MANAGE,
    Permission.PATIENT_VIEW,
    Permission.PATIENT_EDIT,
    Permission.CALLER_LOOKUP,
    Permission.REQUEST_MANAGE,
    Permission.WISH_MANAGE,
    Permission.RESOURCE_MANAGE,
}

GRANTED: Final[dict[ActorKind, frozenset[Permission]]] = {
    ActorKind.ANONYMOUS: _EVERYONE,
    ActorKind.PATIENT: _SIGNED_IN | {Permission.APPOINTMENT_BOOK, Permission.APPOINTMENT_OWN},
    ActorKind.SECRETARY: _DESK,
    ActorKind.PRACTITIONER: _DESK
    | {Permission.AGENDA_SETUP, Permission.PROFILE_OWN, Permission.PRACTICE_INTAKE, Permission.PRACTICE_SETUP},
    ActorKind.OPERATOR: _SIGNED_IN | {Permission.OPERATION},
    ActorKind.API_CLIENT: frozenset(),
    ActorKind.LINK: _EVERYONE | {Permission.APPOINTMENT_LINKED},
    ActorKind.SYSTEM: frozenset(Permission),
    ActorKind.LOCKED: frozenset({Permission.SIGN_IN}),
}

SCOPES: Final[dict[Permission, str]] = {
    Permission.DIRECTORY_SEARCH: "directory.read",
    Permission.AGENDA_VIEW: "appointments.read",
    Permission.APPOINTMENT_BOOK: "appointments.write",
    Permission.APPOINTMENT_MANAGE: "appointments.write",
    Permission.PATIENT_VIEW: "patients.read",
    Permission.PATIENT_EDIT: "patients.write",
    Permission.CALLER_LOOKUP: "callers.read",
}
"""The OAuth2 scope (RFC 6749, section 3.3) that lets an API client use a permission."""


def allowed(actor: Actor, permission: Permission, practice_id: UUID | None = None) -> bool:
    """Tell whether the actor may use the permission, in that practice if one is named."""
    if actor.kind is ActorKind.API_CLIENT:
        if SCOPES.get(permission) not in actor.scopes:
            return False
    elif permission not in GRANTED[actor.kind]:
        return False
    bound = actor.is_staff or actor.kind is ActorKind.API_CLIENT
    return practice_id is None or not bound or practice_id in actor.practice_ids


def require(actor: Actor, permission: Permission, practice_id: UUID | None = None) -> None:
    """Let the actor pass or refuse.

    Raises `NotSignedIn` for a visitor, `ScreenLocked` at a locked screen, `NotAllowed` for one who never may, and `NotFound` when only
    the practice is not theirs.
    """
    if allowed(actor, permission, practice_id):
        return
    if actor.kind is ActorKind.ANONYMOUS:
        raise NotSignedIn
    if actor.kind is ActorKind.LOCKED:
        raise ScreenLocked
    if practice_id is not None and allowed(actor, permission):
        raise NotFound
    raise NotAllowed
