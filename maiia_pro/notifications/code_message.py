"""The message that carries a sign-in code, and whether it has left. The outbox keeps it without its digits."""

from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from maiia_pro.identity.codes import HIDDEN, account_of, with_code
from maiia_pro.identity.identifiers import is_phone
from maiia_pro.identity.tables import Account, SignInCode
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.french import NBSP
from maiia_pro.notifications.outbox import put
from maiia_pro.notifications.reaching import channel_of, reaches_nobody
from maiia_pro.notifications.tables import CHANGED, OutgoingEmail
from maiia_pro.patients.preferences import Channel
from maiia_pro.settings import get_settings

SUBJECT: Final = "Votre code de connexion"
SUBJECT_NEW: Final = "Votre code pour créer un compte"
SUBJECT_CHANGE: Final = "Votre code de confirmation"
SUBJECT_STAFF: Final = "Votre compte s’ouvre avec votre mot de passe"
PERSONAL: Final = "Ne le donnez à personne, même à quelqu’un qui dit travailler pour nous."

_KEY: Final = "code:"
KEPT: Final = timedelta(days=1)


def tell_code(actor: Actor, code_id: UUID) -> UUID | None:
    """Put a code's message into the outbox, once; gives the message's id, or nothing where the code is over."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        code = session.get(SignInCode, code_id)
        if code is None or code.proven_at or code.expires_at <= clock.now():
            return None
        subject, body = _words_of_change(code.sought) if code.account_id else _words(session, code.sought)
        return put(session, _key(code_id), recipient=code.sought, subject=subject, body=body, code_id=code_id)


def code_sending(actor: Actor, code_id: UUID) -> str:
    """Tell how far a code's message has come: `waiting`, `sent` or `failed`."""
    require(actor, Permission.DIRECTORY_SEARCH)
    with reading() as session:
        email = session.exec(select(OutgoingEmail).where(OutgoingEmail.key == _key(code_id))).first()
    if email is None or not (email.sent_at or email.failed_at):
        return "waiting"
    return "sent" if email.sent_at else "failed"


def simulated_message(actor: Actor, code_id: UUID) -> str:
    """Give the message of a code that a demonstration sent to nobody; nothing else is ever shown."""
    require(actor, Permission.DIRECTORY_SEARCH)
    if not get_settings().demo:
        return ""
    with reading() as session:
        email = session.exec(select(OutgoingEmail).where(OutgoingEmail.key == _key(code_id))).first()
        return with_code(email.body, email.code_id) if email and reaches_nobody(session, email.recipient) else ""


def _key(code_id: UUID) -> str:
    return f"{_KEY}{code_id}"


def forget_code_messages(actor: Actor) -> int:
    """Forget, a day later, where codes were asked for: whoever asked may have no account here. Tells how many messages."""
    require(actor, Permission.SYSTEM)
    old = delete(OutgoingEmail).where(col(OutgoingEmail.key).startswith(_KEY), col(OutgoingEmail.created_at) < clock.now() - KEPT)
    with transaction() as session:
        return session.connection().execute(old).rowcount


def _words(session: Session, sought: str) -> tuple[str, str]:
    """Give subject and body: to sign in, to sign up, or, to a professional, that no code opens the account."""
    account = account_of(session, sought)
    if channel_of(sought) is Channel.SMS:
        return (SUBJECT, _text("")) if account else (SUBJECT_NEW, _text(" pour créer votre compte"))
    if account and account.role != ActorKind.PATIENT:
        return SUBJECT_STAFF, _mail(account, f"Un compte professionnel s’ouvre avec son mot de passe{NBSP}: aucun code ne vous est envoyé.")
    said = f"Vous n’avez pas encore de compte avec cette adresse. Pour en créer un, écrivez ce code{NBSP}: {HIDDEN}"
    if account:
        said = f"Votre code de connexion{NBSP}: {HIDDEN}"
    valid = f"Il est valable dix minutes, là où vous l’avez demandé. {PERSONAL}"
    return SUBJECT if account else SUBJECT_NEW, _mail(account, f"{said}\n\n{valid}")


def _words_of_change(sought: str) -> tuple[str, str]:
    """Give subject and body to who gives their account a new address or number."""
    if channel_of(sought) is Channel.SMS:
        return SUBJECT_CHANGE, _text(" pour confirmer ce numéro")
    valid = f"Il est valable dix minutes. {PERSONAL}"
    return SUBJECT_CHANGE, _mail(None, f"Votre code pour confirmer cette adresse{NBSP}: {HIDDEN}\n\n{valid}")


def tell_change(actor: Actor, code_id: UUID) -> UUID | None:
    """Tell the old address or number, once, that the account has another; nothing where there was none."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        code = session.get(SignInCode, code_id)
        if code is None or not code.replaces:
            return None
        what = "Le numéro" if is_phone(code.sought) else "L’adresse e-mail"
        help_at = get_settings().support_email
        said = f"{what} de votre compte vient de changer. Ce n’est pas vous{NBSP}? Écrivez-nous tout de suite{NBSP}: {help_at}"
        body = f"Bonjour,\n\n{said}\n\n{get_settings().operator_name}, {get_settings().base_url}"
        if channel_of(code.replaces) is Channel.SMS:
            body = f"{get_settings().operator_name} : {said}"
        return put(session, f"{CHANGED}{code_id}", recipient=code.replaces, subject=f"{what} de votre compte a changé", body=body)


def _mail(account: Account | None, said: str) -> str:
    greeting = f"Bonjour {account.name}," if account else "Bonjour,"
    nothing = f"Vous n’avez rien demandé{NBSP}? Ne faites rien{NBSP}: personne n’entre sans ce code."
    return "\n".join([greeting, "", said, "", nothing, "", f"{get_settings().operator_name}, {get_settings().base_url}"])


def _text(purpose: str) -> str:
    """Write the SMS; its last line lets telephones offer the code on our pages, and on no other (the origin-bound one-time codes)."""
    host = urlsplit(get_settings().base_url).hostname
    said = f"{HIDDEN} est votre code {get_settings().operator_name}{purpose}. Il est valable dix minutes. Ne le donnez à personne."
    return f"{said}\n\n@{host} #{HIDDEN}"
