"""The tokens of programs that act for people: a code redeemed once, refresh tokens good once each, looked at, given up (RFC 6749, 9700)."""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from maiia_pro.identity.api_clients import TOKEN_LASTS, BadScope, Client
from maiia_pro.identity.grant_tables import ApiGrant, ApiRefresh
from maiia_pro.identity.tables import Account, AccountStatus, ApiClient, ApiToken
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid

REFRESH_LASTS: Final = timedelta(days=60)
"""How long a program may leave a grant unused."""
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class BadGrant(Invalid):
    """The code or the refresh token is unknown, used, too old, or another program's: one answer for all."""

    code = "invalid-grant"
    message = "Ce code ou ce jeton n’est plus valable. Demandez une nouvelle autorisation."


@dataclass(frozen=True, slots=True)
class Issued:
    """What a program gets: two tokens, the life of the first in seconds, and the scopes."""

    access: str
    refresh: str
    seconds: int
    scopes: frozenset[str]


def note_grant(session: Session, actor: Actor, client: ApiClient, action: AuditAction, given: ApiGrant) -> None:
    """Write an act on a grant into the trail, in the caller's transaction."""
    details = {"client": str(client.id), "scopes": given.scopes.split(), "account": str(given.account_id)}
    audit.record(session, actor, action, subject_type="api_grant", subject_id=given.id, practice_id=client.practice_id, details=details)


def redeem(client: Client, code: str, redirect_uri: str, verifier: str) -> Issued:
    """Exchange a code for tokens, once. Raises `BadGrant`; a code that comes again ends what it gave (RFC 6749, section 4.1.2)."""
    refusal = None
    with transaction() as session:
        given = session.exec(select(ApiGrant).where(ApiGrant.code_hash == token_hash(code)).with_for_update()).first()
        if given is None or given.api_client_id != client.id:
            raise BadGrant
        if given.redeemed_at is not None:
            end_grant(session, client.actor(frozenset()), given, AuditAction.API_GRANT_MISUSED)
            refusal = BadGrant()
        elif not _holds(session, given, redirect_uri, verifier):
            raise BadGrant
        else:
            given.redeemed_at = clock.now()
            issued = _issue(session, client, given, frozenset(given.scopes.split()))
    if refusal:
        raise refusal
    return issued


def _holds(session: Session, given: ApiGrant, redirect_uri: str, verifier: str) -> bool:
    if given.ended_at is not None or given.code_until <= clock.now() or given.redirect_uri != redirect_uri:
        return False
    if not _VERIFIER.fullmatch(verifier) or not _is_active(session, given):
        return False
    proven = urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
    return hmac.compare_digest(proven, given.challenge)


def _is_active(session: Session, given: ApiGrant) -> bool:
    return session.exec(select(Account.status).where(Account.id == given.account_id)).first() == AccountStatus.ACTIVE


def renew(client: Client, refresh: str, wanted: frozenset[str] = frozenset()) -> Issued:
    """Exchange a refresh token for new ones. Raises `BadScope`, and `BadGrant`: a token that comes again ends the whole grant."""
    refusal = None
    with transaction() as session:
        query = select(ApiRefresh).where(ApiRefresh.token_hash == token_hash(refresh)).with_for_update()
        token = session.exec(query).first()
        given = session.get(ApiGrant, token.grant_id, with_for_update=True) if token else None
        if token is None or given is None or given.api_client_id != client.id or given.ended_at is not None:
            raise BadGrant
        scopes = wanted or frozenset(given.scopes.split())
        if token.used_at is not None:
            end_grant(session, client.actor(frozenset()), given, AuditAction.API_GRANT_MISUSED)
            refusal = BadGrant()
        elif token.expires_at <= clock.now() or not _is_active(session, given):
            raise BadGrant
        elif not scopes <= frozenset(given.scopes.split()):
            raise BadScope
        else:
            token.used_at = clock.now()
            issued = _issue(session, client, given, scopes)
    if refusal:
        raise refusal
    return issued


