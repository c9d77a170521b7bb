"""What the agenda's page shows of a day or a week: plain values made from what the use cases answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypedDict
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from maiia_pro.agenda.day import AgendaWindow, OpenTime, agenda_window
from maiia_pro.agenda.days_off import public_holiday, school_holiday
from maiia_pro.agenda.desk import Desk, DeskPractitioner, desk
from maiia_pro.agenda.frames import Block, block
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.french import DAYS, MONTHS, clock_time, day_number, long_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import picked_day

View = Literal["jour", "semaine", "liste"]
VIEWS: Final[tuple[View, ...]] = ("jour", "semaine", "liste")
EVERYONE: Final = "tous"
USUAL_DAY: Final = (8 * 60, 19 * 60)
WORKING_DAYS: Final = 5


class Choice(TypedDict):
    """One of a list: its identifier and its name."""

    id: str
    name: str


class SpanView(TypedDict):
    """Opening hours in minutes after midnight, and where."""

    start: int
    end: int
    site: str


class HoldView(TypedDict):
    """A slot that a visitor holds, on the column's own clock, and until when."""

    id: str
    start: int
    length: int
    until: str


class AwayView(TypedDict):
    """Time busy elsewhere, in minutes after midnight; the title only for its owner."""

    start: int
    length: int
    title: str


class ColumnView(TypedDict):
    """A practitioner on a day."""

    key: str
    practitioner: str
    day: str
    title: str
    name: str
    detail: str
    initials: str
    hue: str
    today: bool
    own: bool
    mark: str
    """A public holiday, or that schools rest; only where columns are days."""
    spans: list[SpanView]
    holds: list[HoldView]
    away: list[AwayView]


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
NOWHERE: Final = Links(before="", after="", today="", day="", week="", list="", paper="", rest="")


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
    sites: list[Choice]
    place: str
    links: Links


def read_page(actor: Actor, asked: Asked) -> Page:
    """Read everything that one page of the agenda shows; what the address has wrong falls back to today and to the usual agenda."""
    frame = desk(actor)
    zone = frame.sites[0].zone if frame.sites else ZoneInfo("Europe/Paris")
    now = clock.now().astimezone(zone)
    day = asked_day(asked.day, now.date())
    view: View = asked.view if asked.view in VIEWS else "jour"  # type: ignore[assignment]
    chosen = asked_practitioner(frame, asked.practitioner)
    shown = frame.practitioners if chosen is None else (chosen,)
    if view == "semaine":
        shown = shown[:1]
    first, days = (day - timedelta(days=day.weekday()), 7) if view == "semaine" else (day, 1)
    found = agenda_window(actor, [one.id for one in shown], first, days) if shown else AgendaWindow(first, days, zone, (), ())
    blocks = [block(appointment) for appointment in found.appointments]
    columns = _week(shown[0], found, blocks, now) if view == "semaine" and shown else [_column(one, day, found) for one in shown]
    name = chosen.id.hex if chosen else EVERYONE
    return Page(
        window=_window(
            view,
            f"{view} {name} {first.isoformat()}",
            columns,
            blocks,
            now,
            day=day,
            mark="" if view == "semaine" else day_mark(found.postal_code, day),
        ),
        title=week_title(first) if view == "semaine" else long_date(day).capitalize(),
        day=day,
        practitioner=shown[0].id.hex if view == "semaine" and shown else name,
        practitioners=[Choice(id=one.id.hex, name=one.name) for one in frame.practitioners],
        sites=[Choice(id=site.id.hex, name=site.name) for site in frame.sites],
        place=f"{frame.practice_name} (démonstration)" if frame.is_demo else frame.practice_name,
        links=_links(day, view, asked.practitioner, now.date(), shown[0].id.hex if view == "semaine" and shown else name),
    )


def asked_day(text: str, today: date) -> date:
    """Read the day of an address; what says nothing is today."""
    try:
        day = picked_day(text)
    except ValueError:
        return today
    return day if abs((day - today).days) < 3660 else today


