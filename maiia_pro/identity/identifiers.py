"""What a patient is known by: an e-mail address, or the number of a mobile in France."""

import re
from typing import Final

from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import read_phone
from maiia_pro.kernel.text import email, one_line, writable
from maiia_pro.settings import get_settings

MOBILE: Final = re.compile(r"\+(?:33[67][0-9]{8}|(?:262|590|594|596)[67][0-9]{8})")
"""Where a message costs what is expected: numbers elsewhere are what bills are inflated with."""


def is_phone(identifier: str) -> bool:
    """Tell a number from an address."""
    return "@" not in identifier


def asked() -> str:
    """Say what to write where nothing was."""
    return "Écrivez votre adresse e-mail ou votre numéro de téléphone." if get_settings().phone_door else "Écrivez votre adresse e-mail."


def read_identifier(typed: object) -> str:
    """Give the address as it was typed, or the number in E.164; raises `Invalid` on field `identifier` with what to write."""
    with_phone = get_settings().phone_door
    try:
        text = one_line(typed, longest=254)
        if not text:
            raise Invalid(asked())
        if not with_phone or "@" in text or not re.search(r"\d{4}", re.sub(r"\W", "", text)):
            return email(text)
        number = read_phone(text)
        if not MOBILE.fullmatch(number):
            raise Invalid("Écrivez un numéro de mobile français, qui commence par 06 ou 07, ou une adresse e-mail.")
    except Invalid as refusal:
        raise Invalid(fields={"identifier": refusal.message}) from None
    return number


def sought_by(typed: object) -> str:
    """Give what a sign-in by password looks for, whatever was typed: what is no identifier is nobody's."""
    if not isinstance(typed, str):
        return ""
    key = writable(typed).strip().casefold()[:254].replace("\x00", "")
    if "@" in key:
        return key
    try:
        return read_phone(key)
    except Invalid:
        return key
