"""Sending events: each tried for a day, a subscription stopped after days in vain, and the practice told."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.hooks.tables import Delivery, Webhook
from maiia_pro.identity.tables import Account
from maiia_pro.integrations.webhooks.client import Event, NotReceived, send
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.french import NBSP
from maiia_pro.kernel.queue import enqueue
from maiia_pro.notifications.jobs import MailReady
from maiia_pro.notifications.outbox import put
from maiia_pro.settings import get_settings

MOST_TRIES: Final = 9
"""Waits multiply by four from four seconds: the last try comes after a day."""
STOPS_AFTER: Final = timedelta(days=3)
"""How long nothing may arrive before sending stops."""
KEPT: Final = timedelta(days=30)


def deliver(actor: Actor, delivery_id: UUID) -> bool:
    """Send an event and note what became of it; tells whether it arrived now. Raises `NotReceived` while it is worth trying again."""
    require(actor, Permission.SYSTEM)
    with reading() as session:
        delivery = session.get(Delivery, delivery_id)
        hook = session.get(Webhook, delivery.webhook_id) if delivery else None
    if delivery is None or hook is None or delivery.received_at or delivery.given_up_at:
        return False
    if hook.ended_at or hook.stopped_at:
        _note(actor, delivery_id, None, NotReceived("L’envoi était arrêté."))
        return False
    refusal, status = None, None
    try:
        status = _send(hook, delivery)
    except NotReceived as refused:
        refusal = refused
    last = _note(actor, delivery_id, status, refusal)
    if refusal and not last:
        raise refusal
    return refusal is None


def _send(hook: Webhook, delivery: Delivery) -> int:
    allow_private = get_settings().webhook_private_hosts
    secret = vault.unseal(hook.sealed_secret, str(hook.id))
    return send(hook.url, secret, _event(delivery), clock.now(), allow_private=allow_private)


def _event(delivery: Delivery) -> Event:
    data: dict[str, Any] = {}
    if delivery.subject_id:
        data = {"appointment": str(delivery.subject_id), "practitioner": str(delivery.practitioner_id), "version": delivery.version}
    return Event(delivery.id, delivery.event, delivery.created_at, data)


def _note(actor: Actor, delivery_id: UUID, status: int | None, refusal: NotReceived | None) -> bool:
    """Write down what became of a try; tells whether it was the last one."""
    now = clock.now()
    with transaction() as session:
        delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
        hook = session.get_one(Webhook, delivery.webhook_id, with_for_update=True)
        delivery.tries, delivery.tried_at = delivery.tries + 1, now
        delivery.status = status if refusal is None else refusal.answered
        delivery.failure = refusal.message if refusal else ""
        if refusal is None:
            delivery.received_at, hook.failing_since = now, None
            return True
        hook.failing_since = hook.failing_since or now
        if now - hook.failing_since >= STOPS_AFTER and hook.stopped_at is None:
            _stop(session, actor, hook, now)
        if delivery.tries >= MOST_TRIES or hook.stopped_at or hook.ended_at:
            delivery.given_up_at = now
        return delivery.given_up_at is not None


def _stop(session: Session, actor: Actor, hook: Webhook, now: datetime) -> None:
    """Stop sending to a subscription, and write to who made it."""
    hook.stopped_at = now
    audit.record(session, actor, AuditAction.WEBHOOK_STOPPED, subject_type="webhook", subject_id=hook.id, practice_id=hook.practice_id)
    account = session.get_one(Account, hook.created_by)
    if not account.email:
        return
    lines = [
        f"Bonjour {account.name},",
        "",
        "Depuis trois jours, l’application que votre cabinet prévient ne répond plus à cette adresse" + NBSP + ":",
        hook.url,
        "",
        "Nous n’y envoyons plus rien. Ses rendez-vous ne sont plus à jour.",
        f"Prévenez qui l’édite, puis reprenez l’envoi dans vos réglages{NBSP}: {get_settings().base_url}/reglages#webhooks",
    ]
    key = f"webhook:{hook.id}:{int(now.timestamp())}"
    subject = "Une application de votre cabinet n’est plus prévenue"
    ident = put(session, key, recipient=account.email, practice_id=hook.practice_id, subject=subject, body="\n".join(lines))
    enqueue(session, MailReady(ident), lock=f"mail:{ident}")


def delete_old_deliveries(actor: Actor) -> int:
    """Delete what was sent more than a month ago; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return (
            session.connection()
            .execute(text("delete from webhook_delivery where created_at < :before"), {"before": clock.now() - KEPT})
            .rowcount
        )
