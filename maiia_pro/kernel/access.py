"""What each kind of actor may do, and for whom: two tables, deny by default."""

from enum import StrEnum
from typing import Final
from uuid import UUID

from maiia_pro.kernel.actor import Actor, ActorKind, Right
from maiia_pro.kernel.errors import (
    NotAdministrator,
    NotAllowed,
    NotChecked,
    NotDelegated,
    NotFound,
    NotSignedIn,
    ScreenLocked,
    SecondStepNeeded,
)


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
    IDENTITY_OWN = "identity:declare"
    PRACTICE_INTAKE = "practice:intake"
    PRACTICE_SETUP = "practice:setup"
    WISH_MANAGE = "wish:manage"
    FIGURES_VIEW = "figures:view"
    DELEGATE = "delegation:manage"
    HANDOVER = "handover:write"
    PRACTICE_ADMIN = "practice:administer"
    PROGRAMS = "program:manage"
    JOURNAL_VIEW = "journal:view"
    RESOURCE_MANAGE = "resource:manage"
    RESOURCE_VIEW = "resource:view"
    ACCOUNT_OWN = "account:own"
    FACTORS_OWN = "factors:own"
    OUTBOX_VIEW = "outbox:view"
    OPERATION = "operation"
    SYSTEM = "system"


_EVERYONE = frozenset({Permission.SIGN_IN, Permission.DIRECTORY_SEARCH})
_SIGNED_IN = _EVERYONE | {Permission.ACCOUNT_OWN, Permission.FACTORS_OWN, Permission.OUTBOX_VIEW}
UNCHECKED: Final = _SIGNED_IN | {Permission.IDENTITY_OWN}
"""All that a substitute or an aidant may do until the operator has checked what they practise."""
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
    Permission.PRACTICE_ADMIN,
    Permission.RESOURCE_MANAGE,
    Permission.RESOURCE_VIEW,
    Permission.FIGURES_VIEW,
    Permission.AGENDA_SETUP,
    Permission.HANDOVER,
}

