"""The outbox: messages are written in it once per event, leave it by e-mail or SMS, and can be looked at."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from maiia_pro.agenda.jobs import SeriesTold
from maiia_pro.agenda.visit_link import LINK_AT
from maiia_pro.identity.codes import LASTS, with_code
from maiia_pro.identity.health import note_bounce, note_taken
from maiia_pro.identity.health_tables import Bounce
from maiia_pro.identity.tables import Account
from maiia_pro.integrations.sms.client import NumberRefused, TextService
from maiia_pro.integrations.smtp.client import AddressRefused, Letter, MailServer
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotAllowed, NotFound, Unavailable
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue
from maiia_pro.notifications.appointment_mail import AppointmentMail, appointment_mail
from maiia_pro.notifications.delay_mail import delay_mail
from maiia_pro.notifications.jobs import DelayReady, MailReady
from maiia_pro.notifications.reaching import channel_of, is_invented, reaches_nobody, shown_recipient, text_of
from maiia_pro.notifications.series_mail import series_mail
from maiia_pro.notifications.tables import ACTIVATION, CHANGED, RECOVERY, SECURITY, OutgoingEmail
from maiia_pro.notifications.text_budget import one_text
from maiia_pro.patients.preferences import Channel
from maiia_pro.practice.tables import Practice
from maiia_pro.settings import get_settings

MOST_SHOWN = 200


def tell_appointment(actor: Actor, appointment_id: UUID, event: str, version: int) -> UUID | None:
    """Put what the patient should know into the outbox, once per event and version; gives the message's id, if there is one to send."""
    require(actor, Permission.SYSTEM)
    key = f"appointment:{appointment_id}:{event}:{version}"
    return _put(key, lambda session: appointment_mail(session, appointment_id, event, version))


def tell_series(actor: Actor, told: SeriesTold) -> UUID | None:
    """Put what the patient should know of several visits of a series into the outbox, once; gives the message's id, if there is one."""
    require(actor, Permission.SYSTEM)
    return _put(f"series:{told.series_id}:{told.event}:{told.version}", lambda session: series_mail(session, told))


def tell_delay(actor: Actor, appointment_id: UUID, minutes: int, announcement: str) -> UUID | None:
    """Put the delay of a visit's practitioner into the outbox, once an announcement; gives the message's id, if there is one to send."""
    require(actor, Permission.SYSTEM)
    return _put(f"delay:{appointment_id}:{announcement}", lambda session: delay_mail(session, appointment_id, minutes), DelayReady)


def tell_by(actor: Actor, key: str, write: Callable[[Session], AppointmentMail | None]) -> UUID | None:
    """Put what a feature above writes into the outbox, once per key; gives the message's id, if there is one to send."""
    require(actor, Permission.SYSTEM)
    return _put(key, write)


def _put(key: str, write: Callable[[Session], AppointmentMail | None], ready: type[MailReady] = MailReady) -> UUID | None:
    """Write a message under its key unless it is there; gives its id. By a second way it is another, with a job of its own."""
    with transaction() as session:
        known = session.exec(select(OutgoingEmail.id).where(OutgoingEmail.key == key)).first()
        if known:
            return known
        mail = write(session)
        if mail is None:
            return None
        first, *others = mail.recipients
        for other in others:  # its own message, which may fail and be tried again alone
            enqueue(session, ready(_put_for(session, f"{key}:{channel_of(other)}", mail, other)))
        return _put_for(session, key, mail, first)


def _put_for(session: Session, key: str, mail: AppointmentMail, recipient: str) -> UUID:
    told = {"subject": mail.subject, "body": mail.body, "calendar": mail.calendar}
    if channel_of(recipient) is Channel.SMS:
        told = {"subject": mail.subject, "body": text_of(mail.subject, mail.link, mail.opens)}
    return put(session, key, practice_id=mail.practice_id, recipient=recipient, **told)


def put(session: Session, key: str, *, recipient: str, **told: Any) -> UUID:
    """Write a message under its key in the caller's transaction, unless it is there; gives its id."""
    row = {"id": uuid7(), "key": key, "created_at": clock.now(), "channel": channel_of(recipient), "recipient": recipient}
    session.connection().execute(insert(OutgoingEmail).values(row | {"calendar": ""} | told).on_conflict_do_nothing())
    return session.exec(select(OutgoingEmail.id).where(OutgoingEmail.key == key)).one()


def deliver(actor: Actor, email_id: UUID, server: MailServer | None = None, texts: TextService | None = None) -> bool:
    """Send a message unless it has left already, or carries a code that is over; tells whether it left now.

    Raises `MailRefused`, `AddressRefused`, `TextRefused`, `NumberRefused`, `TextsSpent`, or `Unavailable` without a server, once it is
    written down why.

    A crash between the server's word and ours sends it again under the same Message-ID, which receivers tell as a repeat.
    """
    require(actor, Permission.SYSTEM)
    with reading() as session:
        email = session.get(OutgoingEmail, email_id)
        if email is None or email.sent_at is not None or (email.code_id and email.created_at + LASTS <= clock.now()):
            return False
    try:
        _hand_over(actor, email, server, texts)
    except (Unavailable, NumberRefused, AddressRefused) as refusal:
        with transaction() as session:
            kept = session.get_one(OutgoingEmail, email_id)
            kept.failed_at, kept.failure = clock.now(), refusal.message
            if isinstance(refusal, AddressRefused):
                note_bounce(session, kept.recipient, Bounce.REFUSED)
        raise
    with transaction() as session:
        sent = session.get_one(OutgoingEmail, email_id)
        practice = session.get(Practice, sent.practice_id) if sent.practice_id else None
        if practice is None or not practice.is_demo:
            sent.body = without_links(sent.body)
        sent.sent_at, sent.attachment, sent.failed_at, sent.failure = clock.now(), None, None, ""
        if sent.key.startswith((ACTIVATION, RECOVERY)) and not get_settings().demo:
            sent.body = ""  # the link has left: it is nobody's to read here
        if sent.channel == Channel.EMAIL:
            note_taken(session, sent.recipient)
    return True


