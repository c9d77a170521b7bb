"""The step of the hours: a usual week at one click, then changed by hand, and how early patients may book."""

from copy import deepcopy
from datetime import time
from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.week_rules import DayRange
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.onboarding.tables import Step
from maiia_pro.onboarding.template_reasons import HORIZON, NOTICE
from maiia_pro.onboarding.week import booking_window, save_first_week
from maiia_pro.practice.own_agenda import own_agenda
from state.agenda import STAFF
from state.announcements import refusal
from state.onboarding import PRACTITIONER, Onboarding, advance
from state.rules import allow
from state.session import current_actor
from state.settling import list_first
from state.setup_hours import HoursSetup, SiteView, read_setup
from state.setup_week import named_fields, range_view, read_week, week_summary

MORNING, AFTERNOON = (time(9), time(12)), (time(14), time(18))
PATTERNS: Final = {
    "usual": ("Du lundi au vendredi, 9 h – 12 h et 14 h – 18 h", range(5), (MORNING, AFTERNOON), ()),
    "saturday": ("La même semaine, et le samedi matin", range(5), (MORNING, AFTERNOON), (MORNING,)),
    "early": ("Du lundi au vendredi, 8 h – 12 h 30 et 13 h 30 – 17 h", range(5), ((time(8), time(12, 30)), (time(13, 30), time(17))), ()),
    "through": ("Du lundi au vendredi, 8 h – 18 h sans pause", range(5), ((time(8), time(18)),), ()),
    "four": ("Sans le mercredi, 9 h – 12 h et 14 h – 19 h", (0, 1, 3, 4), (MORNING, (time(14), time(19))), ()),
    "none": ("Semaine vide", (), (), ()),
}
"""Usual weeks: their name, the days, the hours of each, the hours of Saturday."""
NOTICE_LABELS: Final = [
    ("0", "Aucun"), ("60", "1 heure"), ("120", "2 heures"), ("240", "4 heures"), ("720", "12 heures"), ("1440", "1 jour"),
    ("2880", "2 jours"),
]  # fmt: skip
HORIZON_LABELS: Final = [("31", "1 mois"), ("61", "2 mois"), ("92", "3 mois"), ("183", "6 mois"), ("366", "1 an")]


class HoursStep(rx.State):
    """The week before it is saved, kept while one looks elsewhere."""

    pattern: str = ""
    notice: str = ""
    horizon: str = ""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read the hours; a practitioner without any begins with a usual week, which counts once it is saved."""
        actor = await current_actor(self)
        shown = await self.get_state(HoursSetup)
        places = (await self.get_state(Onboarding)).sites
        if actor.kind is not PRACTITIONER or (self.pattern and [one["id"] for one in shown.sites] == [one["id"] for one in places]):
            return
        await read_setup(shown, actor)
        try:
            notice, horizon = await run_blocking(booking_window, actor)
        except DomainError:
            return
        self.notice, self.horizon = str(NOTICE if notice is None else notice), str(horizon or HORIZON)
        if shown.sites and not any(day["ranges"] for site in shown.sites for day in site["days"]):
            self.pattern = "usual"
            shown.sites = [patterned(shown.sites[0], self.pattern), *shown.sites[1:]]

    @rx.event
    @allow(PRACTITIONER)
    async def fill(self, pattern: str) -> None:
        """Put a usual week in the place of what is shown of the first place; it counts once it is saved."""
        shown = await self.get_state(HoursSetup)
        if pattern in PATTERNS and shown.sites:
            self.pattern = pattern
            shown.sites = [patterned(shown.sites[0], pattern), *shown.sites[1:]]
            shown.wrong, shown.summaries = {}, {}

    @rx.event
    @allow(PRACTITIONER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Save the week of a place and go on; refused, everything stays as typed."""
        actor = await current_actor(self)
        hours = await self.get_state(HoursSetup)
        site = str(form.get("site", ""))
        shown = next((one for one in hours.sites if one["id"] == site), None)
        try:
            if await list_first(self, actor, own_agenda, _save, deepcopy(shown), form):
                return None
        except Invalid as error:
            days = shown["days"] if shown else []
            hours.wrong, hours.summaries = named_fields(days, error), {site: week_summary(days, error)}
            return None
        except DomainError as error:
            return refusal(error)
        hours.wrong, hours.summaries, self.pattern = {}, {}, ""
        await read_setup(hours, actor)
        return await advance(await self.get_state(Onboarding), actor, Step.HOURS)


def patterned(site: SiteView, pattern: str) -> SiteView:
    """Give a place the hours of a usual week."""
    _, days, usual, saturday = PATTERNS[pattern]
    for day in site["days"]:
        number = int(day["weekday"])
        hours = usual if number in days else saturday if number == 5 else ()
        day["ranges"] = [range_view(DayRange(number, *pair), {}) for pair in hours]
    return site


def _save(actor: Actor, shown: SiteView | None, form: dict[str, Any]) -> None:
    if shown is None:
        raise NotFound
    week = read_week(shown["days"], form)
    if not week:
        raise Invalid("Ajoutez au moins une plage, ou passez cette étape.")
    notice, horizon = (_number(form.get(name)) for name in ("notice", "horizon"))
    save_first_week(actor, parse_id(shown["id"]), week, notice, horizon)


def _number(typed: object) -> int | None:
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
