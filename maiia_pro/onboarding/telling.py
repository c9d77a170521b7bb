"""The messages by which people of a practice learn what its administrators changed for them."""

from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.identity.tables import Account
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.queue import enqueue
from maiia_pro.notifications.jobs import MailReady
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.practice.tables import Practice

NAMED: Final = "Vous administrez {practice}"
UNNAMED: Final = "Vous n’administrez plus {practice}"
REMOVED: Final = "Vous ne faites plus partie de {practice}"
BACK: Final = "Vous faites de nouveau partie de {practice}"
DECLINED: Final = "Invitation de {practice} déclinée"
WORDS: Final = {
    NAMED: "{actor} vous a nommé administrateur. Vous gérez désormais les lieux, les salles, les groupes et les membres du cabinet\u00a0: "
    "ouvrez Cabinet, dans le menu de votre compte.",
    UNNAMED: "{actor} vous a retiré l’administration du cabinet. Vos autres accès ne changent pas.",
    REMOVED: "{actor} a mis fin à votre accès. Votre compte reste le vôtre, et ce que vous avez fait garde votre nom.",
    BACK: "{actor} vous rouvre l’accès. Connectez-vous comme avant, avec votre mot de passe.",
    DECLINED: "{actor} a décliné votre invitation. Rien ne lui est ouvert, et son nom quitte la liste des membres.",
}
"""By subject; each practitioner gives back an access to their agenda themselves."""


SURPRISED: Final = {
    DECLINED: "Si cela vous surprend, vérifiez l’adresse avec cette personne\u00a0: vous pouvez l’inviter de nouveau.",
}
"""What who did not expect it is to do, where it is not to ask their practice."""


def tell_member(session: Session, actor: Actor, practice_id: UUID, account: Account, subject: str, *, by: str = "") -> None:
    """Put a message into the outbox, in the caller's transaction; who has no address, or who acted themselves, is sent none.

    `by` is how the reader knows who acted, where that is not by the name of their account.
    """
    if account.email is None or account.id == actor.account_id:
        return
    practice = session.get_one(Practice, practice_id)
    lines = [
        f"Bonjour {account.name},",
        "",
        WORDS[subject].format(actor=by or actor.name),
        "",
        SURPRISED.get(subject, "Si cela vous surprend, parlez-en à votre cabinet."),
    ]
    email = OutgoingEmail(
        key=f"member:{uuid7()}",
        practice_id=practice_id,
        recipient=account.email,
        subject=subject.format(practice=practice.name),
        body="\n".join(lines),
    )
    session.add(email)
    session.flush()
    enqueue(session, MailReady(email.id), lock=f"mail:{email.id}")
