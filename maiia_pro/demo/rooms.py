"""Rooms and equipment of the demonstration."""

from typing import Final

from sqlmodel import Session

from maiia_pro.agenda.resource_tables import ReasonNeed, Resource, ResourceKind
from maiia_pro.demo.ids import PRACTICE_ID, demo_id
from maiia_pro.demo.people import SITES
from maiia_pro.demo.practice import add_missing

KINDS: Final = ("Salle de soins", "Dermatoscope")
NEEDS: Final = (("okafor", "Dépistage"),)
"""Whose reason needs one of each kind."""


def seed_rooms(session: Session) -> None:
    """Add what is missing of rooms, equipment and needs: one of each kind at each site, and a second room at the first."""
    kinds: list[dict[str, object]] = [{"id": demo_id(f"kind:{name}"), "practice_id": PRACTICE_ID, "name": name} for name in KINDS]
    rooms = [(name, site.key, 1) for name in KINDS for site in SITES] + [(KINDS[0], SITES[0].key, 2)]
    add_missing(session, ResourceKind, kinds)
    add_missing(session, Resource, [_room(*one) for one in rooms])
    needs: list[dict[str, object]] = [
        {"reason_id": demo_id(f"reason:{who}:{reason}"), "kind_id": kind["id"], "practice_id": PRACTICE_ID}
        for who, reason in NEEDS
        for kind in kinds
    ]
    add_missing(session, ReasonNeed, needs)


def _room(kind: str, site: str, number: int) -> dict[str, object]:
    return {
        "id": demo_id(f"resource:{kind}:{site}:{number}"),
        "practice_id": PRACTICE_ID,
        "site_id": demo_id(f"site:{site}"),
        "kind_id": demo_id(f"kind:{kind}"),
        "name": f"{kind} {number}",
        "retired": False,
    }
