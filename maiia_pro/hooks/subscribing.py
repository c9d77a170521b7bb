"""What a practice has its programs told of: subscribed, tried, looked at, taken up again, ended."""

import base64
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.hooks.jobs import EventReady
from maiia_pro.hooks.tables import TEST, Delivery, EventKind, Webhook
from maiia_pro.integrations.webhooks.client import PREFIX, NotReceived, check_address
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.settings import get_settings

MOST: Final = 10
SHOWN: Final = 20
LONGEST: Final = 500
ASKED_A_MINUTE: Final = 6
"""Tests of one address, and new addresses of one person, whose names may take as long to look up as their owner likes."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An event and what became of it; instants are aware UTC."""

    event: str
    at: datetime
    tries: int
    status: int | None
    failure: str
    received_at: datetime | None
    given_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where events go, and the last ones that went there."""

    id: UUID
    url: str
    events: tuple[str, ...]
    failing_since: datetime | None
    stopped_at: datetime | None
    last: tuple[Sent, ...]


def subscriptions(actor: Actor) -> list[Subscription]:
    """List where the practice has events sent to, each with its last ones, the newest first."""
    require(actor, Permission.PROGRAMS)
    with reading() as session:
        own = own_row(session, actor)
        here = select(Webhook).where(Webhook.practice_id == own.practice_id, col(Webhook.ended_at).is_(None))
        return [_view(session, one) for one in session.exec(here.order_by(col(Webhook.created_at)))]


def _view(session: Session, hook: Webhook) -> Subscription:
    newest = select(Delivery).where(Delivery.webhook_id == hook.id).order_by(col(Delivery.created_at).desc(), col(Delivery.id).desc())
    last = tuple(
        Sent(one.event, one.created_at, one.tries, one.status, one.failure, one.received_at, one.given_up_at)
        for one in session.exec(newest.limit(SHOWN))
    )
    return Subscription(hook.id, hook.url, tuple(hook.events), hook.failing_since, hook.stopped_at, last)


def subscribe(actor: Actor, url: str, events: Collection[str]) -> str:
    """Have events sent to an address; gives the secret that signs them, shown once. Raises `Invalid` naming the fields, and `TooMany`."""
    require(actor, Permission.PROGRAMS)
    if actor.account_id is None:
        raise NotFound
    count_request(("webhook-address", actor.account_id), ASKED_A_MINUTE)
    url = _checked(url, events)
    secret, ident = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode(), uuid7()
    with transaction() as session:
        own = own_row(session, actor, lock=True)
        here = select(Webhook.url).where(Webhook.practice_id == own.practice_id, col(Webhook.ended_at).is_(None))
        known = session.exec(here).all()
        if url in known:
            raise Invalid(fields={"url": "Cette adresse est déjà prévenue."})
        if len(known) >= MOST:
            raise Invalid(f"Un cabinet prévient {MOST} adresses au plus. Retirez-en une d’abord.")
        hook = Webhook(
            id=ident,
            practice_id=own.practice_id,
            url=url,
            sealed_secret=vault.seal(secret, str(ident)),
            events=[one.value for one in EventKind if one in events],
            created_by=actor.account_id,
        )
        session.add(hook)
        session.flush()
        _note(session, actor, hook, AuditAction.WEBHOOK_ADDED)
    return secret


def _checked(url: str, events: Collection[str]) -> str:
    errors, typed = FieldErrors(), url.strip()
    if not events or not set(events) <= set(EventKind):
        errors.add("events", "Cochez au moins un événement.")
    if len(typed) > LONGEST or not typed.isascii() or not typed.startswith(("https://", "http://")):
        errors.add("url", "Écrivez une adresse complète, par exemple https://logiciel.exemple.fr/evenements.")
    else:
        try:
            check_address(typed, allow_private=get_settings().webhook_private_hosts)
        except NotReceived as refused:
            errors.add("url", f"{refused.message} Vérifiez-la.")
    errors.check()
    return typed


def _own(session: Session, actor: Actor, hook_id: UUID) -> Webhook:
    own = own_row(session, actor)
    found = session.get(Webhook, hook_id, with_for_update=True)
    if found is None or found.practice_id != own.practice_id or found.ended_at is not None:
        raise NotFound
    return found


def send_test(actor: Actor, hook_id: UUID) -> None:
    """Have an event sent that says nothing, to see whether it arrives. Raises `NotFound` and `TooMany`."""
    require(actor, Permission.PROGRAMS)
    count_request(("webhook", hook_id), ASKED_A_MINUTE)
    with transaction() as session:
        delivery = Delivery(webhook_id=_own(session, actor, hook_id).id, event=TEST)
        session.add(delivery)
        session.flush()
        enqueue(session, EventReady(delivery.id))


def resume(actor: Actor, hook_id: UUID) -> None:
    """Take sending up again after it stopped; what happened meanwhile is not sent. Raises `NotFound`."""
    require(actor, Permission.PROGRAMS)
    with transaction() as session:
        hook = _own(session, actor, hook_id)
        hook.stopped_at = hook.failing_since = None
        _note(session, actor, hook, AuditAction.WEBHOOK_RESUMED)


def end(actor: Actor, hook_id: UUID) -> None:
    """Send nothing there any more. Raises `NotFound`."""
    require(actor, Permission.PROGRAMS)
    with transaction() as session:
        hook = _own(session, actor, hook_id)
        hook.ended_at = clock.now()
        _note(session, actor, hook, AuditAction.WEBHOOK_ENDED)


def _note(session: Session, actor: Actor, hook: Webhook, action: AuditAction) -> None:
    audit.record(session, actor, action, subject_type="webhook", subject_id=hook.id, practice_id=hook.practice_id)
