"""Messages about what an account opened for its practices before its credentials were replaced: a thief may have opened it."""

from itertools import groupby
from typing import Final
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from maiia_pro.identity.leftovers import OPENED_LABELS, Leftover, opened_lately
from maiia_pro.identity.tables import Account, AccountStatus, Membership
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.french import NBSP, PARIS, moment
from maiia_pro.notifications.outbox import put
from maiia_pro.notifications.tables import SECURITY
from maiia_pro.settings import get_settings

SUBJECT: Final = "Des accès de votre cabinet sont à vérifier"


def tell_leftovers(actor: Actor, account_id: UUID, mark: UUID) -> list[UUID]:
    """Put into the outbox, once, what an account opened lately: to the administrators of each practice, and to its holder.

    Gives the messages' ids; none where nothing is left.
    """
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        holder = session.get(Account, account_id)
        if holder is None:
            return []
        made = []
        for practice_id, found in groupby(opened_lately(session, account_id), key=lambda one: one.practice_id):
            lines = list(found)
            for one in _told(session, practice_id, holder):
                key = f"{SECURITY}left:{mark}:{practice_id}:{one.id}"
                made.append(put(session, key, recipient=one.email or "", subject=SUBJECT, body=_mail(one.name, holder.name, lines)))
        return made


def _told(session: Session, practice_id: UUID, holder: Account) -> list[Account]:
    administers = select(Membership.account_id).where(
        Membership.practice_id == practice_id, col(Membership.administers), col(Membership.asked_at).is_(None)
    )
    proven = select(Account).where(col(Account.email).is_not(None), col(Account.proven_at).is_not(None))
    active = and_(col(Account.status) == AccountStatus.ACTIVE, col(Account.id).in_(administers))
    return list(session.exec(proven.where(or_(active, col(Account.id) == holder.id)).order_by(col(Account.id))))


def _mail(name: str, holder: str, found: list[Leftover]) -> str:
    settings = get_settings()
    lines = [
        f"Bonjour {name},",
        "",
        f"Les accès de {holder} viennent d’être remplacés{NBSP}: identifiants perdus ou volés, mot de passe oublié, seconde étape perdue.",
        f"Depuis trente jours, ce compte a ouvert ceci à {found[0].practice}, et cela reste ouvert{NBSP}:",
        "",
        *[f"– {OPENED_LABELS[one.what]}{NBSP}: {one.name}, {moment(one.at, PARIS)}" for one in found],
        "",
        f"Personne n’y reconnaît quelque chose{NBSP}? Retirez-le tout de suite.",
        f"Application ou adresse{NBSP}: {settings.base_url}/reglages#applications",
        f"Personne{NBSP}: {settings.base_url}/cabinet",
        "",
        f"{settings.operator_name}, {settings.base_url}",
    ]
    return "\n".join(lines)
