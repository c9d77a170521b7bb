"""The screen « Chiffres »: a period, whose agendas, and by what."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from maiia_pro.agenda.desk import desk
from maiia_pro.agenda.figure_tables import period_shown_first
from maiia_pro.agenda.figures import FiguresQuery, Grouping, read_figures
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import DomainError, NotAllowed
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.announcements import field_errors
from state.figure_views import ChartView, chart_views
from state.next_free import Option
from state.rules import allow
from state.session import current_actor


class FiguresState(rx.State):
    """The figures of the practice."""

    status: str = "waiting"
    """waiting, ready, refused or failed."""
    message: str = ""
    practitioners: list[Option] = []
    practitioner: str = "tous"
    first: str = ""
    last: str = ""
    grouping: str = Grouping.WEEK.value
    charts: list[ChartView] = []
    errors: dict[str, str] = {}

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Show the last eight weeks of the practice first."""
        actor = await current_actor(self)
        try:
            frame = await run_blocking(desk, actor)
        except DomainError as error:
            self.status, self.message = _status(error), error.message
            return
        begins, ends = period_shown_first(clock.now().astimezone(frame.zone).date())
        self.first, self.last = self.first or begins.isoformat(), self.last or ends.isoformat()
        self.practitioners = [Option(value="tous", label="Tous les praticiens")]  # type: ignore[assignment]
        self.practitioners += [Option(value=one.id.hex, label=one.name) for one in frame.practitioners]  # type: ignore[assignment]
        await show(self, actor)

    @rx.event
    @allow(*STAFF)
    async def choose(self, field: str, value: str) -> None:
        """Choose another day to begin or end with, other agendas, or another way of counting."""
        if field not in {"first", "last", "practitioner", "grouping"} or (field == "grouping" and value not in set(Grouping)):
            return
        setattr(self, field, value[:40])
        await show(self, await current_actor(self))


async def show(state: FiguresState, actor: Actor) -> None:
    """Read the figures anew; a wrong period leaves those that are shown."""
    state.errors = {}
    try:
        state.charts = await run_blocking(_charts, actor, state.first, state.last, state.practitioner, state.grouping)  # type: ignore[assignment]
    except DomainError as error:
        state.errors = field_errors(error)
        if not state.errors:
            state.status, state.message = _status(error), error.message
            state.practitioner = "tous"  # the page that is read again begins where it can
        return
    state.status, state.message = "ready", ""


def _status(error: DomainError) -> str:
    return "refused" if isinstance(error, NotAllowed) else "failed"


def _charts(actor: Actor, first: str, last: str, practitioner: str, grouping: str) -> list[Any]:
    query = FiguresQuery.parse(first, last, practitioner)
    asked = urlencode({"du": first, "au": last, "praticien": practitioner, "par": grouping})
    return chart_views(read_figures(actor, query), Grouping(grouping), f"/api/agenda/chiffres?{asked}")
