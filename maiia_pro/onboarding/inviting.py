"""Accounts of a practice's people: made without a password, opened by the link that the message brings (never a password by mail)."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, or_, select

from maiia_pro.identity.accounts import EmailTaken, activation_link, insert_account
from maiia_pro.identity.hats import CHOICE
from maiia_pro.identity.health import is_blocked
from maiia_pro.identity.tables import Account, AccountStatus, Membership
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.french import NBSP
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue
from maiia_pro.kernel.rates import count_request
from maiia_pro.notifications.jobs import MailReady
from maiia_pro.notifications.tables import ACTIVATION, OutgoingEmail
from maiia_pro.practice.tables import Practice
from maiia_pro.settings import get_settings

SUBJECT: Final = "Votre accès à Maiia Pro"
LINKS_A_MINUTE: Final = 10
"""Of a practice: each is a message to an address that anybody may have typed."""
TOO_MANY: Final = "Plusieurs liens viennent de partir. Attendez une minute, puis réessayez."


class AlreadyActive(Conflict):
    """Nobody of the practice waits for a link."""

    code = "already-active"
    message = "Tous les comptes de ce cabinet sont déjà activés."


class AlreadyHere(Invalid):
    """The address is somebody's who works in the practice as something else."""

    code = "already-here"
    status = HTTPStatus.CONFLICT
    message = "Cette personne travaille déjà dans ce cabinet dans un autre rôle."

    def __init__(self) -> None:
        super().__init__(fields={"email": type(self).message})


class CannotBeInvited(Invalid):
    """The address is of no use for an invitation; why is nobody's to know."""

    code = "cannot-be-invited"
    status = HTTPStatus.CONFLICT
    message = "Cette adresse ne peut pas être invitée. Demandez-en une autre à la personne."

    def __init__(self) -> None:
        super().__init__(fields={"email": type(self).message})


_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext('inviting ' || :address))")


def hold_address(session: Session, address: str) -> None:
    """Let nobody else invite this address until the transaction ends: of two at once, the second finds the account of the first."""
    session.connection().execute(_ONE_AT_A_TIME, {"address": address.casefold()})


def invited(session: Session, practice_id: UUID | None, address: str, role: ActorKind) -> UUID | None:
    """Find who was invited already, to this practice if one is named, and has not come yet; raises `EmailTaken` for anybody else."""
    account = session.exec(select(Account).where(Account.email_key == address.casefold())).first()
    if account is None:
        return None
    here = select(Membership.id).where(Membership.account_id == account.id, Membership.practice_id == practice_id)
    known = account.role == role and account.status == AccountStatus.PENDING and session.exec(here).first() is not None
    if not known:
        raise EmailTaken
    return account.id


def invite(
    session: Session, actor: Actor, practice: Practice, *, address: str, name: str, role: ActorKind, administers: bool = False
) -> UUID:
    """Make an account of the practice in the caller's transaction and have its link sent. Raises `EmailTaken`."""
    account = insert_account(session, actor, email=address, name=name, role=role, password_hash=None)
    session.add(Membership(account_id=account.id, practice_id=practice.id, role=role, administers=administers))
    send_link(session, actor, practice, account)
    return account.id


def ask_anybody(session: Session, actor: Actor, practice: Practice, *, address: str, name: str, role: ActorKind) -> UUID:
    """Ask somebody in, in the caller's transaction; gives the account's id, new or not: the answer never says which.

    Whoever has an account accepts from there. Raises `CannotBeInvited` for an operator's, `AlreadyHere` for who works here as something
    else.
    """
    hold_address(session, address)
    account = session.exec(select(Account).where(Account.email_key == address.casefold())).first()
    if account is None:
        return invite(session, actor, practice, address=address, name=name, role=role)
    if account.role == ActorKind.OPERATOR:
        raise CannotBeInvited
    here = session.exec(select(Membership).where(Membership.account_id == account.id, Membership.practice_id == practice.id)).first()
    if here is not None and here.role != role:
        raise AlreadyHere
    if here is None:
        member = Membership(account_id=account.id, practice_id=practice.id, role=role, name=name, asked_at=clock.now())
        session.add(member)
        session.flush()
        ask_again(session, actor, practice, member, account)
    return account.id