def _issue(session: Session, client: Client, given: ApiGrant, scopes: frozenset[str]) -> Issued:
    access, refresh, now = new_token(), new_token(), clock.now()
    granted = " ".join(sorted(scopes))
    session.add(
        ApiToken(
            token_hash=token_hash(access),
            api_client_id=client.id,
            grant_id=given.id,
            scopes=granted,
            created_at=now,
            expires_at=now + TOKEN_LASTS,
        )
    )
    session.add(ApiRefresh(token_hash=token_hash(refresh), grant_id=given.id, created_at=now, expires_at=now + REFRESH_LASTS))
    who, details = client.actor(scopes), {"scopes": sorted(scopes), "grant": str(given.id)}
    audit.record(
        session, who, AuditAction.API_TOKEN_ISSUED, subject_type="api_client", subject_id=client.id, practice_id=client.practice_id,
        details=details,
    )  # fmt: skip
    return Issued(access, refresh, int(TOKEN_LASTS.total_seconds()), scopes)


def end_grant(session: Session, actor: Actor, given: ApiGrant, action: AuditAction = AuditAction.API_GRANT_ENDED) -> None:
    """End a grant in the caller's transaction: its tokens are good for nothing from now on."""
    if given.ended_at is not None:
        return
    given.ended_at = clock.now()
    session.connection().execute(text("delete from api_token where grant_id = :id"), {"id": given.id})
    note_grant(session, actor, session.get_one(ApiClient, given.api_client_id), action, given)


@dataclass(frozen=True, slots=True)
class Looked:
    """A token as its own program may look at it (RFC 7662); instants are aware UTC."""

    scopes: str
    issued_at: datetime
    expires_at: datetime
    account_id: UUID | None


def look_at(client: Client, token: str) -> Looked | None:
    """Tell what a token of the program is good for; nothing for one that is over, unknown or another program's."""
    hashed, now = token_hash(token), clock.now()
    with reading() as session:
        row = session.connection().execute(_LOOK, {"hash": hashed, "client": client.id, "now": now}).one_or_none()
    return Looked(row.scopes, row.created_at, row.expires_at, row.account_id) if row else None


_LOOK = text("""
    select t.scopes, t.created_at, t.expires_at, g.account_id from api_token t
    left join api_grant g on g.id = t.grant_id left join account a on a.id = g.account_id
    where t.token_hash = :hash and t.api_client_id = :client and t.expires_at > :now
      and (g.id is null or (g.ended_at is null and a.status = 'active'))
    union all
    select g.scopes, r.created_at, r.expires_at, g.account_id from api_refresh r
    join api_grant g on g.id = r.grant_id join account a on a.id = g.account_id
    where r.token_hash = :hash and g.api_client_id = :client and r.expires_at > :now and r.used_at is null
      and g.ended_at is null and a.status = 'active'
""")


def give_up(client: Client, token: str) -> None:
    """Have a token of the program be good for nothing (RFC 7009): of a person's, the whole grant ends. Unknown ones are no error."""
    hashed = token_hash(token)
    with transaction() as session:
        ident = session.connection().execute(_GRANT_OF, {"hash": hashed, "client": client.id}).scalar_one_or_none()
        if ident is not None:
            given = session.get_one(ApiGrant, ident, with_for_update=True)
            end_grant(session, client.actor(frozenset()), given)
        session.connection().execute(
            text("delete from api_token where token_hash = :hash and api_client_id = :client"), {"hash": hashed, "client": client.id}
        )


_GRANT_OF = text("""
    select g.id from api_grant g where g.api_client_id = :client and (
        exists (select from api_refresh r where r.grant_id = g.id and r.token_hash = :hash)
        or exists (select from api_token t where t.grant_id = g.id and t.token_hash = :hash))
""")

_OVER = text("""
    with over as (select id from api_grant g where ended_at < :before or (redeemed_at is null and code_until < :before)
        or (created_at < :before and redeemed_at is not null and not exists (
            select from api_refresh r where r.grant_id = g.id and r.expires_at > :now))),
    refreshes as (delete from api_refresh where grant_id in (select id from over) or expires_at < :before),
    tokens as (delete from api_token where grant_id in (select id from over))
    delete from api_grant where id in (select id from over)
""")


def delete_old_grants(actor: Actor) -> int:
    """Delete grants that have been over for a month, and what hangs on them; tells how many."""
    require(actor, Permission.SYSTEM)
    now = clock.now()
    with transaction() as session:
        return session.connection().execute(_OVER, {"now": now, "before": now - timedelta(days=30)}).rowcount
