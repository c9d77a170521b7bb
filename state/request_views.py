"""How requests are written on screens: lines, groups, a panel, made from what the use cases answer."""

from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.french import age, moment, phone, short_date, today_in
from maiia_pro.requests.detail import RequestDetail
from maiia_pro.requests.listing import RequestCounts, RequestLine
from maiia_pro.requests.tables import KIND_LABELS, OPEN, PROGRESS_LABELS, Kind, Priority, Progress
from state.session import initials
from state.slots import near_moment

KIND_ICONS: Final = {Kind.CALL_BACK: "phone", Kind.RENEWAL: "file-text", Kind.QUESTION: "info", Kind.OTHER: "sticky-note"}
KIND_WORDS: Final = KIND_LABELS | {Kind.RENEWAL: "Renouvellement", Kind.OTHER: "Autre"}
"""Shorter, for the lines of the list."""
PROGRESS_ICONS: Final = {
    Progress.TODO: "circle-dashed",
    Progress.IN_PROGRESS: "circle-play",
    Progress.DONE: "circle-check",
    Progress.DROPPED: "ban",
}
ACTS: Final = {
    "request:created": "Demande notée",
    "request:taken": "Demande prise",
    "request:assigned": "Demande confiée",
    "request:rescheduled": "Échéance changée",
    "request:closed": "Demande fermée",
    "request:reopened": "Demande rouverte",
}
NOBODY: Final = "À prendre"


class RequestRow(TypedDict):
    """A line of the list: `progress` is empty for what waits to be done, `fresh` is what somebody else changed a moment ago."""

    id: str
    version: int
    icon: str
    kind: str
    subject: str
    who: str
    due: str
    overdue: bool
    urgent: bool
    owner: str
    initials: str
    mine: bool
    free: bool
    progress: str
    progress_icon: str
    comments: str
    fresh: bool


class RequestGroup(TypedDict):
    """Lines under one title."""

    title: str
    rows: list[RequestRow]


class CountsView(TypedDict):
    """The numbers on the filters."""

    open: int
    mine: int
    unassigned: int
    overdue: int


class PanelView(TypedDict):
    """A request in full, ready to show."""

    id: str
    version: int
    icon: str
    kind: str
    subject: str
    words: str
    patient: str
    born: str
    caller: str
    phone: str
    tel: str
    practitioner: str
    owner_id: str
    owner: str
    takeable: bool
    progress: str
    progress_icon: str
    open: bool
    overdue: bool
    urgent: bool
    due: str
    typed: str
    created: str
    visit: str
    visit_href: str


class NoteView(TypedDict):
    """A comment or an act: what, when, by whom."""

    title: str
    when: str
    detail: str


NO_COUNTS: Final = CountsView(open=0, mine=0, unassigned=0, overdue=0)
NOTHING: Final = PanelView(
    id="", version=0, icon="inbox", kind="", subject="", words="", patient="", born="", caller="", phone="", tel="", practitioner="",
    owner_id="", owner="", takeable=False, progress="", progress_icon="circle-dashed", open=False, overdue=False, urgent=False, due="",
    typed="", created="", visit="", visit_href="",
)  # fmt: skip


def counts_view(counts: RequestCounts) -> CountsView:
    """Give the numbers on the filters."""
    return CountsView(open=counts.open, mine=counts.mine, unassigned=counts.unassigned, overdue=counts.overdue)


def group_views(actor: Actor, lines: tuple[RequestLine, ...], fresh: set[UUID]) -> list[RequestGroup]:
    """Part the list: late, of today, later; what is closed stands together."""
    groups: dict[str, list[RequestRow]] = {}
    for line in lines:
        groups.setdefault(_group(line), []).append(_row(actor, line, line.id in fresh))
    return [RequestGroup(title=title, rows=rows) for title, rows in groups.items()]


