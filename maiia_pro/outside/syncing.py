"""What the worker does for a linked calendar: our appointments go out as busy time, its events come in; nothing else is told or kept.

Each step may be done again: an appointment has one address there, said to be ours before it is written, so that a worker that is killed
leaves nothing twice and nothing forgotten. Network only between transactions.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from maiia_pro.agenda.context import lock_practitioners, zone_of_practice
from maiia_pro.integrations.caldav.client import CaldavClient
from maiia_pro.integrations.caldav.faults import CaldavFault, Unreachable, Unreadable
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, Unavailable
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.vault import unseal
from maiia_pro.outside.jobs import enqueue_sync
from maiia_pro.outside.linking import PAUSE
from maiia_pro.outside.notes import note_change
from maiia_pro.outside.pushing import push, take_back
from maiia_pro.outside.reading import BusyTime, read_calendar
from maiia_pro.outside.tables import CalendarLink, LinkState, OutsideSource
from maiia_pro.outside.times import known_times, write_times
from maiia_pro.practice.tables import Practitioner
from maiia_pro.settings import get_settings

LONGEST_PAUSE: Final = timedelta(hours=6)
BEHIND: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=366)
LARGEST: Final = 8 * 1024 * 1024
MOST_TRIES_TO_LEAVE: Final = 5

Opener = Callable[[str, str, str], CaldavClient]
_GONE: Final = frozenset({LinkState.CHOOSE, LinkState.STOPPED})


class KeyChanged(CaldavFault):
    """The password was sealed by another key."""

    code = "key"


@dataclass(frozen=True, slots=True)
class _Task:
    """A link as it was read when the work began."""

    link: CalendarLink
    practice_id: UUID
    zone: ZoneInfo
    password: str


def _open(url: str, user: str, password: str) -> CaldavClient:
    return CaldavClient(url, user, password, allow_private=get_settings().calendar_private_hosts)


def enqueue_due(actor: Actor) -> int:
    """Enqueue the reading of calendars whose time has come, each once whichever worker asks; tells how many."""
    require(actor, Permission.SYSTEM)
    now = clock.now()
    with transaction() as session:
        due = exchange(session, _DUE, {"now": now, "next": now + PAUSE}).fetchall()
        for (link_id,) in due:
            enqueue_sync(session, link_id)
        return len(due)


_DUE: Final = """
    update calendar_link set next_at = %(next)s where id in (
        select id from calendar_link
        where next_at <= %(now)s and coalesce(retry_at, %(now)s) <= %(now)s and state in ('new', 'active', 'leaving')
        order by next_at limit 200 for update skip locked)
    returning id
