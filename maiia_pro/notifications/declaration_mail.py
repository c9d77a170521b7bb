"""What a practitioner is written of the change of profession or RPPS that they declared."""

from uuid import UUID

from maiia_pro.identity.tables import Account
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.french import NBSP
from maiia_pro.notifications.outbox import put
from maiia_pro.practice.declared_tables import Declaration, Declared
from maiia_pro.practice.declaring import LABELS, shown
from maiia_pro.settings import get_settings


def tell_decision(actor: Actor, declaration_id: UUID) -> UUID | None:
    """Put what was decided into the outbox, once; gives the message's id."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        found = session.get(Declaration, declaration_id)
        account = session.get(Account, found.account_id) if found else None
        if found is None or account is None or found.accepted is None:
            return None
        what, settings = LABELS[Declared(found.what)], get_settings()
        changed = f"{what}{NBSP}: {shown(found.what, found.before)} → {shown(found.what, found.wanted)}"
        verdict = "Le changement que vous avez déclaré est enregistré." if found.accepted else "Le changement déclaré n’est pas accepté."
        reason = ["", f"Motif{NBSP}: {found.answer}"] if found.answer else []
        more = f"Une question{NBSP}? Écrivez-nous{NBSP}: {settings.support_email}"
        lines = [f"Bonjour {account.name},", "", verdict, changed, *reason, "", more, "", f"{settings.operator_name}, {settings.base_url}"]
        subject = "Changement enregistré" if found.accepted else "Changement non accepté"
        key = f"declaration:{found.id}"
        return put(session, key, practice_id=found.practice_id, recipient=account.identifier, subject=subject, body="\n".join(lines))
