"""One person, several roles: each session acts in one of them, chosen by its holder and shown on every page."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import UUID as PG_UUID

from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.password_change import check_own_password
from maiia_pro.identity.second_factors import held_by, must_have
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import end_session, longest_of
from maiia_pro.identity.session_opening import SignedIn, come_to, open_session
from maiia_pro.identity.tables import Account, AccountSession
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import MEMBERS, Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import NotFound, NotSignedIn

CHOICE: Final = "/compte/role"
"""Where somebody chooses."""
EVERYBODY_S: Final = frozenset({ActorKind.PATIENT})
"""Whoever has an account may book for themselves."""


@dataclass(frozen=True, slots=True)
class Hat:
    """A role that the holder of an account may act in."""

    role: ActorKind
    practices: tuple[str, ...]
    """Where; none for a patient or an operator."""
    worn: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation to work somewhere, not answered yet."""

    membership_id: UUID
    role: ActorKind
    practice: str
    rpps: str
    """The number that the practice typed, which opens the account by Pro Santé Connect once accepted; its holder checks it."""


_MEMBERSHIPS = text("""
    select m.id, m.role, m.asked_at is null as accepted, p.name, coalesce(d.rpps, f.rpps, '') as rpps
    from membership m join practice p on p.id = m.practice_id
    left join practitioner d on d.account_id = m.account_id and d.practice_id = m.practice_id and m.role = 'practitioner'
    left join professional f on f.account_id = m.account_id and m.role in ('substitute', 'aidant')
    where m.account_id = :id order by p.name, m.id
""").bindparams(bindparam("id", type_=PG_UUID(as_uuid=True)))


def hats(actor: Actor) -> tuple[list[Hat], list[Asked]]:
    """List the roles of the actor's account, and the invitations that wait for an answer."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        account = session.get(Account, actor.account_id)
        if account is None:
            raise NotSignedIn
        rows = session.connection().execute(_MEMBERSHIPS, {"id": account.id}).all()
    where = {role: tuple(row.name for row in rows if row.accepted and row.role == role) for role in MEMBERS}
    roles = [role for role in ActorKind if role == account.role or role in EVERYBODY_S or where.get(role)]
    found = [Hat(role, where.get(role, ()), role is actor.kind) for role in roles]
    return found, [Asked(row.id, ActorKind(row.role), row.name, row.rpps) for row in rows if not row.accepted]


def has_other_role(actor: Actor) -> bool:
    """Tell whether the actor may go on in another role, or has an invitation to answer; staff may always be patients."""
    found, asked = hats(actor)
    return bool(asked) or len(found) > 1


def to_choose(actor: Actor) -> bool:
    """Tell whether the actor, who has just come, has something to choose: several roles at work, or an invitation to answer."""
    if actor.account_id is None:
        return False
    found, asked = hats(actor)
    return bool(asked) or sum(one.role not in EVERYBODY_S for one in found) > 1


def wear(actor: Actor, role: object, password: object, browser: Browser) -> SignedIn:
    """Go on in another of one's roles: the session ends and another one opens, which ends no later than the first would have.

    Who came in as a patient, perhaps by a mere code, proves the password first, and sets up a second factor where the role asks for one:
    until then the session is half open. Raises `NotFound` for a role that is not theirs,
    `Invalid` naming the field `password`, `NoPassword` or `TooManyAttempts`.
    """
    require(actor, Permission.ACCOUNT_OWN)
    wanted = next((one.role for one in hats(actor)[0] if one.role == role), None)
    if wanted is None or actor.session_id is None:
        raise NotFound
    if actor.kind is ActorKind.PATIENT and wanted is not ActorKind.PATIENT:
        check_own_password(actor, password)
    with transaction() as session:
        account = session.get_one(Account, actor.account_id, with_for_update=True)  # first, as whoever shuts it takes the rows
        worn = session.get_one(AccountSession, actor.session_id, with_for_update=True)
        if worn.ended_at is not None:
            raise NotSignedIn
        end_session(session, actor, worn.id)
        if must_have(wanted) and not held_by(session, account.id).any:
            token, device = open_session(session, account, browser=browser, role=wanted, half_open=True), ""
        else:
            device, device_id = come_to(session, account, wanted, browser.device)
            ends = min(worn.expires_at, clock.now() + longest_of(wanted))
            token = open_session(session, account, device_id, browser, role=wanted, expires_at=ends, proven=False)
    return SignedIn(token, actor_of_token(token), device)
