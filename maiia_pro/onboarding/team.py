"""The practitioner's own sheet, and the colleagues and secretaries whom they ask in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

from sqlmodel import Session, col, select

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.reasons import HUES
from maiia_pro.identity.health import Detail, note_details
from maiia_pro.identity.tables import AIDANTS, Account, Membership, Profession, Professional
from maiia_pro.kernel import audit
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import MEMBERS, Actor, ActorKind, Right
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.text import FieldErrors, email, named, picked_day, read_field
from maiia_pro.onboarding.inviting import LINKS_A_MINUTE, TOO_MANY, CannotBeInvited, ask_anybody
from maiia_pro.onboarding.people import PersonForm, new_practitioner
from maiia_pro.onboarding.progress import note_step
from maiia_pro.onboarding.returning import former_member, readmit
from maiia_pro.onboarding.tables import Step
from maiia_pro.practice.declaring import ask_check
from maiia_pro.practice.delegating import Terms, give, rights_of
from maiia_pro.practice.own_agenda import own_row
from maiia_pro.practice.rpps import flush_rpps, is_taken, read_rpps
from maiia_pro.practice.tables import Practice, Practitioner

DECLARE: Final = "Ce changement se déclare dans «\u00a0Mes informations\u00a0»\u00a0: nous le vérifions d’abord."


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody to ask in: a colleague with what an agenda needs to know, a secretary, a substitute with their days, an aidant."""

    email: str
    name: str
    role: ActorKind
    colleague: PersonForm | None = None
    profession: Profession | None = None
    rpps: str | None = None
    rights: frozenset[Right] = frozenset()
    """What a secretary or a substitute may do for the practitioner who asks them in; nothing where nothing was ticked."""
    first: date | None = None
    last: date | None = None

    @classmethod
    def read(cls, typed: Mapping[str, object]) -> Self:
        """Read the form, `role` says for whom; raises `Invalid` naming every field that is wrong."""
        errors = FieldErrors()
        role = typed.get("role")
        if role not in MEMBERS:
            errors.add("role", "Choisissez qui vous ajoutez.")
        given = read_field(errors, "given_name", typed, named, "Écrivez le prénom.")
        family = read_field(errors, "family_name", typed, named, "Écrivez le nom.")
        form = PersonForm.read(typed, errors) if role == ActorKind.PRACTITIONER else None
        address = read_field(errors, "email", typed, email, "Écrivez l’adresse e-mail\u00a0: le lien d’activation y arrive.")
        new = cls(address, form.display_name if form else f"{given} {family}", ActorKind(str(role)) if role in MEMBERS else ASKED, form)
        if role in {ActorKind.SECRETARY, ActorKind.SUBSTITUTE}:
            new = replace(new, rights=rights_of(typed))
        if role == ActorKind.SUBSTITUTE:
            if not new.rights:
                errors.add("rights", "Cochez au moins un droit\u00a0: un remplaçant n’entre que par eux.")
            first, last = (_read_day(errors, name, typed.get(name)) for name in ("first", "last"))
            if not typed.get("last"):
                errors.add("last", "Choisissez le dernier jour du remplacement.")
            new = replace(new, first=first, last=last)
        if role in {ActorKind.SUBSTITUTE, ActorKind.AIDANT}:
            new = replace(new, **_read_profession(errors, typed, ActorKind(str(role))))
        errors.check()
        return new


def save_sheet(actor: Actor, form: PersonForm) -> None:
    """Change one's own sheet: title, name, colour. The account bears the same name.

    Raises `Invalid` where specialty or number differ from what was validated: they change by a declaration (`practice.declaring`).
    """
    require(actor, Permission.PRACTICE_SETUP)
    with transaction() as session:
        own = own_row(session, actor)
        lock_practitioners(session, [own.id])
        session.refresh(own)
        _keep_identity(own, form)
        session.add(form.fill(session, own))
        account = session.get_one(Account, own.account_id)
        note_details(session, actor, account.id, {Detail.NAME: (account.name, form.display_name)})
        account.name = form.display_name
        note_step(session, own.id, Step.PRACTITIONER)
        _recorded(session, actor, own)


ASKED: Final = ActorKind.SECRETARY
"""What is read in place of a role that is none: the form is refused anyway."""


def _keep_identity(own: Practitioner, form: PersonForm) -> None:
    errors = FieldErrors()
    for name, before, after in (("specialty", own.specialty, form.specialty), ("rpps", own.rpps, form.rpps)):
        if before and before != after:
            errors.add(name, DECLARE)
    errors.check()


def _read_day(errors: FieldErrors, name: str, typed: object) -> date | None:
    try:
        return picked_day(str(typed)) if typed else None
    except ValueError:
        errors.add(name, "Choisissez un jour du calendrier.")
        return None


