"""Giving the series that was looked at, and closing what asked for it."""

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.errors import SeriesTaken
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import announce, field_errors
from state.desk_booking import DeskBooking
from state.next_free import NextFree, look
from state.patient_picker import PatientPicker, clear
from state.rules import allow
from state.series import SeriesForm, close_series, commit_series, refresh
from state.session import current_actor


class SeriesGiving(rx.State):
    """The button that gives a series."""

    @rx.event
    @allow(*STAFF)
    async def give(self) -> EventSpec | None:
        """Give every visit of the series, or none: then the dates are shown anew with those that were lost marked."""
        actor = await current_actor(self)
        form = await self.get_state(SeriesForm)
        if not form._places:
            form.message = form.message or "Gardez au moins une date."
            return None
        try:
            given = await run_blocking(commit_series, actor, form._wanted, form.rule, form._places)
        except SeriesTaken as error:
            await refresh(form, actor, frozenset(number for number, place in form._places if place.starts_at in error.lost))
            return None
        except DomainError as error:
            form.errors = field_errors(error)
            form.message = error.message
            return None
        close_series(form)
        dialog = await self.get_state(DeskBooking)
        dialog.opened, dialog.errors, dialog.summary, dialog.message = False, {}, [], ""
        dialog.given += 1
        clear(await self.get_state(PatientPicker))
        await look(await self.get_state(NextFree), actor)
        sentence = f"Série de {len(given.visits)} rendez-vous donnée."
        return announce(sentence, "success", action="Voir le premier jour", href=f"/agenda?jour={given.first_day.isoformat()}")
