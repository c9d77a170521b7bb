"""Reports of mail servers that gave a message up (RFC 3464), as the mail system of the operator hands them over."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Final
from uuid import UUID

from sqlmodel import Session

from maiia_pro.identity.health import note_bounce
from maiia_pro.identity.health_tables import Bounce
from maiia_pro.integrations.smtp.client import is_for_good
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import transaction
from maiia_pro.notifications.tables import OutgoingEmail

LONGEST: Final = 1_000_000
"""Bytes of a report that are read; reports quote what they return at the end."""
_OURS: Final = re.compile(r"<([0-9a-f-]{36})@")


def note_returned(actor: Actor, content: bytes) -> bool:
    """Take note of a report; tells whether it says that an account's mailbox is no more.

    Only a report on a message that left from here, to the very address it went to, is believed: anybody can write to ours.
    """
    require(actor, Permission.SYSTEM)
    report = message_from_bytes(content[:LONGEST], policy=default)
    refused = refused_for_good(report)
    with transaction() as session:
        email = _returned(session, report)
        if email is None or email.recipient.casefold() not in refused:
            return False
        return note_bounce(session, email.recipient, Bounce.RETURNED)


def refused_for_good(report: Message) -> set[str]:
    """List the addresses that a report gives up because there is no such mailbox."""
    parts = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    groups = [fields for part in parts for fields in part.get_payload() if isinstance(fields, Message)]
    failed = [one for one in groups if _field(one, "Action").lower() == "failed" and is_for_good(550, _field(one, "Status").encode())]
    named = {_field(one, name) for one in failed for name in ("Final-Recipient", "Original-Recipient")}
    return {value.rpartition(";")[2].strip().casefold() for value in named if value}


def _field(fields: Message, name: str) -> str:
    return str(fields.get(name) or "").strip()


def _returned(session: Session, report: Message) -> OutgoingEmail | None:
    """Find the message that a report is about, by the Message-ID that it quotes."""
    for part in report.walk():
        inside = part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}
        quoted = part.as_string() if inside else ""
        for ident in re.findall(r"(?im)^message-id:\s*(\S+)", quoted):
            ours = _OURS.match(ident)
            found = session.get(OutgoingEmail, UUID(ours[1])) if ours else None
            if found is not None:
                return found
    return None