def _read_profession(errors: FieldErrors, typed: Mapping[str, object], role: ActorKind) -> dict[str, Any]:
    """Read what somebody practises, and their number, which a care assistant may not have."""
    chosen, possible = str(typed.get("profession") or ""), AIDANTS if role is ActorKind.AIDANT else set(Profession) - AIDANTS
    if chosen not in possible:
        errors.add("profession", "Choisissez une profession de la liste.")
    missing = "" if chosen == Profession.CARE_ASSISTANT else "Écrivez le numéro RPPS ou ADELI."
    rpps = read_field(errors, "rpps", typed, read_rpps, missing)
    return {"profession": Profession(chosen) if chosen in possible else None, "rpps": rpps or None}


def ask_in(actor: Actor, new: Invitation) -> UUID:
    """Ask somebody into one's practice and have the link sent; gives the account's id.

    They may do for the practitioner who asks exactly what was ticked; a substitute during their days only. Colleagues are asked in by the
    administrators. Somebody who was asked in already is not asked twice.
    Raises `NotAdministrator`, `CannotBeInvited`, `AlreadyHere`, `TooMany`, or `Invalid` naming fields.
    """
    require(actor, Permission.PRACTICE_SETUP)
    with transaction() as session:
        own = own_row(session, actor, lock=True)
        if new.colleague:
            require(actor, Permission.PRACTICE_ADMIN, own.practice_id)
        account_id = admit(session, actor, session.get_one(Practice, own.practice_id, with_for_update=True), new)
        if new.rights:
            give(session, actor, own, account_id, Terms(new.rights, first=new.first, last=new.last))
        return account_id


def admit(session: Session, actor: Actor, practice: Practice, new: Invitation) -> UUID:
    """Make the account of somebody who is asked in, in the caller's transaction, which holds the practice and has authorised.

    Who worked there before comes back by the account they have. Nobody's agenda is theirs by that alone.
    """
    former = former_member(session, practice.id, new.email, new.role)
    known = None if former else _already_asked(session, practice.id, new)
    if known and new.role is not ActorKind.SUBSTITUTE:
        return known
    if not known:
        count_request(("activation-links", practice.id), LINKS_A_MINUTE, TOO_MANY)
    if former:
        account_id = readmit(session, actor, former)
    else:
        account_id = ask_anybody(session, actor, practice, address=new.email, name=new.name, role=new.role)
    if new.profession:
        _note_profession(session, actor, practice, account_id, new)
    if new.colleague and not former:
        known_row = session.exec(select(Practitioner).where(Practitioner.account_id == account_id)).first()
        if known_row is not None and known_row.practice_id == practice.id:
            return account_id  # they were asked in before, and it was taken back or declined
        if known_row is not None:
            raise CannotBeInvited  # their agenda is elsewhere, and an account has one
        form = replace(new.colleague, hue=_spare_hue(session, practice.id))
        _recorded(session, actor, new_practitioner(session, form, practice.id, account_id))
    return account_id


def _already_asked(session: Session, practice_id: UUID, new: Invitation) -> UUID | None:
    mine = select(Account.id).join(Membership, col(Membership.account_id) == Account.id)
    return session.exec(
        mine.where(Membership.practice_id == practice_id, Membership.role == new.role, Account.email_key == new.email.casefold())
    ).first()


def _note_profession(session: Session, actor: Actor, practice: Practice, account_id: UUID, new: Invitation) -> None:
    """Write what somebody practises the first time, for an operator to check; what was written before stays as it is.

    Raises `Invalid` where the number is another's.
    """
    known = session.get(Professional, account_id)
    if known is not None:
        return
    if new.rpps and is_taken(session, new.rpps, account_id):
        raise Invalid(fields={"rpps": "Ce numéro est déjà celui d’un autre compte. Vérifiez-le."})
    made = Professional(account_id=account_id, profession=str(new.profession), rpps=new.rpps)
    session.add(made)
    flush_rpps(session)
    ask_check(session, actor, made, f"Écrit par {actor.name}, {practice.name}, pour l’invitation.")


def _spare_hue(session: Session, practice_id: UUID) -> str:
    """Give a colour that no agenda of the practice wears, as long as there is one."""
    worn = set(session.exec(select(Practitioner.hue).where(Practitioner.practice_id == practice_id)))
    return next((hue for hue in HUES if hue not in worn), HUES[0])


def _recorded(session: Session, actor: Actor, row: Practitioner) -> None:
    session.flush()
    action = AuditAction.PRACTITIONER_CHANGED
    audit.record(session, actor, action, subject_type="practitioner", subject_id=row.id, practice_id=row.practice_id)
