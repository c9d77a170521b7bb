"""The second step of signing in, signing in by a passkey alone, and proving again who one is before what proves it changes."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, select

from maiia_pro.identity import throttle
from maiia_pro.identity.authenticator import accept_code
from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.factor_tables import Passkey, Purpose
from maiia_pro.identity.finishing import Opened, finish
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.passkeys import PasskeyRefused, accept_passkey
from maiia_pro.identity.password_change import check_own_password
from maiia_pro.identity.recovery_codes import accept_recovery
from maiia_pro.identity.restrictions import AccountSuspended, refusal_of
from maiia_pro.identity.second_factors import Step, held_by, own, tell
from maiia_pro.identity.session_opening import SignedIn, come_to, last_worn, note_browser, open_session
from maiia_pro.identity.tables import Account, AccountSession, AccountStatus
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, DomainError, Invalid

TRIES: Final = 5
"""Wrong codes of one account in a quarter of an hour."""
TRIES_A_DAY: Final = 30
"""Of a million codes three are good at any moment: thirty guesses a day find one in ninety years."""


class StepOver(Conflict):
    """Nobody's second step is awaited in this browser: it is done, or it took too long."""

    code = "step-over"
    message = "Cette connexion n’attend plus de seconde étape. Reconnectez-vous."


class FactorWanted(Conflict):
    """The password alone is no proof where there is a second factor."""

    code = "factor-wanted"
    message = "Confirmez par votre application, votre clé d’accès ou un code de secours."


class WrongFactor(Invalid):
    """Neither the code of the application at this moment, nor a recovery code that is left."""

    code = "wrong-factor"

    def __init__(self, *, of_app: bool) -> None:
        todo = "Attendez le code suivant, puis recopiez-le." if of_app else "Recopiez-le en entier, ou prenez-en un autre."
        super().__init__(fields={"code": f"Ce code n’est pas bon, ou il a déjà servi. {todo}"})


@dataclass(frozen=True, slots=True)
class Awaited:
    """What somebody who is half signed in still has to do, and by what they can."""

    step: Step
    app: bool
    passkey: bool
    codes: bool


def awaited_step(actor: Actor) -> Awaited | None:
    """Tell what is still to be done in this browser; nothing where nobody is half signed in."""
    require(actor, Permission.SIGN_IN)
    if actor.kind is not ActorKind.HALF_OPEN:
        return None
    with reading() as session:
        mine = session.exec(select(AccountSession).where(AccountSession.id == actor.session_id)).one()
        held = held_by(session, mine.account_id)
    return Awaited(Step.PROVE if held.any else Step.SET_UP, held.app, held.passkeys > 0, held.codes > 0)


def try_step(actor: Actor, typed: object, browser: Browser) -> SignedIn:
    """Do the second step by the code of the application, or by a recovery code: the session opens.

    Raises `StepOver`, `WrongFactor` or `TooManyAttempts`. Every try counts before it is looked at.
    """
    require(actor, Permission.SIGN_IN)
    _check_awaited(actor)
    with transaction() as session:
        mine, account = _half_open(session, actor)
        refusal = _try(session, actor, account, typed, browser)
        opened = None if refusal else finish(session, mine, account, browser)
    if refusal or opened is None:
        raise refusal or StepOver  # only now: the count is kept
    return opened.signed_in()


def step_by_passkey(actor: Actor, credential: object, browser: Browser) -> SignedIn:
    """Do the second step by a passkey. Raises `StepOver` or `PasskeyRefused`."""
    require(actor, Permission.SIGN_IN)
    _check_awaited(actor)
    with transaction() as session:
        mine, account = _half_open(session, actor)
        right = _is_of(session, actor, account, accept_passkey(session, actor, credential, Purpose.STEP, browser))
        opened = finish(session, mine, account, browser) if right else None
    if opened is None:
        raise PasskeyRefused
    return opened.signed_in()


