"""Passkeys (W3C Web Authentication): what one has to sign, adding one, and whether it signed; its user is always verified."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import text
from sqlmodel import Session, col, delete, func, select
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.base64url_to_bytes import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.factor_tables import LONGEST_NAME, Passkey, PasskeyChallenge, Purpose
from maiia_pro.identity.finishing import Added, Opened, add_factor
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.restrictions import hold_account
from maiia_pro.identity.second_factors import changing, check_may_lose, held_by, own, tell
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.text import one_line
from maiia_pro.settings import get_settings

LASTS: Final = timedelta(minutes=5)
MOST: Final = 20
UNREADABLE: Final = (WebAuthnException, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What the readers of JSON, CBOR and keys raise of what is none: all of it may come from a stranger."""
VERIFIED: Final = UserVerificationRequirement.REQUIRED
MILLISECONDS: Final = int(LASTS.total_seconds() * 1000)


class PasskeyRefused(Invalid):
    """It signed something else, too late, twice, or is not one of ours: one answer for all."""

    code = "passkey-refused"
    message = "Cette clé d’accès n’a pas été reconnue. Réessayez, ou choisissez un autre moyen."


class TooManyPasskeys(Conflict):
    """The account has as many as it may."""

    code = "too-many-passkeys"
    message = f"Vous avez déjà {MOST} clés d’accès. Supprimez-en une dont vous ne vous servez plus."


def rp_id() -> str:
    """Give the domain that passkeys belong to; a bare machine is called localhost, since an address is no domain."""
    host = urlsplit(get_settings().base_url).hostname or ""
    return "localhost" if host in {"127.0.0.1", "::1"} else host


def ask_passkey(actor: Actor, purpose: Purpose, browser: Browser) -> str:
    """Make what a passkey has to sign, once, in this browser, within five minutes: the JSON that the browser's script hands on.

    Raises `NotSignedIn` where nobody is whose step or proof it could be, `ProofWanted` or `SecondStepNeeded` before one is added.
    """
    require(actor, Permission.SIGN_IN if purpose is Purpose.SIGN_IN else Permission.FACTORS_OWN)
    with transaction() as session:
        if purpose is Purpose.ADD:
            return _to_add(session, actor, browser)
        known: list[Passkey] = []
        if purpose is not Purpose.SIGN_IN:
            _, account = own(session, actor)
            known = _of(session, account.id)
        options = webauthn.generate_authentication_options(
            rp_id=rp_id(), timeout=MILLISECONDS, allow_credentials=_named(known), user_verification=VERIFIED
        )
        _keep(session, options.challenge, purpose, browser, actor)
        return webauthn.options_to_json(options)


def _to_add(session: Session, actor: Actor, browser: Browser) -> str:
    _, account = changing(session, actor)
    known = _of(session, account.id)
    if len(known) >= MOST:
        raise TooManyPasskeys
    options = webauthn.generate_registration_options(
        rp_id=rp_id(),
        rp_name=get_settings().operator_name,
        user_id=account.id.bytes,
        user_name=account.identifier,
        user_display_name=account.name,
        timeout=MILLISECONDS,
        exclude_credentials=_named(known),
        authenticator_selection=AuthenticatorSelectionCriteria(resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED),
    )
    _keep(session, options.challenge, Purpose.ADD, browser, actor)
    return webauthn.options_to_json(options)


def _of(session: Session, account_id: UUID) -> list[Passkey]:
    return list(session.exec(select(Passkey).where(Passkey.account_id == account_id).order_by(col(Passkey.created_at))).all())


def _named(known: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=one.credential_id, transports=[AuthenticatorTransport(way) for way in one.transports])
        for one in known
    ]


def _keep(session: Session, challenge: bytes, purpose: Purpose, browser: Browser, actor: Actor) -> None:
    asked = PasskeyChallenge(
        challenge_hash=token_hash(challenge.hex()),
        purpose=purpose,
        browser_hash=token_hash(browser.token),
        session_id=actor.session_id if purpose is not Purpose.SIGN_IN else None,
        expires_at=clock.now() + LASTS,
    )
    session.add(asked)


_TAKE = text("""
    delete from passkey_challenge where challenge_hash = :hash and purpose = :purpose and browser_hash = :browser
        and session_id is not distinct from cast(:session_id as uuid) and expires_at > :now returning challenge_hash
""")


