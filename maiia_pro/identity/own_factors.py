"""What the holder of an account sees of their own second factors."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.factor_tables import AuthenticatorApp, Passkey
from maiia_pro.identity.second_factors import bound, held_by, is_fresh
from maiia_pro.identity.tables import Account, AccountSession
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading


class ProofBy(StrEnum):
    """How somebody proves again who they are."""

    FACTOR = "factor"
    PASSWORD = "password"  # noqa: S105 - the name of a way
    SIGN_IN = "sign_in"
    """By signing in again: a patient who comes by codes alone."""


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey as its owner knows it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnFactors:
    """All there is: since when an application counts, the passkeys, how many recovery codes are left."""

    app_since: datetime | None
    passkeys: list[OwnPasskey]
    codes: int
    required: bool
    fresh: bool
    """Whether the last proof is recent enough to change something."""
    proof: ProofBy


def own_factors(actor: Actor) -> OwnFactors:
    """Tell the actor's second factors."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        account = session.exec(select(Account).where(Account.id == actor.account_id)).one()
        mine = session.get(AccountSession, actor.session_id)
        held = held_by(session, account.id)
        proof = ProofBy.FACTOR if held.any else ProofBy.PASSWORD if account.password_hash else ProofBy.SIGN_IN
        return OwnFactors(
            _app_since(session, account.id),
            _passkeys(session, account.id),
            held.codes if held.any else 0,
            bound(session, account),
            mine is not None and is_fresh(mine),
            proof,
        )


def _app_since(session: Session, account_id: UUID) -> datetime | None:
    proven = select(AuthenticatorApp.proven_at).where(AuthenticatorApp.account_id == account_id)
    return session.exec(proven.where(col(AuthenticatorApp.proven_at).is_not(None))).first()


def _passkeys(session: Session, account_id: UUID) -> list[OwnPasskey]:
    found = session.exec(select(Passkey).where(Passkey.account_id == account_id).order_by(col(Passkey.created_at))).all()
    return [OwnPasskey(one.id, one.name, one.created_at, one.last_used_at) for one in found]
