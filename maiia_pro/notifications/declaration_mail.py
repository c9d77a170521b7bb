"""What a professional is written of what they declared of their profession or RPPS, or of the first look at it."""

from typing import Final
from uuid import UUID

from sqlmodel import select

from maiia_pro.identity.tables import AIDANTS, Account, Membership, Professional
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.french import NBSP
from maiia_pro.notifications.outbox import put
from maiia_pro.practice.declared_tables import Declaration, Declared
from maiia_pro.practice.declaring import LABELS, profession_words, shown
from maiia_pro.settings import get_settings

_AGAIN: Final = (
    "Nous n’avons pas pu vérifier votre profession, et votre compte ne permet pas encore de travailler. Corrigez ce qui doit l’être "
    f"dans «{NBSP}Mes informations{NBSP}», puis demandez-y une nouvelle vérification."
)
_NOT_YET: Final = (
    f"C’est fait. Le service de téléconsultation assistée n’est pas encore ouvert{NBSP}: nous vous écrirons à son ouverture, et vous "
    "n’avez rien à faire d’ici là."
)
VERDICTS: Final = {
    (False, True): ("Changement enregistré", "Le changement que vous avez déclaré est enregistré."),
    (False, False): ("Changement non accepté", "Le changement déclaré n’est pas accepté."),
    (True, True): ("Votre profession est vérifiée", "C’est fait, et vous pouvez travailler avec votre compte."),
    (True, False): ("Votre profession n’a pas pu être vérifiée", _AGAIN),
}
"""Subject and first words, by whether it is the first look, and whether it was accepted."""


def tell_decision(actor: Actor, declaration_id: UUID) -> UUID | None:
    """Put what was decided into the outbox, once; gives the message's id."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        found = session.get(Declaration, declaration_id)
        account = session.get(Account, found.account_id) if found else None
        if found is None or account is None or found.accepted is None:
            return None
        settings, (subject, verdict) = get_settings(), VERDICTS[found.what == Declared.CHECK, found.accepted]
        about = f"{LABELS[Declared(found.what)]}{NBSP}: {shown(found.what, found.before)} → {shown(found.what, found.wanted)}"
        if found.what == Declared.CHECK:
            checked = session.get_one(Professional, found.account_id)
            about = profession_words(checked)
            verdict = _NOT_YET if found.accepted and checked.profession in AIDANTS else verdict
        reason = ["", f"Motif{NBSP}: {found.answer}"] if found.answer else []
        more = f"Une question{NBSP}? Écrivez-nous{NBSP}: {settings.support_email}"
        lines = [f"Bonjour {account.name},", "", verdict, about, *reason, "", more, "", f"{settings.operator_name}, {settings.base_url}"]
        key, works = f"declaration:{found.id}", select(Membership.practice_id).where(Membership.account_id == found.account_id).limit(1)
        practice_id = found.practice_id or session.exec(works).first()
        return put(session, key, practice_id=practice_id, recipient=account.identifier, subject=subject, body="\n".join(lines))
