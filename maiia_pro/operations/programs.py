"""Programs that the operator lets in for a practice, such as a telephone system that shows who calls, and turns away."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.identity.api_clients import register_client
from maiia_pro.identity.tables import ApiClient
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import enclosing_transaction, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotFound
from maiia_pro.kernel.french import NBSP, name_key
from maiia_pro.kernel.ids import is_id, parse_id
from maiia_pro.practice.tables import Practice


def let_program_in(actor: Actor, name: str, practice: str, scopes: Collection[str]) -> tuple[str, str]:
    """Let a program act for the practice of this name or id; gives the program's id, and its secret, which is shown once.

    Raises `NotFound` and `Conflict` where no practice, or more than one, has the name, `BadScope`, and `Invalid` without a name.
    """
    require(actor, Permission.OPERATION)
    if not name.strip():
        raise Invalid(f"Nommez le logiciel{NBSP}: le journal des accès le montrera.")
    with enclosing_transaction() as session:
        return register_client(actor, name, _practice(session, practice), frozenset(scopes))


def _practice(session: Session, asked: str) -> UUID:
    if is_id(asked):
        found = [one for one in [session.get(Practice, parse_id(asked))] if one]
    else:
        found = [one for one in session.exec(select(Practice).order_by(col(Practice.id))) if name_key(one.name) == name_key(asked)]
    if not found:
        raise NotFound("Aucun cabinet ne porte ce nom. Écrivez-le comme la page de l’exploitant le montre.")
    if len(found) > 1:
        listed = ", ".join(str(one.id) for one in found)
        raise Conflict(f"Plusieurs cabinets portent ce nom. Nommez le vôtre par son identifiant{NBSP}: {listed}")
    return found[0].id


def turn_program_away(actor: Actor, client_id: str) -> str:
    """Let a program in no more: its secret and its tokens are good for nothing from now on. Gives its name; raises `NotFound`."""
    require(actor, Permission.OPERATION)
    with transaction() as session:
        client = session.exec(select(ApiClient).where(ApiClient.client_id == client_id).with_for_update()).first()
        if client is None or client.revoked_at is not None:
            raise NotFound("Aucun logiciel n’entre sous cet identifiant.")
        client.revoked_at = clock.now()
        audit.record(
            session, actor, AuditAction.API_CLIENT_REVOKED, subject_type="api_client", subject_id=client.id, practice_id=client.practice_id
        )
        return client.name
