"""The programs that a practice lets in: made, given a new secret, shown with their last use, turned away."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.api_clients import KNOWN_SCOPES, add_client
from maiia_pro.identity.tables import ApiClient
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import EVERY_RIGHT, Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.text import FieldErrors, one_line
from maiia_pro.practice.own_agenda import own_row, working_there

MOST: Final = 20
"""Programs of one practice."""
MOST_ADDRESSES: Final = 5
LONGEST_ADDRESS: Final = 500
OVERLAPS: Final = (timedelta(0), timedelta(days=1), timedelta(days=7))
"""How long the secret before may stay good."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class NotAlonesKeeper(NotAllowed):
    """A program that acts alone reaches every agenda of the practice: who holds them all decides."""

    code = "not-alones-keeper"
    message = (
        "Une application qui agit seule voit tous les agendas du cabinet. Il faut les droits de chacun de ses praticiens pour en créer une."
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """What a program is to be; `addresses` are where browsers may be sent back to."""

    name: str
    scopes: Collection[str]
    addresses: Collection[str] = field(default_factory=tuple)
    acts_alone: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A program of the practice; instants are aware UTC."""

    id: UUID
    client_id: str
    name: str
    scopes: frozenset[str]
    addresses: tuple[str, ...]
    acts_alone: bool
    created_at: datetime
    last_used_at: datetime | None
    overlaps_until: datetime | None
    """Until when the secret before is good too."""


def programs(actor: Actor) -> list[Program]:
    """List the programs that the practice lets in, by name. Raises `NotFound` where the actor has no agenda there."""
    require(actor, Permission.PROGRAMS)
    with reading() as session:
        own = own_row(session, actor)
        here = select(ApiClient).where(ApiClient.practice_id == own.practice_id, col(ApiClient.revoked_at).is_(None))
        return [_view(one) for one in session.exec(here.order_by(col(ApiClient.name), col(ApiClient.id)))]


def _view(row: ApiClient) -> Program:
    overlaps = row.previous_until if row.previous_until and row.previous_until > clock.now() else None
    return Program(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        scopes=frozenset(row.scopes.split()),
        addresses=tuple(row.redirect_uris),
        acts_alone=row.acts_alone,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        overlaps_until=overlaps,
    )


def let_in(actor: Actor, draft: Draft) -> tuple[str, str]:
    """Let a program in; gives its id and its secret, which is shown once. Raises `Invalid` naming the fields, and `NotAlonesKeeper`."""
    require(actor, Permission.PROGRAMS)
    name, addresses = _checked(draft)
    with transaction() as session:
        own = own_row(session, actor, lock=True)
        if draft.acts_alone:
            _hold_all(session, actor, own.practice_id)
        here = select(ApiClient.name).where(ApiClient.practice_id == own.practice_id, col(ApiClient.revoked_at).is_(None))
        names = session.exec(here).all()
        if name.casefold() in {one.casefold() for one in names}:
            raise Invalid(fields={"name": "Une application du cabinet porte déjà ce nom. Distinguez-la."})
        if len(names) >= MOST:
            raise Invalid(f"Un cabinet relie {MOST} applications au plus. Retirez-en une d’abord.")
        secret = new_token()
        client = ApiClient(
            client_id=f"client-{secrets.token_hex(8)}",
            secret_hash=token_hash(secret),
            name=name,
            practice_id=own.practice_id,
            scopes=" ".join(sorted(draft.scopes)),
            redirect_uris=addresses,
            acts_alone=draft.acts_alone,
        )
        add_client(session, actor, client)
    return client.client_id, secret


def _checked(draft: Draft) -> tuple[str, list[str]]:
    errors, addresses = FieldErrors(), []
    try:
        name = one_line(draft.name, longest=80)
    except Invalid as wrong:
        name = ""
        errors.add("name", wrong.message)
    if not name and "name" not in errors.found:
        errors.add("name", "Nommez l’application, comme ses utilisateurs la connaissent.")
    if not draft.scopes or not frozenset(draft.scopes) <= KNOWN_SCOPES:
        errors.add("scopes", "Cochez au moins un droit.")
    try:
        addresses = [checked_address(one) for one in dict.fromkeys(one.strip() for one in draft.addresses) if one]
    except Invalid as wrong:
        errors.add("addresses", wrong.message)
    if len(addresses) > MOST_ADDRESSES:
        errors.add("addresses", f"Écrivez {MOST_ADDRESSES} adresses au plus.")
    elif not addresses and not draft.acts_alone and "addresses" not in errors.found:
        errors.add("addresses", "Écrivez l’adresse de retour que l’éditeur vous a donnée, ou laissez l’application agir seule.")
    errors.check()
    return name, addresses


def checked_address(typed: str) -> str:
    """Read an address that browsers may be sent back to: https, or this machine; raises `Invalid`. It is kept letter by letter."""
    try:
        parts = urlsplit(typed)
        known = bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    plain = typed.isascii() and typed.isprintable() and not set(typed) & set(' \\*"<>#') and len(typed) <= LONGEST_ADDRESS
    if not known or not plain or "@" in parts.netloc:
        raise Invalid("Écrivez une adresse complète par ligne, par exemple https://logiciel.exemple.fr/retour.")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Invalid("Une adresse de retour commence par https://.")
    return typed


def _hold_all(session: Session, actor: Actor, practice_id: UUID) -> None:
    """See that the actor holds every right of every practitioner there; raises `NotAlonesKeeper`."""
    for one in session.exec(working_there(practice_id)):
        if actor.rights.get(one.id, frozenset()) != EVERY_RIGHT:
            raise NotAlonesKeeper


def _own(session: Session, actor: Actor, program_id: UUID) -> ApiClient:
    own = own_row(session, actor)
    found = session.get(ApiClient, program_id, with_for_update=True)
    if found is None or found.practice_id != own.practice_id or found.revoked_at is not None:
        raise NotFound
    return found


def renew_secret(actor: Actor, program_id: UUID, overlap: timedelta) -> str:
    """Give a program another secret, shown once; the one before stays good for `overlap`. Raises `NotFound` and `NotAlonesKeeper`."""
    require(actor, Permission.PROGRAMS)
    if overlap not in OVERLAPS:
        raise Invalid("Choisissez jusqu’à quand l’ancien secret reste bon.")
    with transaction() as session:
        client = _own(session, actor, program_id)
        if client.acts_alone:
            _hold_all(session, actor, client.practice_id)
        secret = new_token()
        client.previous_hash = client.secret_hash if overlap else None
        client.previous_until = clock.now() + overlap if overlap else None
        client.secret_hash = token_hash(secret)
        _note(session, actor, client, AuditAction.API_SECRET_RENEWED)
    return secret


def turn_away(actor: Actor, program_id: UUID) -> str:
    """Let a program in no more: its secret and all its tokens are good for nothing. Gives its name; raises `NotFound`."""
    require(actor, Permission.PROGRAMS)
    with transaction() as session:
        client = _own(session, actor, program_id)
        client.revoked_at = clock.now()
        _note(session, actor, client, AuditAction.API_CLIENT_REVOKED)
        return client.name


def _note(session: Session, actor: Actor, client: ApiClient, action: AuditAction) -> None:
    audit.record(session, actor, action, subject_type="api_client", subject_id=client.id, practice_id=client.practice_id)
