"""The agenda's page: which days and whose, and the commits of what is dragged; the calendar itself lives in the browser."""

from typing import Any, Final, TypedDict
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.errors import SlotHeld, SlotTaken
from maiia_pro.agenda.frames import Block
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotDelegated
from maiia_pro.kernel.french import long_date
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.handover import replacements
from state.agenda_moves import commit_move
from state.agenda_views import NOTHING, NOWHERE, Asked, Choice, Links, WindowView, read_page
from state.announcements import announce, refusal
from state.rules import allow
from state.session import current_actor

OVERBOOK: Final = "Mettre en surnombre"
TAKE_OVER: Final = "Prendre le créneau"
STAFF: Final = (ActorKind.SECRETARY, ActorKind.PRACTITIONER, ActorKind.SUBSTITUTE)


def insist(error: SlotTaken) -> str:
    """Name what staff do who want the time all the same."""
    return TAKE_OVER if isinstance(error, SlotHeld) else OVERBOOK


class Answer(TypedDict):
    """What became of something that the calendar asked for: the block as it is now, or none where it was refused."""

    token: str
    id: str
    block: Block | None


class AgendaState(rx.State):
    """The days that the page shows."""

    status: str = "waiting"
    """waiting, ready, unlet (nobody lets one in), new (still to be set up) or failed."""
    message: str = ""
    title: str = "Agenda"
    day: str = ""
    view: str = "jour"
    practitioner: str = ""
    practitioners: list[Choice] = []
    whose: list[Choice] = []
    sites: list[Choice] = []
    links: Links = NOWHERE
    window: WindowView = NOTHING
    answer: Answer = Answer(token="", id="", block=None)
    _bookable: list[str] = []
    """Whom appointments may be given to, as the page was read."""

    @rx.event
    @allow(*STAFF)
    async def arrive(self) -> None:
        """Show what the address asks for."""
        await show(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def reload(self) -> None:
        """Read again what is shown: something may have been missed."""
        await show(self, await current_actor(self))

    @rx.event
    @allow(*STAFF)
    async def choose(self, practitioner: str) -> EventSpec:
        """Go to somebody's agenda, or to everybody's."""
        vue = {"vue": self.view} if self.view != "jour" else {}
        return rx.redirect("/agenda?" + urlencode({"jour": self.day} | vue | {"praticien": practitioner}))

    @rx.event
    @allow(*STAFF)
    async def go(self, day: str) -> EventSpec | None:
        """Go to a day that the date field names; half-typed dates wait."""
        rest = self.links["rest"]
        whole = len(day) == 10 and day[:2] == "20"
        return rx.redirect(f"/agenda?jour={day}{rest}") if whole and day != self.day else None

    @rx.event
    @allow(*STAFF)
    async def move(self, put: dict[str, Any]) -> EventSpec:
        """Commit a drag: to another time, another practitioner, another length. Refused, the visit goes back and the reason is said."""
        actor = await current_actor(self)
        token = str(put.get("token", ""))
        try:
            moved = await run_blocking(commit_move, actor, put)
        except DomainError as error:
            self.answer = Answer(token=token, id=str(put.get("id", "")), block=None)
            if isinstance(error, SlotTaken):
                return announce(error.message, "error", action=insist(error), then=AgendaState.move(put | {"overbook": True}))  # type: ignore[arg-type]
            return refusal(error)
        self.answer = Answer(token=token, id=moved.after["id"], block=moved.after)
        return announce(moved.sentence, "success", action="Défaire", then=AgendaState.move(moved.back))  # type: ignore[arg-type]


def _why_closed(actor: Actor, otherwise: str) -> str:
    """Say to a substitute when their replacement begins, or that it is over."""
    if actor.kind is not ActorKind.SUBSTITUTE or not actor.checked:
        return otherwise
    now, found = clock.now(), replacements(actor)
    ahead = [one for one in found if one.starts_at > now]
    if ahead:
        first = min(ahead, key=lambda one: one.starts_at)
        day = long_date(first.starts_at.astimezone(ZoneInfo(first.zone)).date())
        return f"Vous remplacez {first.practitioner} à partir du {day}\u00a0: l’agenda s’ouvrira ce jour-là."
    over = [one for one in found if one.ends_at <= now]
    return f"Votre remplacement de {over[0].practitioner} est terminé\u00a0: l’agenda est rendu." if over else otherwise


async def show(state: AgendaState, actor: Actor) -> None:
    """Read the page that the address asks for, and show it."""
    asked = state.router.url.query_parameters
    try:
        page = await run_blocking(read_page, actor, Asked(asked.get("jour", ""), asked.get("vue", ""), asked.get("praticien", "")))
    except NotDelegated as unlet:
        state.status, state.message = "unlet", await run_blocking(_why_closed, actor, unlet.message)
        return
    except DomainError as error:
        state.status, state.message = "failed", error.message
        return
    state.status, state.message = "new" if page.is_new else "ready", ""
    state.title, state.day, state.view = page.title, page.day.isoformat(), page.window["view"]
    state.practitioner, state.practitioners, state.sites = page.practitioner, page.practitioners, page.sites
    state.whose, state._bookable = page.whose, page.bookable
    state.links, state.window = page.links, page.window
