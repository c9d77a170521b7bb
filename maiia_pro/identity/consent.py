"""What people let programs do in their name: asked, given or refused, and taken back.

OAuth 2.0's code flow (RFC 6749, section 4.1) with what RFC 9700 asks: PKCE by S256 for every program although each has a secret, addresses
compared letter by letter, and nobody sent to one that no practice wrote down.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.api_grants import end_grant, note_grant
from maiia_pro.identity.grant_tables import ApiGrant
from maiia_pro.identity.second_factors import own
from maiia_pro.identity.tables import Account, ApiClient, Membership
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.settings import get_settings

CODE_LASTS: Final = timedelta(minutes=1)
LONGEST: Final = 2000
"""Of a parameter, in characters."""
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class BadApplication(Invalid):
    """Nobody knows where to send the browser back: the program, or its address, is not one that a practice wrote down."""

    code = "bad-application"
    message = "Cette application n’est pas connue, ou ne revient pas à une adresse déclarée. Fermez cette page, et prévenez qui l’édite."


class OtherPractice(NotFound):
    """The program is that of a practice that the person does not work in."""

    code = "other-practice"
    message = "Cette application est celle d’un autre cabinet. Connectez-vous avec le compte que vous y avez."


class SentBack(Invalid):
    """The request is wrong in a way that the program is told (RFC 6749, section 4.1.2.1); `address` is where the browser goes."""

    code = "sent-back"

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__("Cette application a fait une demande incomplète. Revenez-y.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a program asks a person for."""

    client_id: UUID
    name: str
    practice_id: UUID
    redirect_uri: str
    scopes: frozenset[str]
    state: str
    challenge: str

    @property
    def host(self) -> str:
        """Where the browser goes back to, as a person reads it."""
        return urlsplit(self.redirect_uri).netloc


@dataclass(frozen=True, slots=True)
class Given:
    """A program that acts in somebody's name, as they see it."""

    client_id: UUID
    name: str
    scopes: frozenset[str]
    since: datetime
    last_used_at: datetime | None


def read_request(actor: Actor, query: Mapping[str, str]) -> Asked:
    """Read what a program asks for. Raises `BadApplication` where the browser must not go back, else `SentBack`."""
    require(actor, Permission.SIGN_IN)
    with reading() as session:
        found = session.exec(select(ApiClient).where(ApiClient.client_id == _plain(query, "client_id"))).first()
    back = _plain(query, "redirect_uri")
    if found is None or found.revoked_at is not None or back not in found.redirect_uris:
        raise BadApplication
    state, known = query.get("state", "")[:LONGEST], frozenset(found.scopes.split())
    scopes = frozenset(_plain(query, "scope").split()) or known
    challenge = query.get("code_challenge", "")
    if query.get("response_type") != "code":
        raise SentBack(_answer(back, state, error="unsupported_response_type" if query.get("response_type") else "invalid_request"))
    if query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise SentBack(_answer(back, state, error="invalid_request", error_description="PKCE (S256) is required"))
    if not scopes <= known:
        raise SentBack(_answer(back, state, error="invalid_scope"))
    return Asked(found.id, found.name, found.practice_id, back, scopes, state, challenge)


def _plain(query: Mapping[str, str], name: str) -> str:
    return query.get(name, "")[:LONGEST].replace("\x00", "")


def _answer(back: str, state: str, **said: str) -> str:
    """Give the address that a browser takes an answer to; `iss` says whose it is (RFC 9207)."""
    parts = urlsplit(back)
    more = urlencode(said | ({"state": state} if state else {}) | {"iss": get_settings().base_url})
    return urlunsplit(parts._replace(query=f"{parts.query}&{more}" if parts.query else more))


def check_person(actor: Actor, asked: Asked) -> None:
    """See that the person works in the program's practice; raises `OtherPractice`."""
    require(actor, Permission.ACCOUNT_OWN)
    if not actor.is_staff or asked.practice_id not in actor.practice_ids:
        raise OtherPractice


