"""The people of a practice: who they are there, who administers it, who is asked in."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlmodel import Session, col, func, select

from maiia_pro.administration.errors import CannotAdminister, LastAdministrator, PractitionersOnly
from maiia_pro.identity.presence import Presence, presence
from maiia_pro.identity.tables import Account, AccountStatus, Membership
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.rates import count_request
from maiia_pro.onboarding.inviting import LINKS_A_MINUTE, TOO_MANY, AlreadyActive, ask_again, is_awaited
from maiia_pro.onboarding.team import Invitation, admit
from maiia_pro.onboarding.telling import NAMED, UNNAMED, tell_member
from maiia_pro.practice.tables import Practice

MAY_ADMINISTER: Final = frozenset({ActorKind.PRACTITIONER, ActorKind.SECRETARY})


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the practice, or who was; instants are aware UTC."""

    account_id: UUID
    name: str
    email: str
    role: ActorKind
    administers: bool
    presence: Presence
    last_seen_at: datetime | None
    """When they last signed in, as far as sessions are kept: a month."""
    left_at: datetime | None = None
    """Of somebody who was removed: since when."""

    @property
    def waiting(self) -> bool:
        """Whether they never followed their activation link, or have not answered yet."""
        return self.presence is Presence.INVITED


_WHO = bindparam("practice_id", type_=PG_UUID(as_uuid=True))
_SEEN = "(select max(s.created_at) from account_session s where s.account_id = a.id)"
_MEMBERS = text(f"""
    select a.id, a.name, a.email, m.role, m.administers, {presence("a", "m.role", "false")} as presence, {_SEEN} as seen,
        cast(null as timestamptz) as left_at
    from membership m join account a on a.id = m.account_id where m.practice_id = :practice_id and m.asked_at is null
    union all
    select a.id, m.name, a.email_key, m.role, m.administers, '{Presence.INVITED}', cast(null as timestamptz), null
    from membership m join account a on a.id = m.account_id where m.practice_id = :practice_id and m.asked_at is not null
    union all
    select a.id, a.name, a.email, f.role, false, {presence("a", "f.role", "false")}, {_SEEN}, f.left_at
    from former_member f join account a on a.id = f.account_id where f.practice_id = :practice_id
    order by 2, 1
""").bindparams(_WHO)  # noqa: S608 - the expression above, nothing that anybody typed


def members(actor: Actor, practice_id: UUID) -> list[Member]:
    """List everybody of a practice by name, those who were removed among them.

    Who was asked in and has not answered looks like who has no account yet: nothing of theirs is shown.
    """
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with reading() as session:
        return [
            Member(
                row.id, row.name, row.email or "", ActorKind(row.role), row.administers, Presence(row.presence), row.seen,
                row.left_at,
            )
            for row in session.connection().execute(_MEMBERS, {"practice_id": practice_id})
        ]  # fmt: skip


def choose_administrator(actor: Actor, practice_id: UUID, account_id: UUID, *, administers: bool) -> None:
    """Have somebody administer the practice, or no more; told to them, and in force at their next act.

    Raises `LastAdministrator` where nobody active would be left, `CannotAdminister`, `PractitionersOnly` for a secretary who asks it of
    a secretary, and `NotFound` for who does not work there.
    """
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        hold_practice(session, actor, practice_id)
        member, account = member_of(session, practice_id, account_id)
        check_may_touch(actor, ActorKind(member.role), account_id)
        if member.administers == administers:
            return
        if administers and (member.asked_at is not None or member.role not in MAY_ADMINISTER):
            raise CannotAdminister
        if not administers:
            check_not_last(session, member)
        member.administers = administers
        action = AuditAction.ADMINISTRATOR_NAMED if administers else AuditAction.ADMINISTRATOR_UNNAMED
        audit.record(session, actor, action, subject_type="account", subject_id=account_id, practice_id=practice_id)
        tell_member(session, actor, practice_id, account, NAMED if administers else UNNAMED)


def hold_practice(session: Session, actor: Actor, practice_id: UUID) -> None:
    """Take the practice's row, under which its people change one change at a time, and ask once more whether the actor administers it."""
    session.get_one(Practice, practice_id, with_for_update={"key_share": True})
    still = select(Membership.administers).where(Membership.practice_id == practice_id, Membership.account_id == actor.account_id)
    if actor.is_staff and not session.exec(still).first():
        require(replace(actor, administers=actor.administers - {practice_id}), Permission.PRACTICE_ADMIN, practice_id)


def member_of(session: Session, practice_id: UUID, account_id: UUID) -> tuple[Membership, Account]:
    """Fetch somebody of a practice, under its lock, and hold their row: they may be answering an invitation. Raises `NotFound`."""
    statement = select(Membership, Account).join(Account, col(Account.id) == Membership.account_id).with_for_update(of=Membership)
    found = session.exec(statement.where(Membership.practice_id == practice_id, Membership.account_id == account_id)).first()
    if found is None:
        raise NotFound
    return found


def check_may_touch(actor: Actor, role: ActorKind, account_id: UUID) -> None:
    """Keep the accounts of secretaries and substitutes to practitioners; raises `PractitionersOnly`. What is one's own one may give up."""
    if role in {ActorKind.SECRETARY, ActorKind.SUBSTITUTE} and actor.kind is ActorKind.SECRETARY and account_id != actor.account_id:
        raise PractitionersOnly


def check_not_last(session: Session, member: Membership) -> None:
    """Keep an administrator who can sign in, under the practice's lock; raises `LastAdministrator`."""
    others = (
        select(func.count())
        .select_from(Membership)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(Membership.practice_id == member.practice_id, col(Membership.administers), col(Membership.id) != member.id)
        .where(Account.status == AccountStatus.ACTIVE, col(Membership.asked_at).is_(None))
    )
    if member.administers and not session.exec(others).one():
        raise LastAdministrator


def send_link_again(actor: Actor, practice_id: UUID, account_id: UUID) -> str:
    """Send a fresh link, or the invitation, to somebody who has not come yet; gives where it goes. Raises `AlreadyActive`, `TooMany`."""
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    with transaction() as session:
        member, account = member_of(session, practice_id, account_id)
        check_may_touch(actor, ActorKind(member.role), account_id)
        if not is_awaited(session, member, account):
            raise AlreadyActive("Ce compte est déjà activé.")
        count_request(("activation-links", practice_id), LINKS_A_MINUTE, TOO_MANY)
        ask_again(session, actor, session.get_one(Practice, practice_id), member, account)
        return account.email_key or ""


def ask_member_in(actor: Actor, practice_id: UUID, new: Invitation) -> UUID:
    """Ask a colleague or a secretary in, who has no right until a practitioner gives it; gives the account's id.

    Raises `PractitionersOnly`, `CannotBeInvited`, `TooMany`.
    """
    require(actor, Permission.PRACTICE_ADMIN, practice_id)
    check_may_touch(actor, new.role, UUID(int=0))
    with transaction() as session:
        return admit(session, actor, session.get_one(Practice, practice_id, with_for_update=True), new)
