"""Proofs of identity: documents that professionals show the operator, who decides on what they declare (terms of use, article 12)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from PIL import Image, ImageOps
from sqlalchemy import exists
from sqlalchemy.orm import defer
from sqlmodel import Session, col, delete, func, select

from maiia_pro.identity.tables import Account
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.practice.declared_tables import WAITS, Declaration, IdentityProof, ProofKind
from maiia_pro.practice.pictures import WRONG, read_image, written_anew

LARGEST: Final = 5_000_000
MOST: Final = 3
SIDE: Final = 2000
"""Of a picture that is kept, in pixels: a card's small print is read."""
UNUSED_LASTS: Final = timedelta(days=1)
"""How long a document is kept that nothing waiting needs."""
NONE_SUCH: Final = "Choisissez un PDF, ou une photo JPEG, PNG ou WebP. Ce fichier n’en est pas, ou il est abîmé."
TOO_HEAVY: Final = "Ce fichier est trop lourd\u00a0: 5 Mo au plus."
LOST_KEY: Final = "La clé de chiffrement du serveur a changé\u00a0: cette pièce ne s’ouvre plus. Demandez-la de nouveau."


class EnoughProofs(Conflict):
    """An account shows no more documents than an operator looks at."""

    code = "enough-proofs"
    message = f"Vous avez déjà {MOST} pièces. Retirez-en une pour en ajouter une autre."


@dataclass(frozen=True, slots=True)
class ProofLine:
    """A document as it is listed."""

    id: UUID
    account_id: UUID
    kind: ProofKind
    size: int
    added_at: datetime


def add_proof(actor: Actor, content: bytes) -> UUID:
    """Keep a document of the actor's own, sealed: a PDF as it is, a picture written anew. Raises `Invalid` or `EnoughProofs`."""
    require(actor, Permission.IDENTITY_OWN)
    kind, kept = _tidied(content)
    made = IdentityProof(id=uuid7(), account_id=_account(actor), kind=kind, size=len(kept), content=b"")
    made.content = vault.seal_bytes(kept, str(made.id))
    with transaction() as session:
        session.get_one(Account, made.account_id, with_for_update=True)
        many = session.exec(select(func.count()).select_from(IdentityProof).where(IdentityProof.account_id == made.account_id)).one()
        if many >= MOST:
            raise EnoughProofs
        session.add(made)
        session.flush()
        _recorded(session, actor, made, AuditAction.PROOF_ADDED)
    return made.id


def _tidied(content: bytes) -> tuple[ProofKind, bytes]:
    if len(content) > LARGEST:
        raise Invalid(TOO_HEAVY)
    if content.startswith(b"%PDF-"):
        return ProofKind.PDF, content
    try:
        seen = read_image(content, SIDE)
    except Invalid as refusal:
        raise Invalid(NONE_SUCH if refusal.message == WRONG else refusal.message) from None
    if max(seen.size) > SIDE:
        seen = ImageOps.contain(seen, (SIDE, SIDE))
    paper = Image.new("RGB", seen.size, "white")  # what is clear would turn black, and black words with it
    paper.paste(seen, mask=seen if seen.mode == "RGBA" else None)
    return ProofKind.IMAGE, written_anew(paper, "JPEG", quality=85)


def own_proofs(actor: Actor) -> list[ProofLine]:
    """List the actor's own documents, the oldest first."""
    require(actor, Permission.IDENTITY_OWN)
    with reading() as session:
        return proofs_of(session, _account(actor))


def proofs_of(session: Session, account_id: UUID) -> list[ProofLine]:
    """List an account's documents, in the caller's transaction, which has authorised."""
    asked = select(IdentityProof).options(defer(IdentityProof.content, raiseload=True)).where(IdentityProof.account_id == account_id)  # type: ignore[arg-type]
    found = session.exec(asked.order_by(col(IdentityProof.added_at), col(IdentityProof.id)))
    return [ProofLine(one.id, one.account_id, ProofKind(one.kind), one.size, one.added_at) for one in found]


def read_proof(actor: Actor, proof_id: UUID) -> tuple[ProofKind, bytes]:
    """Read a document: one's own, or as the operator one that something waiting needs, which is audited. Raises `NotFound`."""
    operates = actor.kind is ActorKind.OPERATOR
    require(actor, Permission.OPERATION if operates else Permission.IDENTITY_OWN)
    with transaction() as session:
        found = session.get(IdentityProof, proof_id)
        if found is None or not (_is_awaited(session, found.account_id) if operates else found.account_id == actor.account_id):
            raise NotFound
        if operates:
            _recorded(session, actor, found, AuditAction.PROOF_READ)
        return ProofKind(found.kind), vault.unseal_bytes(found.content, str(found.id), LOST_KEY)


def remove_proof(actor: Actor, proof_id: UUID) -> None:
    """Delete a document of one's own. Raises `NotFound`."""
    require(actor, Permission.IDENTITY_OWN)
    with transaction() as session:
        found = session.get(IdentityProof, proof_id, with_for_update=True)
        if found is None or found.account_id != actor.account_id:
            raise NotFound
        _recorded(session, actor, found, AuditAction.PROOF_REMOVED)
        session.delete(found)


def _is_awaited(session: Session, account_id: UUID) -> bool:
    return session.exec(select(Declaration.id).where(Declaration.account_id == account_id, WAITS)).first() is not None


_UNUSED: Final = delete(IdentityProof).where(~exists().where(col(Declaration.account_id) == col(IdentityProof.account_id), WAITS))


def forget_proofs(session: Session, account_id: UUID) -> None:
    """Delete an account's documents where nothing waits for a decision any more, in the caller's transaction."""
    session.connection().execute(_UNUSED.where(col(IdentityProof.account_id) == account_id))


def forget_unused_proofs(actor: Actor) -> int:
    """Delete documents of the day before that nothing waiting needs; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return session.connection().execute(_UNUSED.where(col(IdentityProof.added_at) < clock.now() - UNUSED_LASTS)).rowcount


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def _recorded(session: Session, actor: Actor, one: IdentityProof, action: AuditAction) -> None:
    audit.record(session, actor, action, subject_type="account", subject_id=one.account_id)
