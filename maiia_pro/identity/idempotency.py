"""Requests that a program may repeat: the same key gets the same answer, and the effect happens once.

After draft-ietf-httpapi-idempotency-key-header. The key's row is written in the transaction of the effect itself, so a crash keeps
both or neither; a second request with the key waits for the first at the row's primary key.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from psycopg.errors import LockNotAvailable
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import enclosing_transaction, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotAllowed

KEPT_FOR: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255


class BadKey(Invalid):
    """The key is empty, too long, or holds signs that a header does not carry well."""

    code = "bad-idempotency-key"
    status = HTTPStatus.BAD_REQUEST
    message = f"L’en-tête Idempotency-Key contient de 1 à {LONGEST_KEY} caractères ASCII visibles."


class KeyReused(Invalid):
    """The key came before, with another request."""

    code = "idempotency-key-reused"
    message = "Cette clé Idempotency-Key a déjà servi pour une autre demande. Choisissez une clé nouvelle."


class StillRunning(Conflict):
    """The first request with this key is not done yet."""

    code = "still-running"
    message = "La première demande qui porte cette clé Idempotency-Key est encore en cours. Répétez la vôtre dans un instant."
    retry_after = 1


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request with its key: the route as the contract names it, and a digest of what was asked."""

    route: str
    key: str
    fingerprint: str

    @classmethod
    def read(cls, route: str, header: str, asked: bytes) -> "Repeatable":
        """Read the header, a quoted string (RFC 8941) or the bare key; raises `BadKey`."""
        key = header.strip()
        if len(key) >= 2 and key[0] == key[-1] == '"':
            key = key[1:-1]
        if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= sign <= "~" for sign in key):
            raise BadKey
        return cls(route, key, hashlib.sha256(asked).hexdigest())


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered: status, the headers that belong to it, the body."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


_CLAIM = text("""
    insert into kept_answer (api_client_id, route, key, fingerprint, status, headers, body, created_at)
    values (:client, :route, :key, :fingerprint, null, '{}', '', :now)
    on conflict (api_client_id, route, key) do update
        set fingerprint = excluded.fingerprint, status = null, headers = '{}', body = '', created_at = excluded.created_at
        where kept_answer.created_at <= :expired
    returning 1
""")
_KEPT = text("select fingerprint, status, headers, body from kept_answer where api_client_id = :client and route = :route and key = :key")
_KEEP = text("""
    update kept_answer set status = :status, headers = :headers, body = :body
    where api_client_id = :client and route = :route and key = :key
""").bindparams(bindparam("headers", type_=JSONB))


def answer_once(actor: Actor, request: Repeatable, work: Callable[[], Answer]) -> Answer:
    """Answer as the first request with this key was, or do the work and keep its answer for a day.

    `work` runs use cases in this transaction and turns their lasting refusals into answers, which are kept too; what it raises undoes
    all and keeps nothing. Raises `KeyReused`, and `StillRunning` where the first request holds the key for more than two seconds.
    """
    if actor.kind is not ActorKind.API_CLIENT:
        raise NotAllowed
    names: dict[str, object] = {"client": actor.api_client_id, "route": request.route, "key": request.key}
    with enclosing_transaction() as session:
        if not _claimed(session, request, names):
            return _kept(session, request, names)
        answer = work()
        values = names | {"status": answer.status, "headers": answer.headers, "body": answer.body}
        session.connection().execute(_KEEP, values)
        return answer


def check_key(actor: Actor, request: Repeatable) -> None:
    """Note the key of a request that changes nothing, so that it can be done again as it is; raises `KeyReused`, `StillRunning`."""
    if actor.kind is not ActorKind.API_CLIENT:
        raise NotAllowed
    names: dict[str, object] = {"client": actor.api_client_id, "route": request.route, "key": request.key}
    with transaction() as session:
        if not _claimed(session, request, names):
            _kept(session, request, names)


def _claimed(session: Session, request: Repeatable, names: dict[str, object]) -> bool:
    now = clock.now()
    values = names | {"fingerprint": request.fingerprint, "now": now, "expired": now - KEPT_FOR}
    try:
        return session.connection().execute(_CLAIM, values).first() is not None
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise StillRunning from None
        raise


def _kept(session: Session, request: Repeatable, names: dict[str, object]) -> Answer:
    row = session.connection().execute(_KEPT, names).one_or_none()
    if row is None:
        raise StillRunning
    if row.fingerprint != request.fingerprint:
        raise KeyReused
    return Answer(row.status or HTTPStatus.OK, row.body, row.headers)


def delete_old_answers(actor: Actor) -> int:
    """Delete answers that were kept long enough; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        deleted = text("delete from kept_answer where created_at <= :expired")
        return session.connection().execute(deleted, {"expired": clock.now() - KEPT_FOR}).rowcount
