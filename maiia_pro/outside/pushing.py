"""Our appointments in a linked calendar: when somebody is busy, and nothing of whom or why."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin
from uuid import UUID

from icalendar import Calendar, Event

from maiia_pro.integrations.caldav.client import CaldavClient
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.exchange import exchange

SUMMARY: Final = "Occupé — Maiia Pro"
BEHIND: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=366)
MOST: Final = 100
"""Writes in one job."""
TURN: Final = 60.0
"""Seconds after which a job leaves the rest to another: a calendar that answers slowly keeps the worker from the others no longer."""

Span = tuple[datetime, datetime]
_WANTED: Final = """
    select id, starts_at, ends_at from appointment
    where practitioner_id = %(practitioner_id)s and active and patient_id is not null and ends_at > %(since)s and starts_at < %(until)s
    and starts_at > %(since)s - interval '8 hours' order by starts_at, id
"""
_PUSHED: Final = "select appointment_id, starts_at, ends_at from calendar_push where link_id = %(link_id)s"
_INTEND: Final = """
    insert into calendar_push (link_id, appointment_id) select id, unnest(cast(%(ids)s as uuid[])) from calendar_link
    where id = %(link_id)s and state = 'active' on conflict do nothing
"""
_PUT: Final = """
    update calendar_push set starts_at = %(starts_at)s, ends_at = %(ends_at)s where link_id = %(link_id)s and appointment_id = %(id)s
"""
_DROP: Final = "delete from calendar_push where link_id = %(link_id)s and appointment_id = any(%(ids)s)"


def push(actor: Actor, link_id: UUID, practitioner_id: UUID, client: CaldavClient, calendar: str) -> bool:
    """Write what is new or has moved, take away what is no more; what is over stays there and is no longer ours to change.

    At most `MOST` at a time, and for one turn: tells whether that was all.
    """
    require(actor, Permission.SYSTEM)
    until = time.monotonic() + TURN
    since = clock.now() - BEHIND
    with reading() as session:
        window = {"practitioner_id": practitioner_id, "since": since, "until": clock.now() + AHEAD}
        wanted: dict[UUID, Span] = {row[0]: (row[1], row[2]) for row in exchange(session, _WANTED, window).fetchall()}
        pushed = {row[0]: (row[1], row[2]) for row in exchange(session, _PUSHED, {"link_id": link_id}).fetchall()}
    different = [ident for ident, span in wanted.items() if pushed.get(ident) != span]
    changed = {ident: wanted[ident] for ident in different[:MOST]}
    unwanted = [ident for ident in pushed if ident not in wanted]
    over = [ident for ident in unwanted if pushed[ident][1] and pushed[ident][1] <= since]
    with transaction() as session:
        exchange(session, _INTEND, {"link_id": link_id, "ids": list(changed)})
        exchange(session, _DROP, {"link_id": link_id, "ids": over})
    put: dict[UUID, Span] = {}
    gone: list[UUID] = []
    try:
        for ident, span in changed.items():
            client.put(address_of(calendar, ident), busy_event(ident, span))
            put[ident] = span
            if time.monotonic() > until:
                return False
        for ident in set(unwanted) - set(over):
            client.delete(address_of(calendar, ident))
            gone.append(ident)
            if time.monotonic() > until:
                return False
    finally:
        _note(link_id, put, gone)
    return len(different) <= MOST


def take_back(actor: Actor, link_id: UUID, client: CaldavClient, calendar: str) -> bool:
    """Take away what we wrote there, at most `MOST` at a time and for one turn; tells whether that was all."""
    require(actor, Permission.SYSTEM)
    until = time.monotonic() + TURN
    with reading() as session:
        idents = [row[0] for row in exchange(session, _PUSHED, {"link_id": link_id}).fetchall()]
    gone: list[UUID] = []
    try:
        for ident in idents[:MOST]:
            client.delete(address_of(calendar, ident))
            gone.append(ident)
            if time.monotonic() > until:
                return False
    finally:
        _note(link_id, {}, gone)
    return len(idents) <= MOST


def _note(link_id: UUID, put: dict[UUID, Span], gone: Iterable[UUID]) -> None:
    with transaction() as session:
        for ident, (starts_at, ends_at) in put.items():
            exchange(session, _PUT, {"link_id": link_id, "id": ident, "starts_at": starts_at, "ends_at": ends_at})
        exchange(session, _DROP, {"link_id": link_id, "ids": list(gone)})


def address_of(calendar: str, appointment_id: UUID) -> str:
    """Name the one place of an appointment in a calendar."""
    return urljoin(calendar if calendar.endswith("/") else f"{calendar}/", f"maiia-pro-{appointment_id}.ics")


def busy_event(appointment_id: UUID, span: Span) -> bytes:
    """Write the event: when, and that it is busy."""
    event = Event()
    event.add("uid", f"{appointment_id}@maiia-pro")
    event.add("dtstamp", clock.now())
    event.add("dtstart", span[0])
    event.add("dtend", span[1])
    event.add("summary", SUMMARY)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    calendar = Calendar()
    calendar.add("prodid", "-//Maiia Pro//Occupé//FR")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