def _hand_over(actor: Actor, email: OutgoingEmail, server: MailServer | None, texts: TextService | None) -> None:
    body = with_code(email.body, email.code_id)
    if email.channel == Channel.SMS:
        with one_text(actor, email.recipient):
            (texts or TextService.of(get_settings())).send(email.recipient, body, str(email.id))
        return
    letter = Letter(
        str(email.id), get_settings().mail_from, email.recipient, email.subject, body, email.calendar,
        email.attachment, email.attachment_name,
    )  # fmt: skip
    (server or _server()).send(letter.as_message())


def without_links(body: str) -> str:
    """Take the secrets of links out of a message: once it has left, only its reader needs them."""
    return re.sub(rf"({re.escape(LINK_AT)})\S+", r"\1…", body)


def _server() -> MailServer:
    url = get_settings().smtp_url
    if not url:
        raise Unavailable("Aucun serveur d’e-mails n’est indiqué : définissez SMTP_URL. Le message attend dans la boîte d’envoi.")
    return MailServer.from_url(url)


@dataclass(frozen=True, slots=True)
class EmailView:
    """A message as the outbox shows it."""

    id: UUID
    channel: Channel
    recipient: str
    subject: str
    body: str
    has_calendar: bool
    created_at: datetime
    sent_at: datetime | None


def outbox(actor: Actor, limit: int = 50) -> list[EmailView]:
    """List the demonstration's latest messages; anybody signed in to the demonstration may look, nobody elsewhere.

    Addresses that are neither invented nor the viewer's own are masked. Links that open an account are the operator's alone.
    """
    require(actor, Permission.OUTBOX_VIEW)
    with reading() as session:
        _only_demo(actor)
        own = _own_address(session, actor)
        statement = _demo_mails(actor).order_by(col(OutgoingEmail.created_at).desc()).limit(max(1, min(limit, MOST_SHOWN)))
        return [_view(session, email, own) for email in session.exec(statement).all()]


def outgoing_email(actor: Actor, email_id: UUID) -> EmailView:
    """Read one message of the demonstration's outbox; raises `NotFound`."""
    require(actor, Permission.OUTBOX_VIEW)
    with reading() as session:
        _only_demo(actor)
        return _view(session, _one(session, actor, email_id), _own_address(session, actor))


def _demo_mails(actor: Actor) -> SelectOfScalar[OutgoingEmail]:
    joined = select(OutgoingEmail).join(Practice, col(Practice.id) == OutgoingEmail.practice_id, isouter=True)
    told = (col(OutgoingEmail.key).startswith(one) for one in (CHANGED, RECOVERY, SECURITY))
    of_accounts = or_(col(OutgoingEmail.code_id).is_not(None), *told)
    found = joined.where(or_(col(Practice.is_demo), of_accounts))
    if actor.kind is ActorKind.OPERATOR:
        return found
    return found.where(~col(OutgoingEmail.key).startswith(ACTIVATION), ~col(OutgoingEmail.key).startswith(RECOVERY))


def _one(session: Session, actor: Actor, email_id: UUID) -> OutgoingEmail:
    found = session.exec(_demo_mails(actor).where(OutgoingEmail.id == email_id)).first()
    if found is None:
        raise NotFound
    return found


def _only_demo(actor: Actor) -> None:
    if not get_settings().demo or actor.kind is ActorKind.API_CLIENT:
        raise NotAllowed("La boîte d’envoi ne s’ouvre que dans une démonstration.")


def _own_address(session: Session, actor: Actor) -> str:
    account = session.get(Account, actor.account_id) if actor.account_id else None
    return (account.email_key or account.phone_key or "") if account else ""


def _view(session: Session, email: OutgoingEmail, own: str) -> EmailView:
    return EmailView(
        id=email.id,
        channel=Channel(email.channel),
        recipient=shown_recipient(email.recipient, own),
        subject=email.subject,
        body=_body(session, email, own),
        has_calendar=bool(email.calendar),
        created_at=email.created_at,
        sent_at=email.sent_at,
    )


def _body(session: Session, email: OutgoingEmail, own: str) -> str:
    """Give what the viewer may read: nobody another's code, nobody a link into a real person's account."""
    nobody = reaches_nobody(session, email.recipient)
    if email.key.startswith(RECOVERY) and not nobody:
        return ""
    body = with_code(email.body, email.code_id) if email.code_id is not None and nobody else email.body
    return body if is_invented(email.recipient) or email.recipient.casefold() == own else without_links(body)
