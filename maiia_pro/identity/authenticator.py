"""Codes of six digits by an authenticator application (TOTP, RFC 6238): setting it up, and checking a code, each one once."""

import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pyotp
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select

from maiia_pro.identity import throttle
from maiia_pro.identity.browsers import NOWHERE, Browser
from maiia_pro.identity.codes import six_digits
from maiia_pro.identity.factor_tables import AuthenticatorApp
from maiia_pro.identity.finishing import Added, Opened, add_factor
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.second_factors import changing, check_may_lose, held_by, tell
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict, Invalid
from maiia_pro.settings import get_settings

PERIOD: Final = 30
"""Seconds that a code lasts."""
DRIFT: Final = (0, -1, 1)
"""Steps that a telephone's clock may be late or early."""
TRIES: Final = 10
"""Wrong codes in a quarter of an hour while an application is set up."""


class WrongAppCode(Invalid):
    """The application shows another code at this moment, or this one served already."""

    code = "wrong-code"

    def __init__(self) -> None:
        super().__init__(fields={"code": "Ce n’est pas le code affiché. Attendez le suivant, puis recopiez-le."})


class NothingToProve(Conflict):
    """No application waits for its first code."""

    code = "nothing-to-prove"
    message = "Cette mise en place n’est plus valable. Recommencez-la."


@dataclass(frozen=True, slots=True)
class AppSecret:
    """What an application is given: the secret as one types it, in groups of four, and the address that a QR code carries."""

    words: str
    address: str


def _waiting(account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return col(AuthenticatorApp.account_id) == account_id, col(AuthenticatorApp.proven_at).is_(None)


def begin_app(actor: Actor) -> AppSecret:
    """Make a secret for an application, which counts once a code of it was typed. Raises `ProofWanted`, `SecondStepNeeded`."""
    require(actor, Permission.FACTORS_OWN)
    secret = pyotp.random_base32()
    with transaction() as session:
        _, account = changing(session, actor)
        session.exec(delete(AuthenticatorApp).where(*_waiting(account.id)))
        app = AuthenticatorApp(account_id=account.id, secret="", created_at=clock.now())
        app.secret = vault.seal(secret, str(app.id))
        session.add(app)
        address = pyotp.TOTP(secret).provisioning_uri(name=account.identifier, issuer_name=get_settings().operator_name)
    return AppSecret(" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)), address)


def prove_app(actor: Actor, code: object, browser: Browser = NOWHERE) -> Added:
    """Have the application count by a first code of it, in place of the one of before; a half-open session opens.

    Raises `NotSixDigits`, `WrongAppCode`, `NothingToProve`, `TooManyAttempts`, `ProofWanted` or `SecondStepNeeded`.
    """
    require(actor, Permission.FACTORS_OWN)
    typed = six_digits(code)
    refusal: WrongAppCode | throttle.TooManyAttempts | None = None
    codes: list[str] = []
    opened: Opened | None = None
    with transaction() as session:
        mine, account = changing(session, actor)
        app = session.exec(select(AuthenticatorApp).where(*_waiting(account.id)).with_for_update()).first()
        if app is None:
            raise NothingToProve
        key = throttle.account_key(f"app {account.id}")
        if wait := throttle.count(session, key, TRIES):
            refusal = throttle.TooManyAttempts(wait)
        elif not _accept(app, typed):
            refusal = WrongAppCode()
        else:
            throttle.forget(session, key)
            first = not held_by(session, account.id).any
            session.exec(delete(AuthenticatorApp).where(col(AuthenticatorApp.account_id) == account.id, col(AuthenticatorApp.id) != app.id))
            app.proven_at = clock.now()
            codes, opened = add_factor(session, actor, (mine, account), "app", browser, first=first)
    if refusal:
        raise refusal  # only now: the count is kept
    return Added(codes, opened.signed_in() if opened else None)


def accept_code(session: Session, account_id: UUID, digits: str) -> bool:
    """Tell whether these are the digits that the account's application shows, once: the row is held until the caller commits."""
    mine = select(AuthenticatorApp).where(AuthenticatorApp.account_id == account_id, col(AuthenticatorApp.proven_at).is_not(None))
    app = session.exec(mine.with_for_update()).first()
    return app is not None and _accept(app, digits)


def _accept(app: AuthenticatorApp, digits: str) -> bool:
    codes, now = pyotp.HOTP(vault.unseal(app.secret, str(app.id))), int(clock.now().timestamp()) // PERIOD
    shown = [step for step in (now + drift for drift in DRIFT) if hmac.compare_digest(codes.at(step).encode(), digits.encode())]
    fresh = [step for step in shown if step > app.last_step]
    app.last_step = max([app.last_step, *fresh])
    return bool(fresh)


def remove_app(actor: Actor, browser: Browser = NOWHERE) -> None:
    """Take the application away. Raises `ProofWanted` or `LastFactor`."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        _, account = changing(session, actor)
        gone = session.exec(delete(AuthenticatorApp).where(col(AuthenticatorApp.account_id) == account.id)).rowcount
        check_may_lose(session, account)
        if gone:
            details = {"factor": "app"}
            audit.record(session, actor, AuditAction.FACTOR_REMOVED, subject_type="account", subject_id=account.id, details=details)
            tell(session, account, SecurityEvent.FACTOR_REMOVED, browser)