def refuse(actor: Actor, asked: Asked) -> str:
    """Give the address that tells the program no."""
    check_person(actor, asked)
    return _answer(asked.redirect_uri, asked.state, error="access_denied")


def give(actor: Actor, asked: Asked) -> str:
    """Let the program act in one's name, and give the address that takes the code there.

    Raises `OtherPractice`, `BadApplication`, and `NotSignedIn` where the session has just ended: what ends with it ends all that was given.
    """
    require(actor, Permission.ACCOUNT_OWN)
    check_person(actor, asked)
    code, now = new_token(), clock.now()
    with transaction() as session:
        account = _held(session, actor, asked.practice_id)
        client = session.exec(select(ApiClient).where(ApiClient.id == asked.client_id).with_for_update(read=True)).first()
        if client is None or client.practice_id != asked.practice_id or client.revoked_at is not None:
            raise BadApplication
        if asked.redirect_uri not in client.redirect_uris:
            raise BadApplication
        given = ApiGrant(
            api_client_id=client.id,
            account_id=account.id,
            role=actor.kind,
            scopes=" ".join(sorted(asked.scopes)),
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            code_hash=token_hash(code),
            code_until=now + CODE_LASTS,
            created_at=now,
        )
        session.add(given)
        note_grant(session, actor, client, AuditAction.API_GRANT_GIVEN, given)
    return _answer(asked.redirect_uri, asked.state, code=code)


def _held(session: Session, actor: Actor, practice_id: UUID) -> Account:
    """Hold the actor's place in the practice, then their account and session: who ends these meanwhile comes before or after."""
    works = select(Membership.id).where(Membership.account_id == actor.account_id, Membership.practice_id == practice_id)
    if session.exec(works.where(col(Membership.asked_at).is_(None)).with_for_update(read=True)).first() is None:
        raise OtherPractice
    return own(session, actor)[1]


def own_grants(actor: Actor) -> list[Given]:
    """List the programs that act in the actor's name, the newest consent of each first."""
    require(actor, Permission.ACCOUNT_OWN)
    with reading() as session:
        rows = session.exec(
            select(ApiGrant, ApiClient)
            .join(ApiClient, col(ApiClient.id) == col(ApiGrant.api_client_id))
            .where(ApiGrant.account_id == actor.account_id, col(ApiGrant.ended_at).is_(None), col(ApiClient.revoked_at).is_(None))
            .where(col(ApiGrant.redeemed_at).is_not(None))
            .order_by(col(ApiGrant.created_at).desc())
        ).all()
    found: dict[UUID, Given] = {}
    for given, client in rows:
        before = found.get(client.id)
        used = max((one for one in (given.last_used_at, before and before.last_used_at) if one), default=None)
        scopes = frozenset(given.scopes.split()) | (before.scopes if before else frozenset())
        found[client.id] = Given(client.id, client.name, scopes, given.created_at, used)
    return list(found.values())


def end_own(actor: Actor, client_id: UUID) -> None:
    """Let a program act in one's name no more. Raises `NotFound` where it did not."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        mine = select(ApiGrant).where(ApiGrant.account_id == actor.account_id, ApiGrant.api_client_id == client_id)
        found = session.exec(mine.where(col(ApiGrant.ended_at).is_(None)).with_for_update()).all()
        if not found:
            raise NotFound
        for given in found:
            end_grant(session, actor, given)


def end_grants_of(session: Session, actor: Actor, account_id: UUID, practice_id: UUID | None = None) -> None:
    """End what an account let programs do, in the caller's transaction: everything, where its credentials are lost or stolen, or, where
    its holder leaves a practice, what it let the programs of that one.
    """
    mine = select(ApiGrant).where(ApiGrant.account_id == account_id, col(ApiGrant.ended_at).is_(None))
    if practice_id is not None:
        mine = mine.where(col(ApiGrant.api_client_id).in_(select(ApiClient.id).where(ApiClient.practice_id == practice_id)))
    for given in session.exec(mine.with_for_update()).all():
        end_grant(session, actor, given)
