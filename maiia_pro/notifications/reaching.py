"""How a recipient is reached and shown, and what an SMS says."""

import re
from typing import Final

from sqlmodel import Session, col, select

from maiia_pro.kernel.french import phone
from maiia_pro.patients.preferences import Channel
from maiia_pro.practice.tables import Practice
from maiia_pro.settings import get_settings

INVENTED_DOMAIN: Final = "demonstration.example"
"""Where the addresses of the demonstration lie: nobody reads mail there."""
INVENTED_NUMBERS: Final = re.compile(r"\+3363998\d{4}")
"""Numbers that Arcep keeps for films and plays (decision 2018-0881): they ring nowhere."""


def channel_of(recipient: str) -> Channel:
    """Tell how a recipient is reached."""
    return Channel.EMAIL if "@" in recipient else Channel.SMS


def text_of(subject: str, link: str = "", opens: str = "") -> str:
    """Say in an SMS what a mail says in its subject, and where the rest is read: neither reason nor specialty, nor who is seen."""
    settings = get_settings()
    more = f"{opens} : {link}" if link else f"Voir vos rendez-vous : {settings.base_url}/rendez-vous"
    return f"{settings.operator_name} : {subject[:1].lower()}{subject[1:]}. {more}"


def is_invented(recipient: str) -> bool:
    """Tell whether a recipient is nobody's."""
    return recipient.casefold().endswith(f"@{INVENTED_DOMAIN}") or INVENTED_NUMBERS.fullmatch(recipient) is not None


def reaches_nobody(session: Session, recipient: str) -> bool:
    """Tell whether a message goes to nobody: its recipient is invented, or this is a demonstration without a service to send it by.

    One real practice, and it is none, whatever the settings say: they are those of a demonstration where nobody wrote any.
    """
    settings = get_settings()
    service = settings.sms_url if channel_of(recipient) is Channel.SMS else settings.smtp_url
    if is_invented(recipient) or service or not settings.demo:
        return is_invented(recipient)
    return session.exec(select(Practice.id).where(~col(Practice.is_demo)).limit(1)).first() is None


def shown_recipient(recipient: str, own: str) -> str:
    """Show a recipient to somebody whose own is `own`: of anybody else's, unless it is invented, only what tells them apart."""
    if is_invented(recipient) or (own and recipient.casefold() == own):
        return phone(recipient) if channel_of(recipient) is Channel.SMS else recipient
    if channel_of(recipient) is Channel.SMS:
        return f"•• {recipient[-2:]}"
    name, _, domain = recipient.rpartition("@")
    return f"{name[:1]}•••@{domain}"