def sign_in_by_passkey(actor: Actor, credential: object, browser: Browser) -> SignedIn:
    """Open a session by a passkey alone: what one has, and the finger, face or PIN that unlocked it, are two factors.

    Raises `PasskeyRefused` or `AccountSuspended`.
    """
    require(actor, Permission.SIGN_IN)
    opened: Opened | None = None
    refusal: AccountSuspended | None = None
    with transaction() as session:
        passkey = accept_passkey(session, actor, credential, Purpose.SIGN_IN, browser)
        account = session.get(Account, passkey.account_id) if passkey else None
        if account is None:
            audit.record(session, actor, AuditAction.SESSION_REFUSED, subject_type="account", subject_id=None)
        elif (refusal := refusal_of(session, account.id)) is None and account.status == AccountStatus.ACTIVE:
            role = last_worn(session, account)
            device, device_id = come_to(session, account, role, browser.device)
            opened = Opened(open_session(session, account, device_id, browser, role=role), device)
            note_browser(session, account, browser)
    if refusal:
        raise refusal
    if opened is None:
        raise PasskeyRefused
    return opened.signed_in()


def prove_by_code(actor: Actor, typed: object, browser: Browser) -> None:
    """Prove again who one is by the second factor; that holds for ten minutes. Raises `WrongFactor`, `TooManyAttempts`, `NotSignedIn`."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        mine, account = own(session, actor)
        refusal = _try(session, actor, account, typed, browser)
        if refusal is None:
            _note_proof(session, actor, mine)
    if refusal:
        raise refusal


def prove_by_passkey(actor: Actor, credential: object, browser: Browser) -> None:
    """Prove again who one is by a passkey. Raises `PasskeyRefused` or `NotSignedIn`."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        mine, account = own(session, actor)
        right = _is_of(session, actor, account, accept_passkey(session, actor, credential, Purpose.PROOF, browser))
        if right:
            _note_proof(session, actor, mine)
    if not right:
        raise PasskeyRefused


def prove_by_password(actor: Actor, password: object) -> None:
    """Prove again who one is by the password, where there is no second factor: who has one proves themselves by it (`FactorWanted`).

    Raises `Invalid` on field `password`, `NoPassword` or `TooManyAttempts`.
    """
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        _, account = own(session, actor)
        held = held_by(session, account.id)
    if held.any:
        raise FactorWanted
    check_own_password(actor, password)
    with transaction() as session:
        mine, _ = own(session, actor)
        _note_proof(session, actor, mine)


def _check_awaited(actor: Actor) -> None:
    if actor.kind is not ActorKind.HALF_OPEN:
        raise StepOver


def _half_open(session: Session, actor: Actor) -> tuple[AccountSession, Account]:
    mine, account = own(session, actor)
    if not mine.half_open:
        raise StepOver
    return mine, account


def _try(session: Session, actor: Actor, account: Account, typed: object, browser: Browser) -> DomainError | None:
    """Count a try and look at it; gives the refusal, for the caller to raise once the count is kept."""
    quarter, day = (throttle.account_key(f"step {window} {account.id}") for window in ("quarter", "day"))
    wait = max(throttle.count(session, quarter, TRIES), throttle.count(session, day, TRIES_A_DAY, throttle.DAY))
    if wait:
        return throttle.TooManyAttempts(wait)
    code = "".join(typed.split()) if isinstance(typed, str) else ""
    of_app = code.isascii() and code.isdigit()
    if not (accept_code(session, account.id, code) if of_app else _is_recovery(session, actor, account, code, browser)):
        audit.record(session, actor, AuditAction.STEP_REFUSED, subject_type="account", subject_id=account.id)
        return WrongFactor(of_app=of_app)
    throttle.forget(session, quarter)
    return None


def _is_recovery(session: Session, actor: Actor, account: Account, typed: str, browser: Browser) -> bool:
    if not held_by(session, account.id).any or not accept_recovery(session, actor, account.id, typed[:60]):
        return False
    tell(session, account, SecurityEvent.CODE_USED, browser)
    return True


def _is_of(session: Session, actor: Actor, account: Account, passkey: Passkey | None) -> bool:
    right = passkey is not None and passkey.account_id == account.id
    if not right:
        audit.record(session, actor, AuditAction.STEP_REFUSED, subject_type="account", subject_id=account.id)
    return right


def _note_proof(session: Session, actor: Actor, mine: AccountSession) -> None:
    mine.proven_at = clock.now()
    audit.record(session, actor, AuditAction.PROOF_GIVEN, subject_type="account", subject_id=mine.account_id)
