"""Programs that act for a practice: their secrets, their bearer tokens, and the actor that a token stands for."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from maiia_pro.identity.presence import is_checked
from maiia_pro.identity.session_actor import rights_of
from maiia_pro.identity.tables import ApiClient, ApiToken
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import SCOPES, Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotSignedIn
from maiia_pro.kernel.french import NBSP
from maiia_pro.kernel.text import one_line

TOKEN_LASTS: Final = timedelta(hours=1)
TOUCH: Final = timedelta(minutes=5)
"""A program's last use is written at most this often."""
KNOWN_SCOPES: Final = frozenset(SCOPES.values())


class BadClient(NotSignedIn):
    """The client does not exist, is revoked, or its secret is wrong: one answer for all."""

    code = "invalid-client"
    message = "Identifiant ou secret du logiciel incorrect."


class BadScope(Invalid):
    """A scope was asked for that the client does not have."""

    code = "invalid-scope"
    message = "Ce logiciel n’a pas le droit demandé."


class NotAlone(NotAllowed):
    """The program acts for people who let it, and not by itself."""

    code = "unauthorized-client"
    message = "Ce logiciel n’agit qu’au nom de personnes qui l’autorisent."


class BadToken(NotSignedIn):
    """The bearer token is absent, wrong or too old."""

    code = "invalid-token"
    message = "Le jeton d’accès est absent, inconnu ou périmé. Demandez-en un nouveau."


@dataclass(frozen=True, slots=True)
class Client:
    """An API client that proved who it is."""

    id: UUID
    client_id: str
    name: str
    practice_id: UUID
    scopes: frozenset[str]
    requests_per_minute: int
    acts_alone: bool = True

    def actor(self, scopes: frozenset[str]) -> Actor:
        """Give the actor that the client is with these scopes."""
        practices = frozenset({self.practice_id})
        return Actor(ActorKind.API_CLIENT, self.name, api_client_id=self.id, practice_ids=practices, scopes=scopes)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a bearer token stands for, and how many requests a minute it may make."""

    actor: Actor
    requests_per_minute: int


def register_client(
    actor: Actor, name: str, practice_id: UUID, scopes: frozenset[str], *, requests_per_minute: int = 600
) -> tuple[str, str]:
    """Let a program in and give its id and its secret, which is shown once. Raises `BadScope`."""
    require(actor, Permission.OPERATION)
    if not scopes or not scopes <= KNOWN_SCOPES:
        raise BadScope(f"Droits possibles{NBSP}: {', '.join(sorted(KNOWN_SCOPES))}.")
    secret = new_token()
    client = ApiClient(
        client_id=f"client-{secrets.token_hex(8)}",
        secret_hash=token_hash(secret),
        name=one_line(name),
        practice_id=practice_id,
        scopes=" ".join(sorted(scopes)),
        requests_per_minute=requests_per_minute,
    )
    with transaction() as session:
        add_client(session, actor, client)
    return client.client_id, secret


def add_client(session: Session, actor: Actor, client: ApiClient) -> None:
    """Write a new program in the caller's transaction, and who let it in."""
    session.add(client)
    audit.record(
        session,
        actor,
        AuditAction.API_CLIENT_REGISTERED,
        practice_id=client.practice_id,
        subject_type="api_client",
        subject_id=client.id,
        details={"scopes": client.scopes.split()},
    )


def authenticate_client(client_id: str, secret: str) -> Client:
    """Tell which client this is. Raises `BadClient`. (Secrets are 256 random bits, so guessing needs no throttle.)"""
    with reading() as session:
        found = session.exec(select(ApiClient).where(ApiClient.client_id == client_id.replace("\x00", ""))).first()
    right = found is not None and any(hmac.compare_digest(one, token_hash(secret)) for one in _secrets(found))
    if found is None or not right or found.revoked_at is not None:
        raise BadClient
    scopes = frozenset(found.scopes.split())
    return Client(found.id, found.client_id, found.name, found.practice_id, scopes, found.requests_per_minute, found.acts_alone)


def _secrets(client: ApiClient) -> list[str]:
    """Give the hashes of the secrets that are good: the newest, and for a time the one before."""
    before = client.previous_hash if client.previous_until and client.previous_until > clock.now() else None
    return [client.secret_hash, *([before] if before else [])]


