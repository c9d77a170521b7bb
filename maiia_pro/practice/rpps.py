"""The national number of health professionals (répertoire partagé des professionnels de santé): eleven digits, the last one a key."""

import re
from http import HTTPStatus

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from maiia_pro.kernel.db import constraint_of
from maiia_pro.kernel.errors import Conflict, Invalid

DOUBTFUL = "La clé de ce numéro ne correspond pas. Vérifiez-le sur votre carte\u00a0; il est enregistré tel quel."


def read_rpps(text: str) -> str:
    """Read a number as people type it, with spaces or without; raises `Invalid` where it has not eleven digits."""
    digits = re.sub(r"[\s.\-\u00a0\u202f]", "", text)
    if re.fullmatch(r"[0-9]{11}", digits):
        return digits
    raise Invalid("Écrivez les onze chiffres du numéro RPPS, par exemple 10001234567.")


def key_holds(digits: str) -> bool:
    """Tell whether the last digit is the key of the others (Luhn, ISO/IEC 7812-1)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


class RppsTaken(Conflict):
    """Another account has this number: it names one person."""

    code = "rpps-taken"
    status = HTTPStatus.CONFLICT
    message = "Ce numéro RPPS est déjà celui d’un compte. Vérifiez-le\u00a0; s’il est bien le vôtre, écrivez à notre service d’assistance."


def flush_rpps(session: Session) -> None:
    """Send a professional's row to the database; raises `Invalid` on field `rpps` where the number is another's."""
    try:
        session.flush()
    except IntegrityError as error:
        if constraint_of(error) in {"practitioner_one_rpps", "uq_professional_rpps"}:
            raise Invalid(fields={"rpps": RppsTaken.message}) from None
        raise
