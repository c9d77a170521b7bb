"""Sending events: each tried for a day, a subscription stopped after days in vain, and the practice told."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.hooks.tables import Delivery, Webhook
from maiia_pro.identity.api_clients import somebody_there
from maiia_pro.identity.tables import Account
from maiia_pro.integrations.webhooks.client import Event, NotReceived, send
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Unavailable
from maiia_pro.kernel.french import NBSP
from maiia_pro.kernel.queue import enqueue
from maiia_pro.notifications.jobs import MailReady
from maiia_pro.notifications.outbox import put
from maiia_pro.settings import get_settings

MOST_TRIES: Final = 9
WAIT: Final = 4
"""Seconds after the first try; each wait is as many times as long as the one before, so that the last try comes after a day."""
STOPS_AFTER: Final = timedelta(days=3)
"""How long nothing may arrive before sending stops."""
KEPT: Final = timedelta(days=30)
NOBODY: Final = "Aucun praticien du cabinet n’a de compte ouvert."
LOST_KEY: Final = f"La clé de chiffrement du serveur a changé{NBSP}: retirez cette adresse, puis ajoutez-la de nouveau."


def deliver(actor: Actor, delivery_id: UUID) -> bool:
    """Send an event and note what became of it; tells whether it arrived now. Raises `NotReceived` while it is worth trying again."""
    require(actor, Permission.SYSTEM)
    with reading() as session:
        delivery = session.get(Delivery, delivery_id)
        hook = session.get(Webhook, delivery.webhook_id) if delivery else None
        somebody = hook is not None and somebody_there(session, hook.practice_id)
    if delivery is None or hook is None or delivery.received_at or delivery.given_up_at:
        return False
    if why := "L’envoi était arrêté." if hook.ended_at or hook.stopped_at else "" if somebody else NOBODY:
        _give_up(delivery_id, why)
        return False
    refusal, status = None, None
    try:
        status = _send(hook, delivery)
    except NotReceived as refused:
        refusal = refused
    tries = _note(actor, delivery_id, status, refusal)
    if refusal and tries:
        refusal.retry_after = WAIT**tries
        raise refusal
    return refusal is None


def _send(hook: Webhook, delivery: Delivery) -> int:
    allow_private = get_settings().webhook_private_hosts
    try:
        secret = vault.unseal(hook.sealed_secret, str(hook.id))
    except Unavailable:
        raise NotReceived(LOST_KEY) from None
    return send(hook.url, secret, _event(delivery), clock.now(), allow_private=allow_private)


def _give_up(delivery_id: UUID, why: str) -> None:
    with transaction() as session:
        delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
        delivery.given_up_at, delivery.failure = clock.now(), why


def _event(delivery: Delivery) -> Event:
    data: dict[str, Any] = {}
    if delivery.subject_id:
        data = {"appointment": str(delivery.subject_id), "practitioner": str(delivery.practitioner_id), "version": delivery.version}
    return Event(delivery.id, delivery.event, delivery.created_at, data)


def _note(actor: Actor, delivery_id: UUID, status: int | None, refusal: NotReceived | None) -> int:
    """Write down what became of a try; tells how many there were, 0 where it was the last one."""
    now = clock.now()
    with transaction() as session:
        delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
        hook = session.get_one(Webhook, delivery.webhook_id, with_for_update=True)
        delivery.tries, delivery.tried_at = delivery.tries + 1, now
        delivery.status = status if refusal is None else refusal.answered
        delivery.failure = refusal.message if refusal else ""
        if refusal is None:
            delivery.received_at, hook.failing_since = now, None
            return 0
        hook.failing_since = hook.failing_since or now
        if now - hook.failing_since >= STOPS_AFTER and hook.stopped_at is None:
            _stop(session, actor, hook, now)
        if delivery.tries >= MOST_TRIES or hook.stopped_at or hook.ended_at:
            delivery.given_up_at = now
        return 0 if delivery.given_up_at else delivery.tries


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
