"""The demonstration's posters at the door of each site."""

from sqlmodel import Session

from maiia_pro.demo.ids import demo_id
from maiia_pro.demo.people import SITES
from maiia_pro.demo.practice import add_missing
from maiia_pro.identity.tokens import new_token
from maiia_pro.kernel import clock
from maiia_pro.reception.tables import SiteDoor

DIRECTIONS = "Salle d’attente à gauche de l’entrée"


def seed_reception(session: Session) -> None:
    """Add the posters that are missing; their secrets are this installation's own."""
    rows: list[dict[str, object]] = [
        {"site_id": demo_id(f"site:{site.key}"), "token": new_token(), "directions": DIRECTIONS, "created_at": clock.now()}
        for site in SITES
    ]
    add_missing(session, SiteDoor, rows)