GRANTED: Final[dict[ActorKind, frozenset[Permission]]] = {
    ActorKind.ANONYMOUS: _EVERYONE,
    ActorKind.PATIENT: _SIGNED_IN | {Permission.APPOINTMENT_BOOK, Permission.APPOINTMENT_OWN},
    ActorKind.SECRETARY: _DESK,
    ActorKind.SUBSTITUTE: (_DESK | {Permission.IDENTITY_OWN}) - {Permission.PRACTICE_ADMIN, Permission.RESOURCE_MANAGE},
    ActorKind.AIDANT: UNCHECKED,
    ActorKind.PRACTITIONER: _DESK
    | {
        Permission.DELEGATE,
        Permission.JOURNAL_VIEW,
        Permission.PROGRAMS,
        Permission.PROFILE_OWN,
        Permission.IDENTITY_OWN,
        Permission.PRACTICE_INTAKE,
        Permission.PRACTICE_SETUP,
    },
    ActorKind.OPERATOR: _SIGNED_IN | {Permission.OPERATION, Permission.JOURNAL_VIEW},
    ActorKind.API_CLIENT: frozenset(),
    ActorKind.LINK: _EVERYONE | {Permission.APPOINTMENT_LINKED},
    ActorKind.SYSTEM: frozenset(Permission),
    ActorKind.LOCKED: frozenset({Permission.SIGN_IN}),
    ActorKind.HALF_OPEN: _EVERYONE | {Permission.FACTORS_OWN},
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


NEEDS: Final[dict[Permission, frozenset[Right]]] = {
    Permission.AGENDA_VIEW: frozenset({Right.AGENDA}),
    Permission.AGENDA_EXPORT: frozenset({Right.AGENDA}),
    Permission.AGENDA_SETUP: frozenset({Right.SETTINGS}),
    Permission.APPOINTMENT_BOOK: frozenset({Right.BOOK}),
    Permission.WISH_MANAGE: frozenset({Right.BOOK}),
    Permission.APPOINTMENT_MANAGE: frozenset({Right.CHANGE}),
    Permission.PATIENT_VIEW: frozenset({Right.BOOK, Right.CHANGE, Right.FILE}),
    Permission.PATIENT_EDIT: frozenset({Right.BOOK, Right.FILE}),
    Permission.CALLER_LOOKUP: frozenset({Right.BOOK, Right.CHANGE, Right.FILE}),
    Permission.REQUEST_MANAGE: frozenset({Right.AGENDA}),
    Permission.FIGURES_VIEW: frozenset({Right.FIGURES}),
}
"""Which of a practitioner's rights, any one of them, lets staff use a permission for them; what is absent is the practice's."""

ADMINISTERED: Final = frozenset({
    Permission.PRACTICE_ADMIN, Permission.PRACTICE_INTAKE, Permission.RESOURCE_MANAGE, Permission.PROGRAMS
})  # fmt: skip
"""What staff may do only in practices that they administer."""


NOTHING_YET: Final = "Aucun praticien ne vous a encore confié son agenda. Demandez-le-lui\u00a0: il le règle dans Réglages, Équipe."


def allowed(actor: Actor, permission: Permission, practice_id: UUID | None = None, practitioner_id: UUID | None = None) -> bool:
    """Tell whether the actor may use the permission, in that practice and for that practitioner if they are named.

    Where no practitioner is named, one of them is enough: what it lists is still to be bounded by `for_whom`. Where no practice is,
    administering one is enough too: what is done is still to name it.
    """
    if actor.kind is ActorKind.API_CLIENT:
        if SCOPES.get(permission) not in actor.scopes:
            return False
    elif permission not in GRANTED[actor.kind] or not (actor.checked or permission in UNCHECKED):
        return False
    if not actor.is_staff and actor.kind is not ActorKind.API_CLIENT:
        return True
    if practice_id is not None and practice_id not in actor.practice_ids:
        return False
    if actor.is_staff and permission in ADMINISTERED:
        return bool(actor.administers) if practice_id is None else practice_id in actor.administers
    needed = NEEDS.get(permission) if actor.is_bounded else None
    held = actor.rights.values() if practitioner_id is None else [actor.rights.get(practitioner_id, frozenset())]
    return needed is None or any(not needed.isdisjoint(one) for one in held)


def for_whom(actor: Actor, permission: Permission) -> list[UUID] | None:
    """Tell for which practitioners staff may use the permission; None where no practitioner bounds the actor."""
    needed = NEEDS.get(permission) if actor.is_bounded else None
    if needed is None:
        return None
    return [ident for ident, held in actor.rights.items() if not needed.isdisjoint(held)]


def lets(held: frozenset[Right], *permissions: Permission) -> bool:
    """Tell whether rights for a practitioner let all of these be done for them."""
    return all(not NEEDS[one].isdisjoint(held) for one in permissions)


def require(actor: Actor, permission: Permission, practice_id: UUID | None = None, practitioner_id: UUID | None = None) -> None:
    """Let the actor pass or refuse.

    Raises `NotSignedIn` for a visitor, `SecondStepNeeded` for one who still owes it, `ScreenLocked` at a locked screen, `NotAllowed`
    for one who never may, `NotChecked` for who waits for the operator, `NotFound` when only the practice is not theirs,
    `NotAdministrator` when only its administrators may, and `NotDelegated` when only the practitioner did not let them.
    """
    if allowed(actor, permission, practice_id, practitioner_id):
        return
    if actor.kind is ActorKind.ANONYMOUS:
        raise NotSignedIn
    if actor.kind is ActorKind.LOCKED:
        raise ScreenLocked
    if actor.kind is ActorKind.HALF_OPEN:
        raise SecondStepNeeded
    if not actor.checked and permission in GRANTED[actor.kind]:
        raise NotChecked
    if practice_id is not None and practice_id not in actor.practice_ids and allowed(actor, permission):
        raise NotFound
    if actor.is_staff and permission in GRANTED[actor.kind] & ADMINISTERED:
        raise NotAdministrator
    if actor.is_bounded and (permission in GRANTED[actor.kind] or SCOPES.get(permission) in actor.scopes):
        raise NotDelegated(NotDelegated.message if practitioner_id or actor.rights else NOTHING_YET)
    raise NotAllowed