def is_awaited(session: Session, member: Membership, account: Account) -> bool:
    """Tell whether somebody of a practice has not come yet: they never opened their account, or have not answered."""
    return member.asked_at is not None or _never_came(session, account)


def _never_came(session: Session, account: Account) -> bool:
    """Who blocked their account came: only they open it again."""
    return account.status == AccountStatus.PENDING and not is_blocked(session, account.id)


def ask_again(session: Session, actor: Actor, practice: Practice, member: Membership, account: Account) -> None:
    """Send who is awaited what they need, in the caller's transaction: the link of their account, or where to answer."""
    if _never_came(session, account):
        send_link(session, actor, practice, account)
    else:
        _send_invitation(session, actor, practice, account, member.name)


def _send_invitation(session: Session, actor: Actor, practice: Practice, account: Account, name: str) -> None:
    """Tell the holder of an account that they are asked in; they answer once signed in."""
    lines = [
        f"Bonjour {name},",
        "",
        f"{practice.name} vous invite à travailler avec Maiia Pro.",
        f"Vous avez déjà un compte{NBSP}: connectez-vous, puis répondez ici{NBSP}:",
        get_settings().base_url + CHOICE,
        "",
        "Si vous n’attendiez pas ce message, déclinez l’invitation ou ne faites rien.",
    ]
    _put_out(session, actor, practice, account, lines)


def send_link(session: Session, actor: Actor, practice: Practice, account: Account) -> None:
    """Put a fresh link into the outbox, in the caller's transaction; earlier ones stop working."""
    lines = [
        f"Bonjour {account.name},",
        "",
        f"{practice.name} vous ouvre un accès à Maiia Pro. Choisissez votre mot de passe{NBSP}:",
        activation_link(session, account.id),
        "",
        "Ce lien ne sert qu’une fois, pendant trois jours. Ensuite, demandez-en un nouveau.",
        "Si vous n’attendiez pas ce message, ne faites rien.",
    ]
    _put_out(session, actor, practice, account, lines)


def _put_out(session: Session, actor: Actor, practice: Practice, account: Account, lines: list[str]) -> None:
    email = OutgoingEmail(
        key=f"{ACTIVATION}{uuid7()}", practice_id=practice.id, recipient=account.identifier, subject=SUBJECT, body="\n".join(lines)
    )
    session.add(email)
    session.flush()
    audit.record(
        session, actor, AuditAction.ACCOUNT_INVITED, subject_type="account", subject_id=account.id, practice_id=practice.id,
        details={"role": account.role},
    )  # fmt: skip
    enqueue(session, MailReady(email.id), lock=f"mail:{email.id}")


def send_links_again(actor: Actor, practice_id: UUID) -> int:
    """Send a fresh link, or the invitation, to everybody of a practice who has not come yet; tells how many.

    Raises `AlreadyActive`, `TooMany`.
    """
    require(actor, Permission.OPERATION if actor.kind is ActorKind.OPERATOR else Permission.PRACTICE_SETUP, practice_id)
    count_request(("activation-links", practice_id), LINKS_A_MINUTE, TOO_MANY)
    with transaction() as session:
        practice = session.get(Practice, practice_id, with_for_update=True)
        if practice is None:
            raise NotFound
        people = select(Membership, Account).join(Account, col(Account.id) == Membership.account_id)
        waiting = or_(col(Membership.asked_at).is_not(None), Account.status == AccountStatus.PENDING)
        found = [
            one
            for one in session.exec(people.where(Membership.practice_id == practice_id, waiting).order_by(col(Account.name))).all()
            if is_awaited(session, *one)
        ]
        for member, account in found:
            ask_again(session, actor, practice, member, account)
        if not found:
            raise AlreadyActive
        return len(found)
