"""Signing in by a code of six digits, sent to an address or a number: asking for it, and trying it.

Asking never looks whether an account exists: the answer and its time tell nothing. What the message says, the worker decides.
"""

import hmac
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, or_, select

from maiia_pro.identity.browsers import NOWHERE, Browser
from maiia_pro.identity.code_limits import count_code, release_network
from maiia_pro.identity.health import note_read
from maiia_pro.identity.identifiers import is_phone, read_identifier
from maiia_pro.identity.jobs import CodeAsked
from maiia_pro.identity.known_browsers import known_for
from maiia_pro.identity.restrictions import refusal_of
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_opening import SignedIn, begin
from maiia_pro.identity.tables import Account, AccountStatus, SignInCode
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import constraint_of, reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, TooMany
from maiia_pro.kernel.french import NBSP
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue

LASTS: Final = timedelta(minutes=10)
TRIES: Final = 5
AGAIN: Final = timedelta(seconds=30)
"""How long before the same code may be sent again."""
TO_SIGN_UP: Final = timedelta(minutes=30)
"""How long a proven address or number waits for the name of its owner."""

HIDDEN: Final = "••••••"
"""What stands for the digits wherever a message is kept."""


class WrongCode(Invalid):
    """Not this code: wrong digits, or the code of an account that no code opens."""

    code = "wrong-code"

    def __init__(self, left: int) -> None:
        rest = "un essai" if left == 1 else f"{left}{NBSP}essais"
        super().__init__(fields={"code": f"Ce n’est pas ce code. Vérifiez les six chiffres{NBSP}: il vous reste {rest}."})


class NotSixDigits(Invalid):
    """No code is written so; it does not count as a try."""

    code = "not-six-digits"

    def __init__(self) -> None:
        super().__init__(fields={"code": "Un code a six chiffres. Recopiez-le en entier."})


class CodeOver(Conflict):
    """The code is too old, was used, or was asked for by another browser: one answer for all."""

    code = "code-over"
    status = HTTPStatus.CONFLICT
    message = "Ce code n’est plus valable. Demandez-en un nouveau."


class CodeSpent(Conflict):
    """Five tries were wrong."""

    code = "code-spent"
    message = "Cinq essais n’ont pas réussi, ce code ne sert plus. Demandez-en un nouveau."


class DeskOpen(Conflict):
    """Somebody of a practice is signed in at this browser: a patient's code would take their screen away."""

    code = "desk-open"
    message = "Un poste de cabinet est ouvert dans ce navigateur. Déconnectez-vous d’abord, ou utilisez un autre appareil."


class AccountBlocked(Conflict):
    """The account's identifiers are reported lost or stolen: a telephone may be in other hands, its mail opens it again."""

    code = "account-blocked"
    message = "Ce compte est bloqué. Ouvrez-le avec votre adresse e-mail\u00a0: un lien ou un code y arrive."


class TooSoon(TooMany):
    """The code has just been sent."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Un code vient de partir. Vous pourrez en demander un autre dans {seconds}{NBSP}s.", seconds)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A code that a browser asked for: where it went, and from when another may be sent."""

    id: UUID
    sought: str
    proven: bool
    again_at: datetime


def code_of(code_id: UUID) -> str:
    """Work out the six digits of a code."""
    return vault.digits(f"sign-in {code_id}", 6)


def with_code(body: str, code_id: UUID | None) -> str:
    """Put the digits into a message that carries a code."""
    return body.replace(HIDDEN, code_of(code_id)) if code_id else body


def ask_code(actor: Actor, typed: object, browser: str, network: str, known: str = "") -> str:
    """Have a code sent; gives the browser's token, a new one where it had none. `known` is the cookie of `known_browsers`.

    Raises `Invalid` on field `identifier`, `DeskOpen`, `TooSoon`, `TooManyAttempts` or `TooManyTexts`. A code of before is over.
    """
    require(actor, Permission.DIRECTORY_SEARCH)
    _keep_desk(actor)
    sought = read_identifier(typed).casefold()
    browser = browser or new_token()
    with transaction() as session:
        soon = _seconds_left(session, browser, sought)
        refusal = TooSoon(soon) if soon else count_code(session, sought, network, known_for(known, sought))
        if refusal is None:
            enqueue(session, CodeAsked(_put(session, browser, sought)))
    if refusal:
        raise refusal
    return browser


def _keep_desk(actor: Actor) -> None:
    if actor.is_staff:
        raise DeskOpen


def _seconds_left(session: Session, browser: str, sought: str) -> int:
    there = session.exec(select(SignInCode).where(SignInCode.browser_hash == token_hash(browser))).first()
    if there is None or there.sought != sought or there.proven_at:
        return 0
    return max(0, math.ceil((there.created_at + AGAIN - clock.now()).total_seconds()))


_PUT = text("""
    insert into sign_in_code (id, browser_hash, sought, replaces, tries, created_at, expires_at)
    values (:id, :browser, :sought, '', 0, :now, :until)
    on conflict (browser_hash) do update set id = excluded.id, sought = excluded.sought, tries = 0,
        created_at = excluded.created_at, expires_at = excluded.expires_at, proven_at = null
""")


def _put(session: Session, browser: str, sought: str) -> UUID:
    code_id, now = uuid7(), clock.now()
    values = {"id": code_id, "browser": token_hash(browser), "sought": sought, "now": now, "until": now + LASTS}
    session.connection().execute(_PUT, values)
    return code_id


