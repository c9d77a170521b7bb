"""The national number of health professionals as it is typed, and whose it is already; `rpps` in code, whichever register it is of."""

import re
from http import HTTPStatus
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from maiia_pro.identity.national_number import is_adeli, is_national_number
from maiia_pro.identity.tables import Professional
from maiia_pro.kernel.db import constraint_of
from maiia_pro.kernel.errors import Conflict, Invalid
from maiia_pro.practice.tables import Practitioner

DOUBTFUL = "La clé de ce numéro ne correspond pas. Vérifiez-le sur votre carte\u00a0; il est enregistré tel quel."


def read_rpps(text: str) -> str:
    """Read a number as people type it, with spaces or without; raises `Invalid` where it is neither RPPS nor ADELI."""
    written = re.sub(r"[\s.\-\u00a0\u202f]", "", text).upper()
    if is_national_number(written):
        return written
    raise Invalid(
        "Écrivez les onze chiffres du numéro RPPS, par exemple 10001234567, ou à défaut les neuf caractères du numéro ADELI, "
        "par exemple 491012345."
    )


def key_holds(digits: str) -> bool:
    """Tell whether the last digit of an RPPS number is its key; nothing is doubted of ADELI."""
    return is_adeli(digits) or luhn_holds(digits)


def luhn_holds(digits: str) -> bool:
    """Tell whether the last digit is the key of the others (Luhn, ISO/IEC 7812-1)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


class RppsTaken(Conflict):
    """Another account has this number: it names one person."""

    code = "rpps-taken"
    status = HTTPStatus.CONFLICT
    message = "Ce numéro est déjà celui d’un compte. Vérifiez-le\u00a0; s’il est bien le vôtre, écrivez à notre service d’assistance."


_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext('rpps ' || :rpps))")


def is_taken(session: Session, rpps: str, account_id: UUID | None, *, by_checked: bool = False) -> bool:
    """Tell whether a number is that of a practitioner, a substitute or an aidant of another account; nobody takes it until the caller ends.

    `by_checked` counts, of substitutes and aidants, those alone whom an operator has checked: what was typed for others bars nobody.
    """
    session.connection().execute(_ONE_AT_A_TIME, {"rpps": rpps})
    agendas = select(Practitioner.id).where(Practitioner.rpps == rpps, col(Practitioner.account_id).is_distinct_from(account_id))
    others = select(Professional.account_id).where(Professional.rpps == rpps, Professional.account_id != account_id)
    if by_checked:
        others = others.where(col(Professional.checked_at).is_not(None))
    return any(session.exec(one).first() is not None for one in (agendas, others))


def flush_rpps(session: Session) -> None:
    """Send a professional's row to the database; raises `Invalid` on field `rpps` where the number is another's."""
    try:
        session.flush()
    except IntegrityError as error:
        if constraint_of(error) in {"practitioner_one_rpps", "uq_professional_rpps"}:
            raise Invalid(fields={"rpps": RppsTaken.message}) from None
        raise
