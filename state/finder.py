"""The one box of the desk: patients, free times, days and agendas, and what may be done at once with what was found."""

from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import Desk, desk
from maiia_pro.agenda.people import FoundPatient
from maiia_pro.agenda.slot_words import Wish, fitting, wish_of
from maiia_pro.agenda.wished import wished_slots
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import long_date, name_key
from maiia_pro.kernel.work import run_blocking
from maiia_pro.patients.search_words import PatientSearch, emphasised, emphasised_number, said_birth
from state.agenda import STAFF, AgendaState
from state.announcements import refusal
from state.desk_booking import DeskBooking, open_dialog
from state.next_free import NextFree, line, within
from state.patient_picker import SHORTEST, PatientPicker, card, clear, found_patients, started
from state.rules import allow
from state.session import current_actor
from state.slots import near_moment

NEW: Final = "nouveau"
BLANK_NEW: Final = "nouveau-patient"
"""The command: nothing of what was typed to find it is a name."""
SLOT: Final = "creneau:"
TIMES: Final = 5
Group = dict[str, Any]


class Finder(rx.State):
    """What the box found."""

    groups: list[dict[str, Any]] = []
    answered: str = ""
    """What was typed when this was found: the box shows no answer to an earlier word."""

    @rx.event
    @allow(*STAFF)
    async def search(self, typed: str) -> EventSpec | None:
        """Find patients, free times and places to go while somebody types."""
        typed = typed[:80]
        if len(typed.strip()) < SHORTEST:
            self.groups, self.answered = [], typed
            return None
        shown, site = (await self.get_state(AgendaState)).practitioner, (await self.get_state(NextFree)).site
        try:
            groups = await run_blocking(find_all, await current_actor(self), typed.strip(), shown, site)
        except DomainError as error:
            self.groups, self.answered = [], typed
            return refusal(error)
        self.groups, self.answered = groups, typed
        return None

    @rx.event
    @allow(*STAFF)
    async def pick(self, option: str) -> EventSpec | None:
        """Open the booking dialog: on a free time, for a patient on the next free time, or with the form of a new record."""
        actor = await current_actor(self)
        picker = await self.get_state(PatientPicker)
        booking = await self.get_state(DeskBooking)
        clear(picker)
        if option.startswith(SLOT):
            return await open_dialog(booking, actor, {"slot": option.removeprefix(SLOT)})
        if option in {NEW, BLANK_NEW}:
            answer = await open_dialog(booking, actor, {})
            picker.creating = True
            if option == NEW:
                picker.start = await run_blocking(started, actor, self.answered)
            return answer
        return await open_dialog(booking, actor, {"patient": option})


async def find_again(state: Finder, actor: Actor) -> None:
    """Find again what the box shows: whom times are offered of has changed."""
    if not state.groups:
        return
    shown, site = (await state.get_state(AgendaState)).practitioner, (await state.get_state(NextFree)).site
    try:
        state.groups = await run_blocking(find_all, actor, state.answered.strip(), shown, site)
    except DomainError:
        state.groups = []


def find_all(actor: Actor, typed: str, shown: str = "", site: str = "") -> list[Group]:
    """Find everything that what was typed may mean, the likeliest first; groups marked `late` stand after the page's own commands."""
    search = PatientSearch.parse(typed)
    frame = desk(actor)
    wish = wish_of(typed, clock.now().astimezone(frame.zone).date())
    found = found_patients(actor, search)
    exact, near = [one for one in found if one.exact], [one for one in found if not one.exact]
    people = _group("Donner un rendez-vous à", [_person(one, search) for one in exact])
    times = _group("Créneaux libres", _times(actor, within(frame, shown, site), frame, wish))
    places = _group("Agendas", _places(frame, wish))
    first = [places, times] if wish.whose or wish.going else [times, places] if wish.said else []
    rest = [group for group in (people, times, places) if group not in first]
    alike = _group("Noms proches", [_person(one, search) for one in near], late=True)
    create = {"id": NEW, "title": "Nouveau patient", "aside": f"«\u00a0{typed}\u00a0»", "icon": "user-plus"}
    return [group for group in (*first, *rest, alike) if group["options"]] + [_group("Créer une fiche", [create], late=True)]


def _group(label: str, options: list[dict[str, Any]], *, late: bool = False) -> Group:
    return {"label": label, "options": options, "late": late}


def _person(found: FoundPatient, search: PatientSearch) -> dict[str, Any]:
    """Draw a patient: name, birth date and age, telephone, next visit; what was asked for is cut out."""
    shown = card(found.view)
    following = ""
    if found.next_at and found.next_zone:
        following = f"Prochain\u00a0: {near_moment(found.next_at, found.next_zone, clock.now()).lower()}, {found.next_who}"
    detail = " · ".join(part for part in (shown["phone"], following) if part)
    number = emphasised_number(shown["phone"], search.digits) if search.digits else [shown["phone"]]
    return {
        "id": shown["id"],
        "title": shown["name"],
        "aside": shown["detail"],
        "detail": detail,
        "initials": shown["initials"],
        "hue": shown["hue"],
        "marked": {
            "title": emphasised(shown["name"], search.words),
            "aside": emphasised_number(shown["detail"], said_birth(search, found.view.birth_date)),
            "detail": [*number[:-1], number[-1] + detail.removeprefix(shown["phone"])],
        },
    }


def _times(actor: Actor, shown: Desk, frame: Desk, wish: Wish) -> list[dict[str, Any]]:
    """List the next free times that were asked for, of what the page shows, or elsewhere what only is there by that name.

    A word that names nothing of the practice asks for none.
    """
    if wish.whose or wish.going or not (wish.said or wish.words):
        return []
    offered = fitting(wish, shown) or (fitting(wish, frame) if wish.words else ())
    slots = wished_slots(actor, frame, wish, offered, TIMES) if offered else []
    reasons = {one.offering_id: one.name for one in offered}
    lines = [(slot, line(frame, slot, number)) for number, slot in enumerate(slots, 1)]
    return [
        {"id": SLOT + shown["key"], "title": shown["when"], "aside": reasons[slot.offering_id], "detail": shown["who"], "icon": "clock"}
        for slot, shown in lines
    ]


def _places(frame: Desk, wish: Wish) -> list[dict[str, Any]]:
    """List the day and the agendas that were named."""
    found = []
    if wish.first and not wish.words:
        found.append(_place(f"Aller au {long_date(wish.first)}", {"jour": wish.first.isoformat()}, "calendar-days"))
    for one in frame.practitioners:
        parts = name_key(one.name).split()
        if wish.words and all(any(part.startswith(word) for part in parts) for word in wish.words):
            day = {"jour": wish.first.isoformat()} if wish.first else {}
            found.append(_place(f"Agenda de {one.name}", day | {"praticien": one.id.hex}, "calendar-days"))
    return found[:TIMES]


def _place(title: str, query: dict[str, str], icon: str) -> dict[str, Any]:
    return {"id": title, "title": title, "icon": icon, "href": "/agenda?" + "&".join(f"{name}={value}" for name, value in query.items())}
