"""Brevo's transactional SMS (`POST /v3/transactionalSMS/send`, described at developers.brevo.com): one message to one number."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Self

import httpx

from maiia_pro.kernel.errors import Invalid, Unavailable
from maiia_pro.settings import Settings

TIMEOUT: Final = httpx.Timeout(10, connect=5)
PATH: Final = "/transactionalSMS/send"
CHEAP: Final = str.maketrans({"’": "'", "«": '"', "»": '"', "\u00a0": " ", "\u202f": " ", "…": "...", "–": "-", "ê": "e", "â": "a",
                              "î": "i", "ô": "o", "û": "u", "ç": "c", "ë": "e", "ï": "i", "œ": "oe"})  # fmt: skip
"""Signs outside the alphabet of SMS (3GPP TS 23.038) make a message three times as many; these read as well without."""


class TextRefused(Unavailable):
    """The service did not take the message; it stays in the outbox and is tried again."""

    code = "text-refused"
    message = "Le service de SMS n’a pas pris le message. Il reste dans la boîte d’envoi et repartira tout seul."


class NumberRefused(Invalid):
    """The service will never take this message: a number that does not exist, or that asked for no more."""

    code = "number-refused"
    message = "Le service de SMS refuse ce numéro. Vérifiez-le."


@dataclass(frozen=True, slots=True)
class TextService:
    """Where messages go, with the key that pays for them; `url` ends with the version, as in `https://…/v3`."""

    url: str
    key: str
    sender: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read the operator's settings; raises `Unavailable` where there is no service."""
        if not settings.sms_url:
            raise Unavailable("Aucun service de SMS n’est indiqué : définissez SMS_URL. Le message attend dans la boîte d’envoi.")
        return cls(settings.sms_url.rstrip("/"), settings.sms_key or "", settings.sms_sender)

    def send(self, number: str, text: str, mark: str) -> None:
        """Hand a message over to an E.164 number; `mark` names it in the service's lists. Raises `TextRefused` or `NumberRefused`."""
        content = text.translate(CHEAP)
        body = {
            "sender": self.sender,
            "recipient": number.removeprefix("+"),
            "content": content,
            "type": "transactional",
            "tag": mark,
            "unicodeEnabled": not content.translate(_GSM).isascii(),
        }
        try:
            with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
                answer = http.post(f"{self.url}{PATH}", json=body, headers={"api-key": self.key, "accept": "application/json"})
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            raise TextRefused("Le service de SMS ne répond pas.") from None  # the error may quote the request
        if not answer.is_success:
            raise _refusal(answer)


_GSM: Final = dict.fromkeys(map(ord, "éèàùìòñäöüÄÖÜÉÇÅåÆæßØø£¥§¿¡€"), "e")


def _refusal(answer: httpx.Response) -> TextRefused | NumberRefused:
    """Say what somebody can mend; nothing of what the service answered, which may quote the number."""
    if answer.status_code == HTTPStatus.BAD_REQUEST:
        return NumberRefused()
    if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return TextRefused("Le service de SMS refuse la clé du logiciel. Prévenez l’exploitant.")
    if answer.status_code == HTTPStatus.PAYMENT_REQUIRED:
        return TextRefused("Le crédit de SMS est épuisé. Prévenez l’exploitant.")
    return TextRefused()
