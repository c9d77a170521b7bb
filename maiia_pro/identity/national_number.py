"""The national number of a health professional: RPPS, or ADELI for who was never given one (public health code, D. 4113-118).

RPPS has eleven digits, the last one a key. ADELI, which RPPS replaces, has nine characters: two of the department (« 2A », « 9B »),
two of the profession, four of the order in which it was given, a key.
"""

import re
from typing import Final

ADELI: Final = "([0-9]{2}|2[AB]|9[A-H])[0-9]{7}"
PATTERN: Final = f"^([0-9]{{11}}|{ADELI})$"
"""As Python and PostgreSQL both read it."""
NAME: Final = "Numéro RPPS ou ADELI"
HINT: Final = "Onze chiffres, sur la carte professionnelle. Sans RPPS, les neuf caractères du numéro ADELI."


def is_national_number(text: str) -> bool:
    """Tell whether a text is written as such a number is."""
    return re.fullmatch(PATTERN, text) is not None


def is_adeli(number: str) -> bool:
    """Tell which of the two a number is, by its length."""
    return len(number) == 9


def number_words(number: str) -> str:
    """Write a number with its name: « RPPS 10001234567 »; nothing for none.

    The space lets a narrow column break there: held together the two are too wide for a telephone's, and the number was cut in two.
    """
    return f"{'ADELI' if is_adeli(number) else 'RPPS'} {number}" if number else ""


def national_id(number: str) -> str:
    """Give what names a professional among all of both registers (IdNat_PS of the ANS): « 8 » before RPPS, « 0 » before ADELI."""
    return ("0" if is_adeli(number) else "8") + number
