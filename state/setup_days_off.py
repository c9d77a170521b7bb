"""Public and school holidays in the settings: what is coming, and whether one works then."""

from datetime import date, timedelta
from typing import TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.closing_days import DaysOff, days_off, rest_on_holidays, work_on_holiday
from maiia_pro.agenda.terms import week_letter
from maiia_pro.agenda.week_copy import monday
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound
from maiia_pro.kernel.french import long_date
from maiia_pro.kernel.text import picked_day
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import announce, refusal
from state.rules import allow
from state.session import current_actor
from state.settling import list_first
from state.setup_hours import HoursSetup, read_setup
from state.setup_whose import Whose, sets_up, whose


class HolidayLine(TypedDict):
    """A public holiday as it is listed."""

    id: str
    day: str
    name: str
    worked: bool


class BreakLine(TypedDict):
    """School holidays as they are listed."""

    name: str
    when: str


class DaysOffSetup(rx.State):
    """Days off of the coming year."""

    status: str = "waiting"
    """waiting or ready; where there is no agenda the card stays away."""
    closed: bool = True
    holidays: list[HolidayLine] = []
    breaks: list[BreakLine] = []
    known: str = ""
    """Until when school holidays are known, and where they are not."""
    week: str = ""
    """Which letter this week bears."""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Read what is coming."""
        actor = await current_actor(self)
        if await sets_up(self, actor):
            await show_days(self, actor)

    @rx.event
    @allow(*STAFF)
    async def rest(self, closed: bool) -> EventSpec | None:
        """Choose whether public holidays are closed."""
        actor = await current_actor(self)
        try:
            if await list_first(self, actor, agenda := await whose(self), _rest, agenda, bool(closed)):
                return None
        except DomainError as error:
            return refusal(error)
        await show_days(self, actor)
        return announce("Jours fériés : fermé." if closed else "Jours fériés : horaires habituels.", "success")

    @rx.event
    @allow(*STAFF)
    async def work(self, day: str) -> EventSpec | None:
        """Open one public holiday by its usual hours."""
        actor = await current_actor(self)
        try:
            await run_blocking(_work, actor, await whose(self), day)
        except DomainError as error:
            return refusal(error)
        await show_days(self, actor)
        await read_setup(await self.get_state(HoursSetup), actor)
        return announce("Ce jour férié est ouvert aux heures habituelles. Changez-les dans les exceptions.", "success")


async def show_days(state: DaysOffSetup, actor: Actor) -> None:
    """Read what is coming and show it."""
    try:
        found = await run_blocking(_read, actor, await whose(state))
    except NotFound:
        return
    state.status, state.closed = "ready", found.closed
    state.holidays = [
        HolidayLine(
            id=one.day.isoformat(),
            day=long_date(one.day, year=True).capitalize(),
            name=f"{one.name} ({', '.join(one.sites)})" if one.sites else one.name,
            worked=one.worked,
        )
        for one in found.holidays
    ]
    state.breaks = [
        BreakLine(name=f"{one.name} · zone {one.zone}", when=f"du {long_date(one.first)} au {long_date(one.last, year=True)}")
        for one in found.breaks
    ]
    state.known = known_words(found)
    state.week = week_words(found.today)


def week_words(today: date) -> str:
    """Name the letter of the week that a day lies in, for hours that hold every other week."""
    first = monday(today)
    letter = week_letter(today).upper()
    return f"Cette semaine, du {long_date(first)} au {long_date(first + timedelta(days=6))}, est une semaine {letter}."


def known_words(found: DaysOff) -> str:
    """Say until when school holidays are known, and at which sites they are not."""
    known = f"Les vacances scolaires sont connues jusqu’au {long_date(found.known_until, year=True)} ; au-delà, tout compte hors vacances."
    unknown = f" Calendrier scolaire inconnu à : {', '.join(found.without_zone)}." if found.without_zone else ""
    return (known if found.breaks or not unknown else "") + unknown


def _read(actor: Actor, agenda: Whose) -> DaysOff:
    return days_off(actor, agenda(actor))


def _rest(actor: Actor, agenda: Whose, closed: bool) -> None:
    rest_on_holidays(actor, agenda(actor), closed=closed)


def _work(actor: Actor, agenda: Whose, day: str) -> None:
    try:
        chosen = picked_day(day)
    except ValueError:
        raise Invalid("Choisissez un jour qui existe.") from None
    work_on_holiday(actor, agenda(actor), chosen)