def issue_token(client: Client, scopes: frozenset[str] = frozenset()) -> tuple[str, int]:
    """Issue a bearer token for some of the client's scopes (all where none is named), with its life in seconds.

    Raises `BadScope`, and `NotAlone` for a program that acts for people only.
    """
    if not client.acts_alone:
        raise NotAlone
    granted = scopes or client.scopes
    if not granted <= client.scopes:
        raise BadScope
    token, now = new_token(), clock.now()
    with transaction() as session:
        if not session.connection().execute(_ACTS, {"id": client.id}).scalar_one():
            raise BadClient
        session.add(
            ApiToken(
                token_hash=token_hash(token),
                api_client_id=client.id,
                scopes=" ".join(sorted(granted)),
                created_at=now,
                expires_at=now + TOKEN_LASTS,
            )
        )
        details = {"scopes": sorted(granted)}
        audit.record(
            session,
            client.actor(granted),
            AuditAction.API_TOKEN_ISSUED,
            practice_id=client.practice_id,
            subject_type="api_client",
            subject_id=client.id,
            details=details,
        )
    return token, int(TOKEN_LASTS.total_seconds())


_SOMEBODY_THERE: Final = """
    coalesce((select bool_or(not p.barred) from practitioner p where p.practice_id = c.practice_id and (p.account_id is null or exists (
        select 1 from membership w where w.account_id = p.account_id and w.practice_id = p.practice_id))), true)
"""
"""Whether a practitioner works in a practice whose account the operator has not shut: without any, its programs act for nobody."""
_THERE = text(f"select {_SOMEBODY_THERE} from (select cast(:id as uuid) as practice_id) c")  # noqa: S608 - the condition above
_ACTS: Final = text(f"select {_SOMEBODY_THERE} from api_client c where c.id = :id")  # noqa: S608 - the condition above
_BEARER = text(f"""
    select t.scopes as granted, c.id, c.client_id, c.name, c.practice_id, c.scopes, c.requests_per_minute,
        g.id as grant_id, g.account_id, a.name as person,
        case when g.id is null then c.last_used_at else g.last_used_at end as used,
        (select p.id from practitioner p where g.role = 'practitioner' and p.account_id = a.id and p.practice_id = c.practice_id) as own,
        (select jsonb_agg(jsonb_build_array(d.practitioner_id, d.rights, p.barred)) from delegation d
         join practitioner p on p.id = d.practitioner_id
         where d.account_id = a.id and d.practice_id = c.practice_id and d.ended_at is null and d.starts_at <= :now
           and (d.ends_at is null or d.ends_at > :now)) as rights
    from api_token t join api_client c on c.id = t.api_client_id
    left join api_grant g on g.id = t.grant_id left join account a on a.id = g.account_id
    where t.token_hash = :hash and t.expires_at > :now and c.revoked_at is null
      and (t.grant_id is null or (g.ended_at is null and a.status = 'active' and exists (
          select from membership m where m.account_id = a.id and m.practice_id = c.practice_id and m.role = g.role and m.asked_at is null)
          and {is_checked("a.id", "g.role")}))
      and {_SOMEBODY_THERE}
""")  # noqa: S608 - the condition above


def somebody_there(session: Session, practice_id: UUID) -> bool:
    """Tell whether programs of a practice act for anybody, and are told of anything: whether a practitioner there is not shut out."""
    return bool(session.connection().execute(_THERE, {"id": practice_id}).scalar_one())


def bearer_of(token: str) -> Bearer:
    """Tell who holds a bearer token, in one query: a program alone, or for a person with what they may do now. Raises `BadToken`."""
    now = clock.now()
    with reading() as session:
        row = session.connection().execute(_BEARER, {"hash": token_hash(token), "now": now}).one_or_none()
    if row is None:
        raise BadToken
    if row.used is None or row.used < now - TOUCH:
        _touch(row.id, row.grant_id, now)
    scopes = frozenset(row.scopes.split()) & frozenset(row.granted.split())
    actor = Actor(
        ActorKind.API_CLIENT,
        f"{row.name} pour {row.person}" if row.account_id else row.name,
        account_id=row.account_id,
        api_client_id=row.id,
        practice_ids=frozenset({row.practice_id}),
        practitioner_id=row.own,
        rights=rights_of(row.rights, row.own),
        scopes=scopes,
    )
    return Bearer(actor, row.requests_per_minute)


_TOUCHED = (
    text("update api_client set last_used_at = greatest(last_used_at, :now) where id = :client"),
    text("update api_grant set last_used_at = greatest(last_used_at, :now) where id = :grant"),
)


def _touch(client_id: UUID, grant_id: UUID | None, now: datetime) -> None:
    with transaction() as session:
        for statement, name, ident in zip(_TOUCHED, ("client", "grant"), (client_id, grant_id), strict=True):
            if ident is not None:
                session.connection().execute(statement, {name: ident, "now": now})


def delete_old_tokens(actor: Actor) -> int:
    """Delete bearer tokens that are over; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return session.connection().execute(text("delete from api_token where expires_at <= :now"), {"now": clock.now()}).rowcount