def waiting_code(actor: Actor, browser: str) -> Waiting | None:
    """Tell what the browser waits for, if it asked for a code that is still good."""
    require(actor, Permission.DIRECTORY_SEARCH)
    if not browser:
        return None
    with reading() as session:
        row = session.exec(select(SignInCode).where(SignInCode.browser_hash == token_hash(browser))).first()
    if row is None or row.expires_at <= clock.now():
        return None
    return Waiting(row.id, row.sought, row.proven_at is not None, row.created_at + AGAIN)


def account_of(session: Session, sought: str) -> Account | None:
    """Find the account that signs in by an address (as it is compared) or a number (E.164)."""
    return session.exec(select(Account).where(or_(Account.email_key == sought, Account.phone_key == sought))).first()


def try_code(actor: Actor, code: object, browser: str, network: str, where: Browser = NOWHERE) -> SignedIn | None:
    """Sign the patient in; gives nothing where the address or number is nobody's yet: it may sign up (`take_proven`).

    Raises `NotSixDigits`, `WrongCode`, `CodeSpent`, `CodeOver`, `DeskOpen` or `AccountSuspended`. Every try counts before it is looked at.
    """
    require(actor, Permission.DIRECTORY_SEARCH)
    _keep_desk(actor)
    typed = six_digits(code)
    row, role, left = _count_try(browser)
    right = hmac.compare_digest(code_of(row).encode(), typed.encode())
    if not right or role not in {None, ActorKind.PATIENT}:
        with transaction() as session:
            audit.record(session, actor, AuditAction.SESSION_REFUSED, subject_type="account", subject_id=None)
        raise WrongCode(left) if left else CodeSpent
    return _use(row, network, where)


def six_digits(typed: object) -> str:
    """Read the digits of a code however they are spaced; raises `NotSixDigits`."""
    digits = "".join(sign for sign in typed if sign in "0123456789") if isinstance(typed, str) else ""
    if len(digits) != len(HIDDEN):
        raise NotSixDigits
    return digits


_TRY = text("""
    update sign_in_code set tries = tries + 1
    where browser_hash = :browser and expires_at > :now and proven_at is null returning id, sought, tries
""")


def _count_try(browser: str) -> tuple[UUID, str | None, int]:
    """Count a try; gives the code's id, the role of its account, and how many tries are left. The table's check bounds them."""
    try:
        with transaction() as session:
            row = session.connection().execute(_TRY, {"browser": token_hash(browser), "now": clock.now()}).one_or_none()
            if row is None:
                raise CodeOver
            account = account_of(session, row.sought)
            return row.id, account.role if account else None, TRIES - row.tries
    except IntegrityError as error:
        if constraint_of(error) == "ck_sign_in_code_tries":
            raise CodeSpent from None
        raise


_PROVE = text("""
    update sign_in_code set proven_at = :now, expires_at = :until where id = :id and expires_at > :now and proven_at is null
    returning sought
""")


def _use(code_id: UUID, network: str, where: Browser) -> SignedIn | None:
    """Use the code up, once: open a session of its account (`begin`), or let its address or number wait for a name."""
    now = clock.now()
    with transaction() as session:
        release_network(session, network)
        proven = session.connection().execute(_PROVE, {"id": code_id, "now": now, "until": now + TO_SIGN_UP}).one_or_none()
        account = account_of(session, proven.sought) if proven else None
        if proven is None or (account and account.role != ActorKind.PATIENT):  # a professional's, made since the try was counted
            raise CodeOver
        if account is None:
            return None
        if account.status == AccountStatus.PENDING and account.email and is_phone(proven.sought):
            raise AccountBlocked
        if not is_phone(proven.sought):
            note_read(session, account.id)
        session.connection().execute(_DELETE, {"id": code_id})
        token, refusal = "", refusal_of(session, account.id)
        if refusal is None:
            account.status = AccountStatus.ACTIVE  # who reads its mail has followed its link
            account.proven_at = account.proven_at or now
            session.flush()
            token, _ = begin(session, account, where, role=ActorKind.PATIENT)
    if refusal:
        raise refusal
    return SignedIn(token, actor_of_token(token), sought=proven.sought)


_DELETE = text("delete from sign_in_code where id = :id")
_TAKE = text("delete from sign_in_code where browser_hash = :browser and expires_at > :now and proven_at is not null returning sought")
_OVER = text("delete from sign_in_code where expires_at <= :now")


def proven_by(session: Session, browser: str) -> str:
    """Tell which address or number the browser has proven. Raises `CodeOver`."""
    row = session.exec(select(SignInCode).where(SignInCode.browser_hash == token_hash(browser))).first()
    if row is None or row.proven_at is None or row.expires_at <= clock.now():
        raise CodeOver
    return row.sought


def take_proven(session: Session, browser: str) -> str:
    """Give, once, the address or number that the browser has proven, in the caller's transaction. Raises `CodeOver`."""
    row = session.connection().execute(_TAKE, {"browser": token_hash(browser), "now": clock.now()}).one_or_none()
    if row is None:
        raise CodeOver
    return str(row.sought)


def delete_old_codes(actor: Actor) -> int:
    """Delete the codes that are over; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return session.connection().execute(_OVER, {"now": clock.now()}).rowcount
