"""Second factors: what an account has, whether it must have one, and who may change them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from maiia_pro.identity.browsers import Browser, is_trusted
from maiia_pro.identity.jobs import SecurityEvent, SecurityTold
from maiia_pro.identity.tables import Account, AccountSession, AccountStatus, Membership
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import STAFF, Actor, ActorKind
from maiia_pro.kernel.errors import Conflict, NotAllowed, NotSignedIn, SecondStepNeeded
from maiia_pro.kernel.queue import enqueue
from maiia_pro.settings import get_settings

FRESH: Final = timedelta(minutes=10)
"""How long a proof lets its owner change what proves them."""
BOUND: Final = STAFF | {ActorKind.OPERATOR}
"""Who must have a second factor where the settings require one."""


class Step(StrEnum):
    """What is still to be done once the password was right."""

    PROVE = "prove"
    SET_UP = "set_up"


class ProofWanted(NotAllowed):
    """The last proof is more than ten minutes old."""

    code = "proof-wanted"
    message = "Confirmez d’abord que c’est bien vous."


class LastFactor(Conflict):
    """The account must keep a second factor."""

    code = "last-factor"
    message = "Votre compte doit garder une seconde étape. Ajoutez d’abord un autre moyen, puis supprimez celui-ci."


@dataclass(frozen=True, slots=True)
class Held:
    """What an account can prove itself by besides its password; recovery codes only help where there is one of the others."""

    app: bool
    passkeys: int
    codes: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all."""
        return self.app or self.passkeys > 0


_HELD = text("""
    select exists (select 1 from authenticator_app where account_id = :id and proven_at is not null) as app,
        (select count(*) from passkey where account_id = :id) as passkeys,
        (select count(*) from recovery_code where account_id = :id and used_at is null) as codes
""")


def held_by(session: Session, account_id: UUID) -> Held:
    """Tell what an account has."""
    row = session.connection().execute(_HELD, {"id": account_id}).one()
    return Held(row.app, row.passkeys, row.codes)


def must_have(role: str) -> bool:
    """Tell whether accounts of this kind must have a second factor."""
    return role in BOUND and get_settings().second_factor_required


def step_of(session: Session, account: Account, role: str, browser: Browser) -> Step | None:
    """Tell what is still to be done once an account's password, or a patient's code, was right, to go on in this role."""
    if held_by(session, account.id).any:
        return None if is_trusted(session, account.id, browser) else Step.PROVE
    return Step.SET_UP if must_have(role) else None


def own(session: Session, actor: Actor) -> tuple[AccountSession, Account]:
    """Find and hold the session of whoever acts, signed in or half open, with its account. Raises `NotSignedIn`.

    The account first: who shuts it takes the rows in that order, and must not wait for whoever tries codes.
    """
    whose = select(AccountSession.account_id).where(AccountSession.id == actor.session_id).scalar_subquery()
    account = session.exec(select(Account).where(Account.id == whose).with_for_update()).first()
    mine = session.exec(
        select(AccountSession)
        .where(AccountSession.id == actor.session_id, col(AccountSession.ended_at).is_(None), AccountSession.expires_at > clock.now())
        .with_for_update()
    ).first()
    if mine is None or account is None or account.status != AccountStatus.ACTIVE:
        raise NotSignedIn
    return mine, account


def changing(session: Session, actor: Actor) -> tuple[AccountSession, Account]:
    """Hold the account whose second factors are about to change, with the session of who does it.

    That takes a proof of the last ten minutes (`ProofWanted`); half open, only who has none yet sets one up (`SecondStepNeeded`).
    """
    mine, account = own(session, actor)
    if mine.half_open:
        if held_by(session, account.id).any:
            raise SecondStepNeeded
    elif not is_fresh(mine):
        raise ProofWanted
    return mine, account


def is_fresh(mine: AccountSession) -> bool:
    """Tell whether the owner of a session proved who they are in the last ten minutes."""
    return mine.proven_at is not None and mine.proven_at > clock.now() - FRESH


def tell(session: Session, account: Account, event: SecurityEvent, browser: Browser) -> None:
    """Have the holder of an account told of what was done in it, in the caller's transaction."""
    enqueue(session, SecurityTold(account.id, event, clock.now().isoformat(), browser.words, browser.place))


def bound(session: Session, account: Account) -> bool:
    """Tell whether an account must have a second factor, in whichever of its roles."""
    works = select(Membership.role).where(Membership.account_id == account.id, col(Membership.asked_at).is_(None))
    return any(map(must_have, [account.role, *session.exec(works).all()]))


def check_may_lose(session: Session, account: Account) -> None:
    """Let an account lose what it has just lost. Raises `LastFactor` where it must keep a second factor and has none."""
    if bound(session, account) and not held_by(session, account.id).any:
        raise LastFactor