"""


def sync_link(actor: Actor, link_id: UUID, opener: Opener = _open) -> None:
    """Bring a linked calendar and the agenda together; what goes wrong is written down for its owner, and tried again later or never."""
    require(actor, Permission.SYSTEM)
    try:
        task = _read(link_id)
        if task is None:
            return
        with opener(task.link.address, task.link.user_name, task.password) as client:
            if task.link.state == LinkState.NEW:
                task = _discover(task, client)
            if task and task.link.state == LinkState.LEAVING:
                whole = take_back(actor, link_id, client, task.link.calendar_url)
                _forget(link_id) if whole else _go_on(link_id, done=False)
            elif task:
                whole = push(actor, link_id, task.link.practitioner_id, client, task.link.calendar_url)
                _pull(actor, task, client)
                _go_on(link_id, done=whole)
    except CaldavFault as fault:
        _note_fault(link_id, fault.code, passing=isinstance(fault, Unreachable))


def _read(link_id: UUID) -> _Task | None:
    with reading() as session:
        link = session.get(CalendarLink, link_id)
        if link is None or link.state in _GONE or (link.retry_at and link.retry_at > clock.now()):
            return None
        practitioner = session.get_one(Practitioner, link.practitioner_id)
        if practitioner.barred and link.state != LinkState.LEAVING:
            return None  # once the account is open again, the next round makes up for it
        return _Task(link, practitioner.practice_id, zone_of_practice(session, practitioner.practice_id), _password(link))


def _password(link: CalendarLink) -> str:
    try:
        return unseal(link.sealed_password, str(link.id))
    except Unavailable:
        raise KeyChanged from None


def _discover(task: _Task, client: CaldavClient) -> _Task | None:
    """Find the calendar; where there are several, its owner chooses."""
    found = client.calendars()
    with transaction() as session:
        link = session.get(CalendarLink, task.link.id, with_for_update=True)
        if link is None or link.state != LinkState.NEW:
            return None
        if len(found) == 1:
            link.state, (link.calendar_url, link.calendar_name) = LinkState.ACTIVE, found[0]
        else:
            link.state, link.choices, link.asked = LinkState.CHOOSE, [list(one) for one in found], False
        session.add(link)
    return replace(task, link=link) if link.state == LinkState.ACTIVE else None


def _pull(actor: Actor, task: _Task, client: CaldavClient) -> None:
    """Read the calendar unless it says that it is as it was, today still."""
    url, today = task.link.calendar_url, clock.now().date()
    tag = client.tag(url)
    if tag and (tag, today) == (task.link.read_tag, task.link.read_day):
        with transaction() as session:
            _note_success(session, task, tag)
        return
    begins, ends = clock.now() - BEHIND, clock.now() + AHEAD
    times = _busy(client.events(url, begins, ends), task.zone, begins, ends)
    with transaction() as session:
        practitioner = session.get_one(Practitioner, task.link.practitioner_id)
        lock_practitioners(session, [practitioner.id])
        if not _note_success(session, task, tag):
            return
        here = {(one.event_key, one.occurrence) for one in times}
        gone = [one for key, one in known_times(session, practitioner.id, OutsideSource.CALDAV).items() if key not in here]
        written = write_times(session, practitioner.id, OutsideSource.CALDAV, times, gone)
        if written.any:
            counts = {"added": written.added, "changed": written.changed, "removed": written.removed}
            note_change(session, actor, practitioner, AuditAction.CALENDAR_READ, counts, free_time=True)


def _busy(content: bytes, zone: ZoneInfo, begins: datetime, ends: datetime) -> list[BusyTime]:
    """Of the events keep when they are, nothing else."""
    if not content:
        return []
    try:
        found = read_calendar(content, zone, begins, ends, longest=LARGEST)
    except Invalid as refusal:
        raise Unreadable from refusal
    return [replace(one, title="") for one in found.times]


def _note_success(session: Session, task: _Task, tag: str) -> bool:
    """Write down that it went well; tells whether the link is still there as it was."""
    link = session.exec(select(CalendarLink).where(CalendarLink.id == task.link.id).with_for_update()).first()
    if link is None or (link.state, link.calendar_url) != (LinkState.ACTIVE, task.link.calendar_url):
        return False
    now = clock.now()
    link.synced_at, link.next_at, link.read_tag, link.read_day = now, now + PAUSE, tag, now.date()
    link.fault, link.failures, link.retry_at, link.asked = "", 0, None, False
    session.add(link)
    return True


def _note_fault(link_id: UUID, code: str, *, passing: bool) -> None:
    """Write down what went wrong: what passes is tried again, twice as late each time; the rest waits for its owner."""
    with transaction() as session:
        link = session.get(CalendarLink, link_id, with_for_update=True)
        if link is None:
            return
        link.fault, link.failures, link.asked = code, link.failures + 1, False
        if link.state == LinkState.LEAVING and (not passing or link.failures >= MOST_TRIES_TO_LEAVE):
            session.delete(link)
        elif passing:
            link.retry_at = clock.now() + min(timedelta(minutes=2 ** min(link.failures, 10)), LONGEST_PAUSE)
            link.next_at = link.retry_at
        else:
            link.state = LinkState.STOPPED


def _go_on(link_id: UUID, *, done: bool) -> None:
    """Leave the rest to another job: one calendar does not keep the worker from the others."""
    if not done:
        with transaction() as session:
            enqueue_sync(session, link_id)


def _forget(link_id: UUID) -> None:
    with transaction() as session:
        link = session.get(CalendarLink, link_id)
        if link is not None and link.state == LinkState.LEAVING:
            session.delete(link)