def asked_practitioner(frame: Desk, asked: str) -> DeskPractitioner | None:
    """Choose whose agenda is shown: the one asked for, else one's own, else everybody's."""
    if asked and asked != EVERYONE:
        try:
            ident = parse_id(asked)
        except NotFound:
            return None
        return next((one for one in frame.practitioners if one.id == ident), None)
    own = next((one for one in frame.practitioners if one.is_self), None)
    return None if asked == EVERYONE else own


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


def _column(one: DeskPractitioner, day: date, found: AgendaWindow) -> ColumnView:
    return ColumnView(
        key=f"{one.id.hex}-{day.isoformat()}",
        practitioner=one.id.hex,
        day=day.isoformat(),
        title=one.name,
        name=one.name,
        detail=one.specialty,
        initials=one.initials,
        hue=one.hue,
        today=False,
        own=one.is_self,
        mark="",
        spans=_spans(one, day, found),
        holds=_holds(one, day, found),
        away=_away(one, day, found),
    )


def _away(one: DeskPractitioner, day: date, found: AgendaWindow) -> list[AwayView]:
    mine = [away for away in found.away if away.practitioner_id == one.id]
    spans = [(_minute(away.starts_at, day, found.zone), _minute(away.ends_at, day, found.zone), away.title) for away in mine]
    return [AwayView(start=begins, length=ends - begins, title=title) for begins, ends, title in spans if begins < ends]


def _week(one: DeskPractitioner, found: AgendaWindow, blocks: list[Block], now: datetime) -> list[ColumnView]:
    """Draw a week, its last days only where something happens on them."""
    columns = []
    for offset in range(found.days):
        day = found.first + timedelta(days=offset)
        column = _column(one, day, found)
        busy = any(appointment["day"] == column["day"] for appointment in blocks)
        if offset >= WORKING_DAYS and not busy and not column["spans"] and not column["away"]:
            continue
        column["title"] = f"{DAYS[day.weekday()].capitalize()} {day_number(day)}"
        column["detail"] = _hours(column["spans"])
        column["initials"] = ""
        column["mark"] = day_mark(found.postal_code, day)
        column["today"] = day == now.date()
        columns.append(column)
    return columns


def day_mark(postal_code: str, day: date) -> str:
    """Name what sets a day apart: « Toussaint », « Vacances scolaires »; nothing on most days."""
    return public_holiday(postal_code, day) or ("Vacances scolaires" if school_holiday(postal_code, day) else "")


def _hours(spans: list[SpanView]) -> str:
    if not spans:
        return "Fermé"
    ends = (min(span["start"] for span in spans), max(span["end"] for span in spans))
    return " – ".join(clock_time(datetime(2000, 1, 1, minute // 60 % 24, minute % 60)) for minute in ends)  # noqa: DTZ001 - a wall clock


def _spans(one: DeskPractitioner, day: date, found: AgendaWindow) -> list[SpanView]:
    mine = [opening for opening in found.openings if opening.practitioner_id == one.id]
    spans = [_span(opening, day, found.zone) for opening in mine]
    return sorted((span for span in spans if span["start"] < span["end"]), key=lambda span: span["start"])


def _holds(one: DeskPractitioner, day: date, found: AgendaWindow) -> list[HoldView]:
    return [
        HoldView(
            id=hold.id.hex,
            start=_minute(hold.starts_at, day, found.zone),
            length=(hold.ends_at - hold.starts_at) // timedelta(minutes=1),
            until=clock_time(hold.held_until.astimezone(found.zone)),
        )
        for hold in found.holds
        if hold.practitioner_id == one.id and hold.starts_at.astimezone(found.zone).date() == day
    ]


def _span(opening: OpenTime, day: date, zone: ZoneInfo) -> SpanView:
    return SpanView(start=_minute(opening.starts_at, day, zone), end=_minute(opening.ends_at, day, zone), site=opening.site_id.hex)


def _minute(instant: datetime, day: date, zone: ZoneInfo) -> int:
    """Place an instant on a day's wall clock, 0 before it and 1440 after it."""
    local = instant.astimezone(zone)
    if local.date() != day:
        return 0 if local.date() < day else 1440
    return local.hour * 60 + local.minute


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
        rest=f"&{rest}" if rest else "",
    )
