"""Messages to the holder of an account about what was done in it, in case it was not them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.identity.factor_tables import IDENTITY_CHECK_LABELS, FactorReset, IdentityCheck
from maiia_pro.identity.health_tables import AccountHealth
from maiia_pro.identity.identifiers import MOBILE
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.tables import Account
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.french import NBSP, PARIS, moment
from maiia_pro.notifications.outbox import put
from maiia_pro.notifications.reaching import channel_of
from maiia_pro.notifications.tables import SECURITY
from maiia_pro.patients.preferences import Channel
from maiia_pro.settings import get_settings

LOST: Final = "/identifiants-perdus"
"""Where lost and stolen credentials are declared."""
MINE: Final = f"C’est bien vous{NBSP}? Vous n’avez rien à faire."
WORDS: Final = {
    SecurityEvent.NEW_BROWSER: ("Connexion depuis un nouvel appareil", "Votre compte vient d’être ouvert là où il ne l’avait jamais été."),
    SecurityEvent.FACTOR_ADDED: ("Seconde étape ajoutée", "Une application ou une clé d’accès vient d’être ajoutée à votre compte."),
    SecurityEvent.FACTOR_REMOVED: ("Seconde étape supprimée", "Une application ou une clé d’accès vient d’être supprimée de votre compte."),
    SecurityEvent.CODES_MADE: ("Nouveaux codes de secours", "Les codes de secours de votre compte viennent d’être refaits."),
    SecurityEvent.CODE_USED: ("Code de secours utilisé", "Un code de secours vient de servir à ouvrir votre compte."),
}
"""Subject, and what was done."""


def tell_security(actor: Actor, account_id: UUID, event: str, at: str, *, browser: str = "", place: str = "") -> UUID | None:
    """Put the message into the outbox, once per event and instant (ISO 8601); gives its id, or nothing where the account is gone."""
    require(actor, Permission.SYSTEM)
    subject, done = WORDS[SecurityEvent(event)]
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            return None
        when, key = moment(datetime.fromisoformat(at), PARIS), f"{SECURITY}{account_id}:{event}:{at}"
        facts = {"Navigateur": browser, "Réseau": place}
        body = _text(subject, when) if channel_of(account.identifier) is Channel.SMS else _mail(done, when, facts)
        return put(session, key, recipient=account.identifier, subject=subject, body=body)


RESET: Final = "Seconde étape réinitialisée"
TAKEN: Final = (
    "À la demande reçue par notre assistance, l’application, les clés d’accès et les codes de secours de votre compte ne servent plus. "
    "Toutes vos sessions sont fermées."
)
BACK: Final = f"C’est bien vous{NBSP}? Connectez-vous, puis ajoutez aussitôt une nouvelle seconde étape."


def tell_reset(actor: Actor, reset_id: UUID) -> list[UUID]:
    """Put into the outbox, once, that the operator took second factors away: to the proven address, and to the number if there is one.

    Gives the messages' ids.
    """
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        made = session.get(FactorReset, reset_id)
        account = session.get(Account, made.account_id) if made else None
        if made is None or account is None:
            return []
        when = moment(made.created_at, PARIS)
        facts = {"Identité vérifiée": IDENTITY_CHECK_LABELS[IdentityCheck(made.checked_by)]}
        bodies = {Channel.EMAIL: _mail(TAKEN, when, facts, BACK), Channel.SMS: _text(RESET, when)}
        return [
            put(session, f"{SECURITY}reset:{reset_id}:{channel_of(one)}", recipient=one, subject=RESET, body=bodies[channel_of(one)])
            for one in _everywhere(session, account)
        ]


def _everywhere(session: Session, account: Account) -> list[str]:
    """Give the address that the holder proved to read, and the mobile that a message may go to."""
    health = session.get(AccountHealth, account.id)
    number = account.phone_key or (health.phone if health else "")
    by_text = get_settings().phone_door and MOBILE.fullmatch(number)
    return [*([account.email] if account.email and account.proven_at else []), *([number] if by_text else [])]


def _mail(done: str, when: str, facts: dict[str, str], mine: str = MINE) -> str:
    settings = get_settings()
    told = {"Quand": f"{when} (heure de Paris)"} | facts
    lost = f"Ce n’est pas vous{NBSP}? Déclarez-le tout de suite, tout sera fermé{NBSP}: {settings.base_url}{LOST}"
    lines = ["Bonjour,", "", done, "", *[f"{name}{NBSP}: {fact}" for name, fact in told.items() if fact], ""]
    return "\n".join([*lines, mine, "", lost, "", f"{settings.operator_name}, {settings.base_url}"])


def _text(subject: str, when: str) -> str:
    settings = get_settings()
    return f"{settings.operator_name} : {subject[:1].lower()}{subject[1:]}, {when}. Ce n’est pas vous ? {settings.base_url}{LOST}"
