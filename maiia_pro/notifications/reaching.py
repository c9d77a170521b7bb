"""Where a message about a patient goes: to an address, else, for who has an account without one, to the number that was proven."""

import re
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from maiia_pro.kernel.french import phone
from maiia_pro.patients.preferences import Channel
from maiia_pro.patients.tables import Patient
from maiia_pro.settings import get_settings

INVENTED_DOMAIN: Final = "demonstration.example"
"""Where the addresses of the demonstration lie: nobody reads mail there."""
INVENTED_NUMBERS: Final = re.compile(r"\+336(?:3998)\d{4}")
"""Numbers that Arcep keeps for films and plays (decision 2018-0881): they ring nowhere."""


def channel_of(recipient: str) -> Channel:
    """Tell how a recipient is reached."""
    return Channel.EMAIL if "@" in recipient else Channel.SMS


_NUMBER = text("""
    select a.phone_key from person p join account a on a.id = p.account_id where p.id = :person_id and a.email is null
""")


def reach(session: Session, patient: Patient) -> str:
    """Give the address or the number that a message about a patient goes to, or an empty string."""
    return patient.email or str(session.connection().execute(_NUMBER, {"person_id": patient.person_id}).scalar() or "")


def text_of(subject: str) -> str:
    """Say in an SMS what a mail says in its subject, and where the rest is read: neither reason nor specialty, nor who is seen."""
    settings = get_settings()
    return f"{settings.operator_name} : {subject[:1].lower()}{subject[1:]}. Voir vos rendez-vous : {settings.base_url}/rendez-vous"


def is_invented(recipient: str) -> bool:
    """Tell whether a recipient is nobody's."""
    return recipient.casefold().endswith(f"@{INVENTED_DOMAIN}") or INVENTED_NUMBERS.fullmatch(recipient) is not None


def shown_recipient(recipient: str, own: str) -> str:
    """Show a recipient to somebody whose own is `own`: of anybody else's, unless it is invented, only what tells them apart."""
    if is_invented(recipient) or (own and recipient.casefold() == own):
        return phone(recipient) if channel_of(recipient) is Channel.SMS else recipient
    if channel_of(recipient) is Channel.SMS:
        return f"•• {recipient[-2:]}"
    name, _, domain = recipient.rpartition("@")
    return f"{name[:1]}•••@{domain}"
