"""A small practice for tests of the desk: two practitioners at one site, a secretary, a colleague from elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from maiia_pro.agenda.booking import BookedAppointment, BookingRequest, book_slot
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.clock import now
from tests.factories import House, session_token


@dataclass(frozen=True)
class Person:
    """Somebody who signed in: the actor and the cookie."""

    actor: Actor
    token: str

    @property
    def cookie(self) -> str:
        """The header that a browser sends."""
        return f"{cookie_name()}={self.token}"


def signed_in(actor: Actor) -> Person:
    """Open a session."""
    return Person(actor, session_token(actor))


@dataclass(frozen=True)
class World:
    """What the tests name."""

    house: House
    secretary: Person
    practitioner: Person
    """Of the first agenda."""
    stranger: Person
    """A secretary of another practice."""

    @property
    def first(self) -> UUID:
        """The agenda that is booked."""
        return self.house.practitioners[0]

    @property
    def second(self) -> UUID:
        """A colleague's agenda."""
        return self.house.practitioners[1]

    def at(self, hour: int, minute: int = 0, days: int = 1) -> datetime:
        """Give an instant of a coming day by the site's clock."""
        return self.house.instant(hour, minute, days=days)

    def day(self, days: int = 1) -> date:
        """Give a coming day."""
        return now().astimezone(ZoneInfo(self.house.zone)).date() + timedelta(days=days)

    def book(self, hour: int, minute: int = 0, days: int = 1, who: Person | None = None) -> BookedAppointment:
        """Book the first practitioner for the first patient."""
        request = BookingRequest(self.house.slot(hour, minute, days=days), patient_id=self.house.patients[0])
        return book_slot((who or self.secretary).actor, request)


def build_world() -> World:
    """Write it all."""
    house = House.ready()
    colleague = house.practitioner("Zeller")
    house.hours(colleague, house.sites[0], time(8), time(12))
    house.hours(colleague, house.sites[0], time(14), time(18))
    house.offering(house.reason(colleague))
    elsewhere = House.ready()
    return World(
        house,
        signed_in(house.secretary()),
        signed_in(house.practitioner_actor()),
        signed_in(elsewhere.secretary("Marc Tanguy")),
    )
