"""Who looks at a page, as the frames want to know it."""

from dataclasses import replace
from typing import Final

import reflex as rx

from components.layout.values import PRO_NAVIGATION, NavEntry, Viewer
from components.ui.icons import IconName
from maiia_pro.kernel.actor import STAFF, ActorKind, Right
from maiia_pro.settings import get_settings
from state.requests import RequestBadge
from state.session import SessionState

PAGES: Final[tuple[tuple[str, str, IconName], ...]] = (
    ("/compte/proches", "Mes proches", "users"),
    ("/compte/preferences", "Mes messages", "mail"),
    ("/compte/journal", "Qui a vu mon dossier", "shield-check"),
    ("/compte", "Mon compte", "user"),
)
"""Of a patient's account."""
AT_WORK: Final = rx.Var.create(sorted(STAFF)).to(list[str]).contains(SessionState.kind)
ENTRIES: Final = (
    NavEntry("/", "Prendre rendez-vous", "search"),
    NavEntry("/rendez-vous", "Mes rendez-vous", "calendar-check", shown=SessionState.kind == ActorKind.PATIENT.value),
    NavEntry(
        "/agenda",
        "Agenda",
        "calendar-days",
        shown=AT_WORK,
    ),
    NavEntry("/cabinet", "Cabinet", "building-2", shown=SessionState.administers),
    NavEntry("/operateur", "Exploitation", "settings", shown=SessionState.kind == ActorKind.OPERATOR.value),
)
OUTBOX: Final[tuple[tuple[str, str, IconName], ...]] = (("/demonstration/courriels", "Messages simulés", "inbox"),)
"""Where a demonstration shows what it would have sent."""
ACCOUNT: Final = (
    NavEntry("/remplacements", "Remplacements", "calendar-days", shown=AT_WORK),
    *(
        NavEntry(href, label, name, shown=SessionState.kind == ActorKind.PATIENT.value)
        for href, label, name in (*PAGES, *(OUTBOX if get_settings().demo else ()))
    ),
)


def let(right: Right) -> rx.Var[bool]:
    """Tell whether somebody lets the viewer do this; until it is known who looks, nothing is left out."""
    return (SessionState.kind == ActorKind.ANONYMOUS.value) | SessionState.rights.contains(right.value)


_LIVE: Final = {
    "/agenda/attente": {"shown": let(Right.BOOK)},
    "/demandes": {"count": RequestBadge.pressing, "shown": let(Right.AGENDA)},
    "/chiffres": {"shown": let(Right.FIGURES)},
    "/reglages": {"shown": (SessionState.kind == ActorKind.PRACTITIONER.value) | SessionState.rights.contains(Right.SETTINGS.value)},
}
PRO_ENTRIES: Final = tuple(replace(entry, **_LIVE.get(entry.href, {})) for entry in PRO_NAVIGATION)
"""Where professionals can go: what nobody lets the viewer do is left out, the number is that of requests that press."""


def viewer() -> Viewer:
    """Give who is at the screen, from the session."""
    return Viewer(
        signed_in=SessionState.signed_in,
        name=SessionState.name,
        detail=SessionState.detail,
        initials=SessionState.initials,
        place=SessionState.place,
        home=SessionState.home,
        entries=ENTRIES,
        account=ACCOUNT,
    )
