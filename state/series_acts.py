"""A visit's series in its panel, and moving or cancelling several of its visits at once."""

from datetime import timedelta
from typing import Any, Final

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.day import AppointmentView, appointment_view
from maiia_pro.agenda.errors import SeriesTaken
from maiia_pro.agenda.series_changes import ChangedSeries, Scope, SeriesMove, cancel_series, move_series
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import after_commit
from maiia_pro.kernel.errors import DomainError, Invalid, NotFound
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.agenda import STAFF
from state.agenda_moves import read_place
from state.announcements import announce, field_errors, refusal
from state.appointment import AppointmentState, block_of, done, told
from state.booking_place import PlaceView, warnings_of_move
from state.put_form import read_put
from state.rules import allow
from state.session import current_actor

ALSO: Final = "avec-"
"""Begins the name of the box that takes an edited visit along."""


class SeriesActs(rx.State):
    """The acts of the panel on one visit, or on several of its series."""

    obstacles: list[str] = []
    """The times that somebody has already."""
    remark: str = ""
    """What speaks against the place; sent once more, the visit is moved all the same."""

    @rx.event
    @allow(*STAFF)
    async def begin(self) -> None:
        """Forget what stood in the way the last time."""
        self.obstacles, self.remark = [], ""

    @rx.event
    @allow(*STAFF)
    async def cancel(self, form: dict[str, Any]) -> EventSpec | None:
        """Cancel the visit, or those of its series that the form names."""
        return await self._act(form, AppointmentState.cancel(form), _cancel, "annulés")  # type: ignore[call-arg, arg-type]

    @rx.event
    @allow(*STAFF)
    async def move(self, form: dict[str, Any]) -> EventSpec | None:
        """Move the visit, or those of its series that the form names."""
        panel = await self.get_state(AppointmentState)
        words = await run_blocking(_against, await current_actor(self), panel.shown["id"], form)
        if words != self.remark:
            self.remark, panel.errors = words, {}
            if words:
                return None
        return await self._act(form, AppointmentState.move(form), _move, "déplacés")  # type: ignore[call-arg, arg-type]

    async def _act(self, form: dict[str, Any], alone: EventSpec, act: Any, done_word: str) -> EventSpec | None:
        panel, actor = await self.get_state(AppointmentState), await current_actor(self)
        scope = read_scope(form)
        if scope is None or not panel.series["title"]:
            return alone
        self.obstacles, panel.errors = [], {}
        ident, also = panel.shown["id"], _also(form)
        kept = sum(parse_id(one["id"]) not in also for one in panel.series["edited"])
        try:
            changed = await run_blocking(act, actor, ident, scope, form)
            after = await run_blocking(_after, actor, ident)
        except SeriesTaken as error:
            self.obstacles = await run_blocking(_moments, actor, ident, error)
            return None
        except DomainError as error:
            panel.errors = field_errors(error)
            return None if panel.errors else refusal(error)
        await done(panel, actor, after)
        return announce(f"{outcome(len(changed.visits), done_word, kept)} {told(panel.shown)}", "success")


def _against(actor: Actor, ident: str, form: dict[str, Any]) -> str:
    """Say what speaks against moving the visit there; nothing for what is refused anyway."""
    try:
        put, before = read_put(form), _view(actor, ident)
        place = PlaceView(
            practitioner=put["practitioner"] or before.practitioner_id.hex, reason=before.reason, site=before.site_id.hex,
            day=put["day"], time=f"{put['start'] // 60}h{put['start'] % 60:02d}", length=str(put["length"]),
        )  # fmt: skip
        return warnings_of_move(actor, before, place)
    except DomainError:
        return ""


def read_scope(form: dict[str, Any]) -> Scope | None:
    """Tell for which visits the form is; None for the one shown."""
    scope = form.get("scope")
    return Scope(scope) if scope in set(Scope) else None


def outcome(count: int, done_word: str, kept: int) -> str:
    """Say how many visits changed, and how many edited by themselves did not."""
    words = f"{count} rendez-vous de la série {done_word}." if count > 1 else f"1 rendez-vous de la série {done_word[:-1]}."
    if kept == 0:
        return words
    return f"{words} {kept} modifiés à part restent tels quels." if kept > 1 else f"{words} 1 modifié à part reste tel quel."


def _also(form: dict[str, Any]) -> list[Any]:
    return [parse_id(name.removeprefix(ALSO)) for name, ticked in form.items() if name.startswith(ALSO) and ticked]


def _cancel(actor: Actor, ident: str, scope: Scope, form: dict[str, Any]) -> ChangedSeries:
    words = form.get("words")
    return cancel_series(actor, parse_id(ident), scope, words if isinstance(words, str) else "", _also(form))


def _move(actor: Actor, ident: str, scope: Scope, form: dict[str, Any]) -> ChangedSeries:
    put, before = read_put(form), _view(actor, ident)
    if put["practitioner"] and parse_id(put["practitioner"]) != before.practitioner_id:
        raise Invalid("Une série reste chez son praticien. Pour changer de praticien, déplacez un seul rendez-vous à la fois.")
    starts_at = read_place(put["day"], put["start"]).instant(before.zone)
    length = put["length"] if put["length"] != (before.ends_at - before.starts_at) // timedelta(minutes=1) else None
    return move_series(actor, parse_id(ident), scope, SeriesMove(starts_at, length), _also(form))


def _view(actor: Actor, ident: str) -> AppointmentView:
    view = appointment_view(actor, parse_id(ident))
    if view is None:
        raise NotFound
    return view


def _after(actor: Actor, ident: str) -> Any:
    with after_commit():
        return block_of(actor, ident)


def _moments(actor: Actor, ident: str, error: SeriesTaken) -> list[str]:
    zone = _view(actor, ident).zone
    return [moment(one, zone, year=True).capitalize() for one in error.lost]
