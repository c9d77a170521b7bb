"""A real SMTP conversation with the server that the operator names."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Self
from urllib.parse import unquote, urlsplit

from maiia_pro.kernel import clock
from maiia_pro.kernel.errors import DomainError, Unavailable

TIMEOUT_SECONDS = 20


class MailRefused(Unavailable):
    """The server did not take the message; it stays in the outbox and is tried again."""

    code = "mail-refused"
    message = "Le serveur d’e-mails n’a pas pris le message. Il reste dans la boîte d’envoi et repartira tout seul."


class AddressRefused(DomainError):
    """The server will never take a message for this address: there is no such mailbox. Trying again is of no use."""

    code = "address-refused"
    message = "Le serveur d’e-mails refuse l’adresse du destinataire. Vérifiez-la."


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages go: `smtp://` (STARTTLS when the server offers it) or `smtps://` (TLS from the start)."""

    host: str
    port: int
    user: str
    password: str
    tls: bool

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Read `smtp://user:password@host:port`."""
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        return cls(
            parts.hostname or "127.0.0.1",
            parts.port or (465 if tls else 587),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            tls,
        )

    def send(self, message: EmailMessage) -> None:
        """Hand a message over; raises `AddressRefused`, or `MailRefused` without having been understood to take it."""
        try:
            with self._connect() as smtp:
                if self.user:
                    smtp.login(self.user, self.password)
                smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            refused = all(is_for_good(code, said) for code, said in error.recipients.values())
            raise (AddressRefused() if refused else MailRefused(_why(error))) from None  # it quotes the address
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(_why(error)) from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        smtp = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        smtp.ehlo()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            smtp.ehlo()
        return smtp


def is_for_good(code: int, said: bytes) -> bool:
    """Tell whether a reply means that there is no such mailbox (RFC 5321, section 4.2.3; RFC 3463, section 3.2): no policy, no quota."""
    detailed = re.match(rb"5\.(\d{1,3})\.(\d{1,3})\b", said.strip())
    if detailed is None:
        return code in {550, 551, 553}
    return detailed[1] == b"1" or (detailed[1], detailed[2]) == (b"2", b"1")


def _why(error: Exception) -> str:
    """Say what somebody can mend; nothing of what the server answered, which may quote an address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "Le serveur d’e-mails refuse l’adresse du destinataire. Vérifiez-la."
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "Le serveur d’e-mails refuse l’identifiant du logiciel. Prévenez l’exploitant."
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return "Le serveur d’e-mails ne répond pas."
    return MailRefused.message


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes into a message; `message_id` is the same each time it is tried, so that a receiver can tell a repeat."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    body: str
    calendar: str = ""
    attachment: bytes | None = None
    """A PDF, or none."""
    attachment_name: str = ""

    def as_message(self) -> EmailMessage:
        """Build the MIME message: plain text, the calendar object (RFC 5545, RFC 6047) and the file as attachments."""
        message = EmailMessage()
        message["Message-ID"] = f"<{self.message_id}@{parseaddr(self.sender)[1].rpartition('@')[2] or 'localhost'}>"
        message["Date"] = format_datetime(clock.now())
        message["From"] = self.sender
        message["To"] = self.recipient
        message["Subject"] = self.subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(self.body)
        if self.calendar:
            method = "CANCEL" if "METHOD:CANCEL" in self.calendar else "PUBLISH"
            message.add_attachment(
                self.calendar.encode(),
                maintype="text",
                subtype="calendar",
                filename="rendez-vous.ics",
                params={"method": method, "charset": "utf-8"},
            )
        if self.attachment:
            message.add_attachment(self.attachment, maintype="application", subtype="pdf", filename=self.attachment_name)
        return message
