"""What the holder of an account is written: the link by which they come back in or block it, and that its password changed."""

from typing import Final
from uuid import UUID

from sqlmodel import col, select

from maiia_pro.identity.codes import account_of
from maiia_pro.identity.health import is_blocked
from maiia_pro.identity.health_tables import AccountChange, Purpose, Recovery
from maiia_pro.identity.jobs import AccountEvent
from maiia_pro.identity.recovery import issue_link, recovery_of
from maiia_pro.identity.tables import Account, AccountStatus, Membership
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.french import NBSP
from maiia_pro.notifications.outbox import put
from maiia_pro.notifications.reaching import channel_of
from maiia_pro.notifications.tables import CHANGED, RECOVERY, OutgoingEmail
from maiia_pro.patients.preferences import Channel
from maiia_pro.settings import get_settings

LOST: Final = "/identifiants-perdus"
"""The page where lost or stolen identifiers are reported."""
PAGES: Final = {Purpose.RESET: "/nouveau-mot-de-passe", Purpose.BLOCK: "/identifiants-perdus/bloquer"}
SUBJECTS: Final = {Purpose.RESET: "Choisir un nouveau mot de passe", Purpose.BLOCK: "Bloquer votre compte"}
ASKED: Final = {
    Purpose.RESET: f"Pour choisir un nouveau mot de passe, ouvrez ce lien dans l’heure{NBSP}:",
    Purpose.BLOCK: f"Vous dites que vos identifiants sont perdus ou volés. Pour bloquer votre compte, ouvrez ce lien{NBSP}:",
}
UNASKED: Final = {
    Purpose.RESET: f"Vous n’avez rien demandé{NBSP}? Ne faites rien{NBSP}: votre mot de passe reste le même.",
    Purpose.BLOCK: f"Vous n’avez rien demandé{NBSP}? Ne faites rien{NBSP}: votre compte reste ouvert.",
}
TEXTS: Final = {
    Purpose.RESET: f"pour choisir un mot de passe{NBSP}:",
    Purpose.BLOCK: f"pour bloquer votre compte{NBSP}:",
}
BLOCKED: Final = (
    f"Votre compte est bloqué{NBSP}: toutes vos sessions sont fermées, votre mot de passe ne sert plus.\n\n"
    f"Pour le rouvrir, choisissez un nouveau mot de passe dans l’heure{NBSP}:"
)
RENAMED: Final = (
    f"Bonjour {{reader}},\n\nLe compte au nom de {{before}} porte maintenant celui de {{after}}. Changé par{NBSP}: {{by}}.\n\n"
    f"Un compte ne passe pas d’une personne à une autre{NBSP}: s’il ne s’agit plus de la même, retirez-la du cabinet, puis invitez "
    "la nouvelle, qui aura son propre compte."
)
LATER: Final = f"Trop tard{NBSP}? Demandez un autre lien avec «{NBSP}Mot de passe oublié{NBSP}»."


def tell_recovery(actor: Actor, recovery_id: UUID) -> UUID | None:
    """Put the link that was asked for into the outbox, once; gives the message's id, or nothing where no account is concerned."""
    require(actor, Permission.SYSTEM)
    key = f"{RECOVERY}{recovery_id}"
    with transaction() as session:
        known = session.exec(select(OutgoingEmail.id).where(OutgoingEmail.key == key)).first()
        asked = recovery_of(session, recovery_id)
        account = account_of(session, asked.sought) if asked else None
        if known or asked is None or account is None:
            return known
        purpose = Purpose(asked.purpose)
        if account.status == AccountStatus.SUSPENDED:
            body = _mail(account, [f"Ce compte est suspendu. Pour savoir pourquoi, écrivez-nous{NBSP}: {get_settings().support_email}"])
            return put(session, key, recipient=asked.sought, subject="Votre compte est suspendu", body=body)
        link = f"{get_settings().base_url}{PAGES[purpose]}#{issue_link(session, asked, account)}"
        return put(
            session,
            key,
            recipient=asked.sought,
            subject=SUBJECTS[purpose],
            body=_words(account, asked, link, blocked=is_blocked(session, account.id)),
        )


def _words(account: Account, asked: Recovery, link: str, *, blocked: bool) -> str:
    purpose = Purpose(asked.purpose)
    if channel_of(asked.sought) is Channel.SMS:
        return f"{get_settings().operator_name} : {TEXTS[purpose]} {link}"
    if purpose is Purpose.RESET and blocked:
        return _mail(account, [BLOCKED, link, "", LATER])
    return _mail(account, [ASKED[purpose], link, "", f"Il ne sert qu’une fois. {UNASKED[purpose]}"])


_EVENTS: Final = {
    AccountEvent.PASSWORD_CHANGED: "Le mot de passe de votre compte vient de changer. Vos autres sessions sont fermées.",
    AccountEvent.PASSWORD_RESET: "Un nouveau mot de passe vient d’être choisi pour votre compte. Toutes vos sessions sont fermées.",
}


def tell_account(actor: Actor, account_id: UUID, event: str, mark: UUID) -> UUID | None:
    """Tell the holder, once, that the password changed; gives the message's id."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        account = session.get(Account, account_id)
        if account is None:
            return None
        return put(session, f"{CHANGED}password:{mark}", recipient=account.identifier, **_told(account, AccountEvent(event)))


def _told(account: Account, event: AccountEvent) -> dict[str, str]:
    stranger = f"Ce n’est pas vous{NBSP}? Bloquez votre compte tout de suite{NBSP}: {get_settings().base_url}{LOST}"
    said, subject = _EVENTS[event], "Votre mot de passe a changé"
    if channel_of(account.identifier) is Channel.SMS:
        return {"subject": subject, "body": f"{get_settings().operator_name} : {said} {stranger}"}
    return {"subject": subject, "body": _mail(account, [said, "", stranger])}


def _mail(account: Account, lines: list[str]) -> str:
    return "\n".join([f"Bonjour {account.name},", "", *lines, "", f"{get_settings().operator_name}, {get_settings().base_url}"])


def tell_renamed(actor: Actor, change_id: UUID) -> list[UUID]:
    """Put into the outbox, once each, for its administrators, that somebody of a practice bears another name; gives the messages' ids."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        made = session.get(AccountChange, change_id)
        if made is None:
            return []
        theirs = select(Membership.practice_id).where(Membership.account_id == made.account_id, col(Membership.asked_at).is_(None))
        people = select(Account, Membership.practice_id).join(Membership, col(Membership.account_id) == Account.id)
        people = people.where(col(Membership.practice_id).in_(theirs), col(Membership.administers), col(Membership.asked_at).is_(None))
        people = people.where(Account.id != made.account_id, Account.status == AccountStatus.ACTIVE)
        return [
            put(
                session,
                f"renamed:{change_id}:{one.id}",
                practice_id=practice_id,
                recipient=one.identifier,
                subject="Un nom a changé dans votre cabinet",
                body=RENAMED.format(reader=one.name, before=made.before, after=made.after, by=made.by_name),
            )
            for one, practice_id in session.exec(people).all()
        ]
