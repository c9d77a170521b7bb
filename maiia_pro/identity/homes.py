"""Where each kind of account starts once signed in."""

from typing import Final

from maiia_pro.kernel.actor import ActorKind

HOMES: Final = {
    ActorKind.PATIENT: "/rendez-vous",
    ActorKind.SECRETARY: "/agenda",
    ActorKind.PRACTITIONER: "/agenda",
    ActorKind.SUBSTITUTE: "/agenda",
    ActorKind.AIDANT: "/assistance",
    ActorKind.OPERATOR: "/operateur",
    ActorKind.HALF_OPEN: "/connexion/etape",
}


FIRST: Final = {ActorKind.PRACTITIONER: "/demarrage"}
"""Where they are led the very first time, if elsewhere."""


def first_of(kind: ActorKind) -> str:
    """Tell where somebody of this kind is led once their account is activated."""
    return FIRST.get(kind) or home_of(kind)


def home_of(kind: ActorKind) -> str:
    """Tell where somebody of this kind starts."""
    return HOMES.get(kind, "/")