def _take(session: Session, actor: Actor, credential: dict[str, Any], purpose: Purpose, browser: Browser) -> bytes | None:
    """Use up what the passkey signed, if this browser was asked to have it signed for this; the row goes whatever comes of it."""
    try:
        challenge = parse_client_data_json(base64url_to_bytes(credential["response"]["clientDataJSON"])).challenge
    except UNREADABLE:
        return None
    values = {"hash": token_hash(challenge.hex()), "purpose": purpose, "browser": token_hash(browser.token), "now": clock.now()}
    values["session_id"] = actor.session_id if purpose is not Purpose.SIGN_IN else None
    return challenge if session.connection().execute(_TAKE, values).first() else None


def accept_passkey(session: Session, actor: Actor, credential: object, purpose: Purpose, browser: Browser) -> Passkey | None:
    """Give the passkey that signed what this browser was asked for, or nothing; the caller commits, so that nothing is signed twice."""
    if not isinstance(credential, dict) or (challenge := _take(session, actor, credential, purpose, browser)) is None:
        return None
    try:
        answer = webauthn.helpers.parse_authentication_credential_json(credential)
        passkey = _held(session, answer.raw_id)
        if passkey is None or answer.response.user_handle not in {None, passkey.account_id.bytes}:
            return None
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=list(get_settings().allowed_origins),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None
    passkey.sign_count, passkey.last_used_at = verified.new_sign_count, clock.now()
    return passkey


def _held(session: Session, credential_id: bytes) -> Passkey | None:
    """Take a passkey's row behind its account's: whoever takes passkeys away holds the rows in that order."""
    mine = select(Passkey).where(Passkey.credential_id == credential_id)
    found = session.exec(mine).first()
    if found is None:
        return None
    hold_account(session, found.account_id)
    return session.exec(mine.with_for_update().execution_options(populate_existing=True)).first()


def add_passkey(actor: Actor, credential: object, name: object, browser: Browser) -> Added:
    """Add the passkey that the browser has just made; a half-open session opens.

    Raises `PasskeyRefused`, `Invalid` on field `name`, `ProofWanted` or `SecondStepNeeded`.
    """
    require(actor, Permission.FACTORS_OWN)
    called = one_line(name, longest=LONGEST_NAME) or browser.words or "Clé d’accès"
    codes: list[str] = []
    opened: Opened | None = None
    with transaction() as session:
        mine, account = changing(session, actor)
        made = _made(session, actor, account.id, credential, browser)
        if made is not None:
            made.name, first = called[:LONGEST_NAME], not held_by(session, account.id).any
            session.add(made)
            codes, opened = add_factor(session, actor, (mine, account), "passkey", browser, first=first)
    if made is None:
        raise PasskeyRefused
    return Added(codes, opened.signed_in() if opened else None)


def _made(session: Session, actor: Actor, account_id: UUID, credential: object, browser: Browser) -> Passkey | None:
    if not isinstance(credential, dict) or (challenge := _take(session, actor, credential, Purpose.ADD, browser)) is None:
        return None
    try:
        answer = webauthn.helpers.parse_registration_credential_json(credential)
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id(),
            expected_origin=list(get_settings().allowed_origins),
            require_user_verification=True,
        )
    except UNREADABLE:
        return None
    if session.exec(select(func.count()).select_from(Passkey).where(Passkey.credential_id == verified.credential_id)).one():
        return None
    return Passkey(
        account_id=account_id,
        name="",
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=[way.value for way in answer.response.transports or ()],
        created_at=clock.now(),
    )


def rename_passkey(actor: Actor, passkey_id: UUID, name: object) -> None:
    """Give a passkey of one's own another name. Raises `NotFound`, or `Invalid` on field `name`."""
    require(actor, Permission.ACCOUNT_OWN)
    called = one_line(name, longest=LONGEST_NAME)
    if not called:
        raise Invalid(fields={"name": "Donnez un nom à cette clé d’accès."})
    with transaction() as session:
        _mine(session, actor, passkey_id).name = called


def remove_passkey(actor: Actor, passkey_id: UUID, browser: Browser) -> None:
    """Take a passkey of one's own away. Raises `NotFound`, `ProofWanted` or `LastFactor`."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        _, account = changing(session, actor)
        session.delete(_mine(session, actor, passkey_id))
        session.flush()
        check_may_lose(session, account)
        details = {"factor": "passkey"}
        audit.record(session, actor, AuditAction.FACTOR_REMOVED, subject_type="account", subject_id=account.id, details=details)
        tell(session, account, SecurityEvent.FACTOR_REMOVED, browser)


def _mine(session: Session, actor: Actor, passkey_id: UUID) -> Passkey:
    found = session.exec(select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == actor.account_id).with_for_update()).first()
    if found is None:
        raise NotFound
    return found


def forget_old_challenges(actor: Actor) -> int:
    """Delete what nobody signed in time; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return session.exec(delete(PasskeyChallenge).where(col(PasskeyChallenge.expires_at) <= clock.now())).rowcount
