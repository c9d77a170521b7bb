"""The calendar and its small companions: React components next to this file, loaded by the agenda's page only."""

from typing import Any, Final

import reflex as rx

from components.ui.kinds import Handler, present

_FILES: Final = (
    "agenda.jsx", "grid.jsx", "week.jsx", "day_list.jsx", "month.jsx", "visit.jsx", "drag.js", "live.js", "shapes.js", "stable.js",
    "roving.js",
)  # fmt: skip
_ASSETS: Final = {name: rx.asset(name, shared=True) for name in _FILES}
_LIBRARY: Final = f"$/public{_ASSETS['agenda.jsx']}"


class Agenda(rx.NoSSRComponent):
    """Days side by side, or a list: visits, free and closed time, dragging, what others change meanwhile."""

    library = _LIBRARY
    tag = "Agenda"

    window: rx.Var[dict[str, Any]]
    me: rx.Var[str]
    selected: rx.Var[str]
    answer: rx.Var[dict[str, Any]]
    beside: rx.Var[str]
    giving: rx.Var[Any]
    on_select: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_move: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_create: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_reschedule: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_cancel: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_mark: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_stale: rx.EventHandler[rx.event.no_args_event_spec]
    on_beside: rx.EventHandler[rx.event.no_args_event_spec]
    on_hold: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class MiniMonth(rx.NoSSRComponent):
    """A month of links to days."""

    library = _LIBRARY
    tag = "MiniMonth"

    day: rx.Var[str]
    today: rx.Var[str]
    query: rx.Var[str]


class LiveLine(rx.NoSSRComponent):
    """Says since when the live channel is cut."""

    library = _LIBRARY
    tag = "LiveLine"


class LiveNews(rx.NoSSRComponent):
    """Says the last change made elsewhere."""

    library = _LIBRARY
    tag = "LiveNews"


class AgendaFilters(rx.NoSSRComponent):
    """Chooses a site and a mode, in the browser."""

    library = _LIBRARY
    tag = "AgendaFilters"

    sites: rx.Var[list[dict[str, str]]]
    told: rx.Var[str]
    on_site: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def calendar(
    window: Any,
    *,
    me: Any,
    selected: Any,
    answer: Any,
    beside: Any,
    giving: Any,
    on_select: Handler,
    on_move: Handler,
    on_create: Handler,
    on_reschedule: Handler,
    on_cancel: Handler,
    on_mark: Handler,
    on_stale: Handler,
    on_beside: Handler,
    on_hold: Handler,
) -> rx.Component:
    """Draw the calendar; every commit is an event, all the rest happens in the browser. `beside` is one more topic of its live line;
    `giving` is the place of the appointment that is being given, or none: colleagues see it."""
    return Agenda.create(
        window=window,
        me=me,
        selected=selected,
        answer=answer,
        beside=beside,
        giving=giving,
        **present(
            on_select=on_select,
            on_move=on_move,
            on_create=on_create,
            on_reschedule=on_reschedule,
            on_cancel=on_cancel,
            on_mark=on_mark,
            on_stale=on_stale,
            on_beside=on_beside,
            on_hold=on_hold,
        ),
    )
