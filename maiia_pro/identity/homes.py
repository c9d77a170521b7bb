"""Where each kind of account starts once signed in."""

from typing import Final

from maiia_pro.kernel.actor import ActorKind

HOMES: Final = {
    ActorKind.PATIENT: "/rendez-vous",
    ActorKind.SECRETARY: "/agenda",
    ActorKind.PRACTITIONER: "/agenda",
    ActorKind.OPERATOR: "/operateur",
}


def home_of(kind: ActorKind) -> str:
    """Tell where somebody of this kind starts."""
    return HOMES.get(kind, "/")
