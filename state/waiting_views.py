"""How wishes and offered places are written on screens."""

from datetime import time
from typing import Final, TypedDict

from maiia_pro.kernel import clock
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import DAYS, clock_time, long_date, moment, phone, short_date
from maiia_pro.waiting.errors import AlreadyWaiting
from maiia_pro.waiting.listing import Place, WishLine
from maiia_pro.waiting.matching import Wanted
from maiia_pro.waiting.tables import Standing
from state.announcements import field_errors
from state.slots import near_moment

STANDINGS: Final = {Standing.ACTIVE: "En attente", Standing.BOOKED: "Rendez-vous pris", Standing.WITHDRAWN: "Retiré"}
OVER: Final = "Date passée"


class WishView(TypedDict):
    """A wish on a list; `offer` is empty where no place is kept."""

    id: str
    version: int
    patient: str
    born: str
    phone: str
    tel: str
    online: bool
    whom: str
    practice: str
    reason: str
    when: str
    since: str
    standing: str
    active: bool
    offer: str
    offered: str
    offered_by: str
    place: str
    expires: str


class WhenForm(TypedDict):
    """What the fields of days and hours start from."""

    days: list[int]
    begins: str
    ends: str
    until: str


class PlaceView(TypedDict):
    """A free place that suits a wish."""

    key: str
    label: str
    practitioner: str
    offerable: bool


def wish_view(line: WishLine) -> WishView:
    """Write a wish for a list."""
    offer = line.offer
    return WishView(
        id=line.id.hex,
        version=line.version,
        patient=line.patient,
        born=short_date(line.birth_date),
        phone=phone(line.phone),
        tel=f"tel:{line.phone}",
        online=line.online,
        whom=line.whom,
        practice=line.practice,
        reason=line.reason,
        when=wanted_words(line.wanted),
        since=f"depuis le {long_date(line.created_at.astimezone(line.zone).date())}",
        standing=OVER if line.over else STANDINGS[line.standing],
        active=line.standing is Standing.ACTIVE and not line.over,
        offer=offer.id.hex if offer else "",
        offered=moment(offer.starts_at, offer.zone) if offer else "",
        offered_by=offer.practitioner if offer else "",
        place=offer.place if offer else "",
        expires=near_moment(offer.expires_at, offer.zone, clock.now()).lower() if offer else "",
    )


def wanted_words(wanted: Wanted) -> str:
    """Write « lundi ou jeudi, de 9 h 00 à 12 h 00, jusqu’au 24 décembre »."""
    names = [DAYS[day] for day in sorted(wanted.weekdays)]
    days = f"{', '.join(names[:-1])} ou {names[-1]}" if len(names) > 1 else names[0] if names else "tous les jours"
    return ", ".join([days.capitalize(), _hours(wanted.begins, wanted.ends), f"jusqu’au {long_date(wanted.until)}"])


def _hours(begins: time, ends: time) -> str:
    early, late = begins == time(0), ends >= time(23, 59)
    if early and late:
        return "à toute heure"
    if early:
        return f"avant {clock_time(ends)}"
    return f"à partir de {clock_time(begins)}" if late else f"de {clock_time(begins)} à {clock_time(ends)}"


def when_form(wanted: Wanted) -> WhenForm:
    """Give a wish back to the form that it came from."""
    begins = "" if wanted.begins == time(0) else f"{wanted.begins:%Hh%M}"
    ends = "" if wanted.ends >= time(23, 59) else f"{wanted.ends:%Hh%M}"
    return WhenForm(days=list(wanted.weekdays), begins=begins, ends=ends, until=wanted.until.isoformat())


def place_view(place: Place, *, online: bool) -> PlaceView:
    """Write a free place that suits a wish; `online` tells whether its patient can answer an offer."""
    return PlaceView(
        key=place.slot.key,
        label=near_moment(place.slot.starts_at, place.zone, clock.now()),
        practitioner=place.practitioner,
        offerable=online and place.online,
    )


def wish_errors(error: DomainError) -> dict[str, str]:
    """Say what is wrong beside the fields; of a wish that is on the list already, at its reason."""
    return {"reason": error.message} if isinstance(error, AlreadyWaiting) else field_errors(error)
