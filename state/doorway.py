"""The page that the poster at the door leads to: signal one's arrival, learn where to wait and how late it is."""

from typing import Any, Final, TypedDict
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound
from maiia_pro.kernel.french import clock_time, duration, phone, read_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.text import FieldErrors, one_line
from maiia_pro.kernel.work import run_blocking
from maiia_pro.reception.door import Door, DoorVisit, look_at_door, signal_arrival, signal_arrival_by_name
from state.announcements import FieldError, field_errors, lines_of, refusal
from state.rules import Anyone, allow
from state.session import current_actor, network, own_path

PER_NETWORK: Final = 12
"""Names a minute from one network: a waiting room shares one."""
PER_DOOR: Final = 60


class ArrivalView(TypedDict):
    """A visit of today at this site."""

    id: str
    at: str
    person: str
    practitioner: str
    turn: str
    opens: str
    late: str


class LateView(TypedDict):
    """A practitioner who is late."""

    name: str
    late: str


class Doorway(rx.State):
    """What the page at the door shows."""

    status: str = "waiting"
    """waiting, ready, missing or failed."""
    message: str = ""
    site: str = ""
    phone: str = ""
    tel: str = ""
    directions: str = ""
    visits: list[ArrivalView] = []
    late: list[LateView] = []
    watched: list[str] = []
    """Topics of the live channel that the page keeps up with."""
    sent: bool = False
    """Somebody without an account gave a name: the answer is always the same."""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    again: str = "/connexion"
    """Where to sign in and come back."""

    @rx.event
    @allow(Anyone)
    async def arrive(self) -> None:
        """Read what the door shows."""
        self.sent, self.errors, self.summary = False, {}, []
        self.again = f"/connexion?suite={quote(own_path(self), safe='')}"
        await _read(self)

    @rx.event
    @allow(Anyone)
    async def changed(self) -> None:
        """Read again: a visit or a delay has changed."""
        await _read(self)

    @rx.event
    @allow(ActorKind.PATIENT)
    async def signal(self, visit: str) -> EventSpec | None:
        """Tell the desk that one is there."""
        try:
            await run_blocking(signal_arrival, await current_actor(self), _token(self), parse_id(visit))
        except DomainError as error:
            await _read(self)
            return refusal(error)
        await _read(self)
        return None

    @rx.event
    @allow(Anyone)
    async def signal_by_name(self, form: dict[str, Any]) -> EventSpec | None:
        """Tell the desk by name and birth date; what comes of it is not said here."""
        token = _token(self)
        try:
            count_request(("door", network(self)), PER_NETWORK)
            count_request(("door", token), PER_DOOR)
            family_name, born = _read_name(form)
            await run_blocking(signal_arrival_by_name, await current_actor(self), token, family_name, born)
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors)
            return None if self.errors else refusal(error)
        self.sent, self.errors, self.summary = True, {}, []
        await _read(self)
        return None


def _token(state: rx.State) -> str:
    return str(state.router.url.query_parameters.get("porte", ""))[:200]


def _read_name(form: dict[str, Any]) -> tuple[str, Any]:
    errors = FieldErrors()
    family_name = one_line(form.get("family_name"), longest=80)
    if not family_name:
        errors.add("family_name", "Écrivez votre nom de famille.")
    born = None
    try:
        born = read_date(one_line(form.get("birth_date"), longest=30), clock.now().date())
    except Invalid as error:
        errors.add("birth_date", error.message)
    errors.check()
    return family_name, born


async def _read(state: Doorway) -> None:
    try:
        door = await run_blocking(look_at_door, await current_actor(state), _token(state))
    except NotFound as error:
        state.status, state.message = "missing", error.message
        return
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.site, state.phone, state.tel, state.directions = door.site, phone(door.phone), door.phone, door.directions
    state.visits = [arrival_view(door, visit) for visit in door.visits]
    state.late = [LateView(name=name, late=delay_words(minutes)) for name, minutes in door.delays]
    state.watched = [f"slots:{ident.hex}" for ident in door.practitioner_ids]
    state.status = "ready"


def arrival_view(door: Door, visit: DoorVisit) -> ArrivalView:
    """Write a visit for the door."""
    return ArrivalView(
        id=visit.id.hex,
        at=clock_time(visit.starts_at.astimezone(door.zone)),
        person=visit.person,
        practitioner=visit.practitioner,
        turn=visit.turn.value,
        opens=clock_time(visit.opens_at.astimezone(door.zone)),
        late=delay_words(visit.minutes_late),
    )


def delay_words(minutes: int) -> str:
    """Write a delay: « environ 20 min de retard », or nothing."""
    return f"environ {duration(minutes)} de retard" if minutes else ""