def _group(line: RequestLine) -> str:
    if line.progress not in OPEN:
        return "Fermées"
    if line.overdue:
        return "En retard"
    today = clock.now().astimezone(line.zone).date()
    return "Aujourd’hui" if line.due_at.astimezone(line.zone).date() == today else "Plus tard"


def _row(actor: Actor, line: RequestLine, fresh: bool) -> RequestRow:
    who = line.patient or line.caller
    return RequestRow(
        id=line.id.hex,
        version=line.version,
        icon=KIND_ICONS[line.kind],
        kind=KIND_WORDS[line.kind],
        subject=line.subject,
        who=f"{who} · {line.practitioner}" if line.practitioner else who,
        due=_due(line),
        overdue=line.overdue,
        urgent=line.priority is Priority.URGENT,
        owner=_owner(line),
        initials=initials(line.owner) if line.owner else "",
        mine=line.owner_id is not None and line.owner_id == actor.account_id,
        free=line.owner_id is None and line.progress in OPEN,
        progress="" if line.progress is Progress.TODO else PROGRESS_LABELS[line.progress],
        progress_icon=PROGRESS_ICONS[line.progress],
        comments=f"{line.comments} commentaire{'s' if line.comments > 1 else ''}" if line.comments else "",
        fresh=fresh,
    )


def _owner(line: RequestLine) -> str:
    return line.owner or (NOBODY if line.progress in OPEN else "Personne")


def _due(line: RequestLine) -> str:
    return near_moment(line.due_at, line.zone, clock.now())


def panel_view(actor: Actor, detail: RequestDetail) -> PanelView:
    """Put a request in the words of the panel."""
    line = detail.line
    due = line.due_at.astimezone(line.zone)
    is_open = line.progress in OPEN
    visit = detail.appointment_at.astimezone(line.zone) if detail.appointment_at else None
    return PanelView(
        id=line.id.hex,
        version=line.version,
        icon=KIND_ICONS[line.kind],
        kind=KIND_LABELS[line.kind],
        subject=line.subject,
        words=detail.words,
        patient=line.patient,
        born=f"{age(detail.birth_date, today_in(line.zone, clock.now()))} · {short_date(detail.birth_date)}" if detail.birth_date else "",
        caller=line.caller,
        phone=phone(detail.phone),
        tel=f"tel:{detail.phone}",
        practitioner=line.practitioner or "Tout le cabinet",
        owner_id=line.owner_id.hex if line.owner_id else "",
        owner=_owner(line),
        takeable=is_open and (line.owner_id is None or (line.owner_id == actor.account_id and line.progress is Progress.TODO)),
        progress=PROGRESS_LABELS[line.progress],
        progress_icon=PROGRESS_ICONS[line.progress],
        open=is_open,
        overdue=line.overdue,
        urgent=line.priority is Priority.URGENT,
        due=_due(line),
        typed=f"{short_date(due.date())} {due.hour}h{due.minute:02d}",
        created=f"{moment(detail.created_at, line.zone)}, par {detail.created_by}",
        visit=near_moment(detail.appointment_at, line.zone, clock.now()) if detail.appointment_at else "",
        visit_href=f"/agenda?jour={visit.date().isoformat()}" if visit else "",
    )


def comment_views(detail: RequestDetail) -> list[NoteView]:
    """Tell what was said, in order."""
    return [NoteView(title=one.author, when=_when(one.at, detail), detail=one.words) for one in detail.comments]


def act_views(detail: RequestDetail) -> list[NoteView]:
    """Tell what was done, the latest first."""
    return [
        NoteView(title=ACTS.get(one.action, "Demande changée"), when=_when(one.at, detail), detail=f"Par {one.actor_name}")
        for one in reversed(detail.acts)
    ]


def _when(at: datetime, detail: RequestDetail) -> str:
    return moment(at, detail.line.zone)


def news_of(line: RequestLine) -> str:
    """Say what somebody else just did."""
    return f"{line.changed_by} vient {'de noter' if line.version == 1 else 'de changer'} «\u00a0{line.subject}\u00a0»"
