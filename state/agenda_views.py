"""What the agenda's page shows of a day or a week: plain values made from what the use cases answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypedDict
from urllib.parse import urlencode

from maiia_pro.agenda.blocks import Block
from maiia_pro.agenda.day import AgendaWindow, agenda_window
from maiia_pro.agenda.desk import Desk, DeskPractitioner, desk
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.french import MONTHS, day_number, long_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import picked_day
from state.agenda_columns import ColumnView, day_columns, day_mark, week_columns

View = Literal["jour", "semaine", "liste"]
VIEWS: Final[tuple[View, ...]] = ("jour", "semaine", "liste")
EVERYONE: Final = "tous"
USUAL_DAY: Final = (8 * 60, 19 * 60)


class Choice(TypedDict):
    """One of a list: its identifier and its name."""

    id: str
    name: str


class NowView(TypedDict):
    """The site's clock when the page was made."""

    day: str
    minute: int
    second: int


class WindowView(TypedDict):
    """All that the calendar draws; `begins` and `ends` are the minutes of the day it shows at least."""

    key: str
    view: str
    day: str
    """The day of the address; a phone shows a week from it."""
    mark: str
    """Of the one day that is shown: a public holiday, or that schools rest."""
    columns: list[ColumnView]
    blocks: list[Block]
    begins: int
    ends: int
    now: NowView


class Links(TypedDict):
    """Where the toolbar leads."""

    before: str
    after: str
    today: str
    day: str
    week: str
    list: str
    paper: str
    absence: str
    rest: str
    """What addresses keep besides the day: `&vue=…&praticien=…`."""


NOTHING: Final = WindowView(
    key="",
    view="jour",
    day="",
    mark="",
    columns=[],
    blocks=[],
    begins=USUAL_DAY[0],
    ends=USUAL_DAY[1],
    now=NowView(day="", minute=0, second=0),
)
NOWHERE: Final = Links(before="", after="", today="", day="", week="", list="", paper="", absence="", rest="")


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as it came."""

    day: str = ""
    view: str = ""
    practitioner: str = ""


@dataclass(frozen=True)
class Page:
    """What the address comes to: a page of the agenda, whole."""

    window: WindowView
    title: str
    day: date
    practitioner: str
    practitioners: list[Choice]
    whose: list[Choice]
    """What one may choose to see."""
    sites: list[Choice]
    links: Links
    is_new: bool
    """The practice is still to be set up."""
    bookable: list[str]
    """Whom the actor may give appointments to, shown or not."""


def read_page(actor: Actor, asked: Asked) -> Page:
    """Read everything that one page of the agenda shows; what the address has wrong falls back to today and to the usual agenda."""
    frame = desk(actor)
    zone = frame.zone
    now = clock.now().astimezone(zone)
    day = asked_day(asked.day, now.date())
    view: View = asked.view if asked.view in VIEWS else "jour"  # type: ignore[assignment]
    name, shown = asked_people(frame, asked.practitioner)
    first, days = (day - timedelta(days=day.weekday()), 7) if view == "semaine" else (day, 1)
    found = agenda_window(actor, [one.id for one in shown], first, days) if shown else AgendaWindow(first, days, zone, (), ())
    columns = week_columns(shown, found, now.date()) if view == "semaine" else day_columns(shown, day, found)
    return Page(
        window=_window(
            view,
            f"{view} {name} {first.isoformat()}",
            columns,
            list(found.blocks),
            now,
            day=day,
            mark="" if view == "semaine" else day_mark(found.postal_code, day),
        ),
        title=week_title(first) if view == "semaine" else long_date(day).capitalize(),
        day=day,
        practitioner=name,
        practitioners=[Choice(id=one.id.hex, name=one.name) for one in frame.practitioners],
        whose=_whose(frame),
        sites=[Choice(id=site.id.hex, name=site.name) for site in frame.sites],
        links=_links(day, view, asked.practitioner, now.date(), name),
        is_new=frame.is_new,
        bookable=[one.id.hex for one in frame.bookable],
    )


def asked_day(text: str, today: date) -> date:
    """Read the day of an address; what says nothing is today."""
    try:
        day = picked_day(text)
    except ValueError:
        return today
    return day if abs((day - today).days) < 3660 else today


def asked_people(frame: Desk, asked: str) -> tuple[str, tuple[DeskPractitioner, ...]]:
    """Choose whose agendas are shown, and how addresses name them: one's, a group's, a specialty's, else one's own or everybody's."""
    try:
        wanted = parse_id(asked)
        for group in (one for one in frame.groups if one.id == wanted):
            return group.id.hex, tuple(one for one in frame.practitioners if one.id in group.practitioner_ids)
        found = [one for one in frame.practitioners if one.id == wanted]
    except NotFound:
        alike = tuple(one for one in frame.practitioners if one.specialty == asked)
        if alike:
            return asked, alike
        found = [] if asked else [one for one in frame.practitioners if one.is_self][:1]
    return (found[0].id.hex, tuple(found)) if found else (EVERYONE, frame.practitioners)


def _whose(frame: Desk) -> list[Choice]:
    """Everybody, then the practice's groups, specialties that several but not all have, and each."""
    names = [one.specialty for one in frame.practitioners]
    alike = sorted({name for name in names if 1 < names.count(name) < len(names)})
    return [
        Choice(id=EVERYONE, name="Tous les praticiens"),
        *[Choice(id=one.id.hex, name=f"Groupe\u00a0: {one.name}") for one in frame.groups],
        *[Choice(id=name, name=f"Tous\u00a0: {name}") for name in alike],
        *[Choice(id=one.id.hex, name=one.name) for one in frame.practitioners],
    ]


def _window(
    view: View, key: str, columns: list[ColumnView], blocks: list[Block], now: datetime, *, day: date, mark: str = ""
) -> WindowView:
    spans = [span for column in columns for span in column["spans"]]
    return WindowView(
        key=key,
        view=view,
        day=day.isoformat(),
        mark=mark,
        columns=columns,
        blocks=blocks,
        begins=min([USUAL_DAY[0], *(span["start"] for span in spans)]),
        ends=max([USUAL_DAY[1], *(span["end"] for span in spans)]),
        now=NowView(day=now.date().isoformat(), minute=now.hour * 60 + now.minute, second=now.second),
    )


def week_title(first: date) -> str:
    """Write « 23 – 29 novembre »."""
    last = first + timedelta(days=6)
    if first.month == last.month:
        return f"{day_number(first)} – {last.day} {MONTHS[last.month - 1]}"
    return f"{day_number(first)} {MONTHS[first.month - 1]} – {day_number(last)} {MONTHS[last.month - 1]}"


def _links(day: date, view: View, practitioner: str, today: date, shown: str) -> Links:
    kept = {"praticien": practitioner} if practitioner else {}

    def href(to: date, how: View) -> str:
        return "/agenda?" + urlencode({"jour": to.isoformat()} | ({"vue": how} if how != "jour" else {}) | kept)

    step = timedelta(days=7 if view == "semaine" else 1)
    paper = {"jour": day.isoformat(), "vue": "semaine" if view == "semaine" else "jour", "praticien": shown}
    rest = urlencode(({"vue": view} if view != "jour" else {}) | kept)
    return Links(
        before=href(day - step, view),
        after=href(day + step, view),
        today=href(today, view),
        day=href(day, "jour"),
        week=href(day, "semaine"),
        list=href(day, "liste"),
        paper="/agenda/impression?" + urlencode(paper),
        absence="/agenda/absence?" + urlencode({"praticien": shown}),
        rest=f"&{rest}" if rest else "",
    )
