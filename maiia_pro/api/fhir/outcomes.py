"""Refusals as OperationOutcome, and the few that only FHIR knows."""

from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from maiia_pro.agenda.errors import NoOnlineBooking, NotOffered
from maiia_pro.api.errors import TooLarge, TooSlow, error_headers
from maiia_pro.api.fhir.format import SYSTEMS, rendered
from maiia_pro.kernel.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OutcomeUnknown,
    TooMany,
    Unavailable,
)


class BadRequest(Invalid):
    """What came cannot be read as FHIR; `fields` maps a FHIRPath, or the name of a parameter, to what is wrong with it."""

    code = "bad-request"
    status = HTTPStatus.BAD_REQUEST
    message = "Cette demande est illisible."


class BadParameter(BadRequest):
    """A search parameter is unknown, or its value makes no sense."""

    code = "bad-parameter"
    message = "Un paramètre de recherche n’est pas admis."


class WrongType(Invalid):
    """The body is of a type that the route does not read."""

    code = "unsupported-media-type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    message = "Envoyez du JSON FHIR (Content-Type : application/fhir+json)."


class NotAcceptable(Invalid):
    """The caller reads none of the formats there are."""

    code = "not-acceptable"
    status = HTTPStatus.NOT_ACCEPTABLE
    message = "Seul le format application/fhir+json est disponible."


class NoSuchMethod(Invalid):
    """The address exists, and does not answer this method."""

    code = "method-not-allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    message = "Cette interaction n’est pas proposée à cette adresse. Voyez /fhir/metadata."

    def __init__(self, methods: set[str]) -> None:
        self.methods = methods
        super().__init__()


class RepeatWithKey(OutcomeUnknown):
    """Nobody knows whether it was kept, and the key tells: repeated with it, it is done once."""

    message = (
        "La connexion s’est coupée pendant l’enregistrement : nous ne savons pas s’il a été fait. "
        "Répétez la même demande avec la même clé Idempotency-Key : elle ne sera faite qu’une fois."
    )


ISSUE_CODES: Final[tuple[tuple[type[DomainError], str], ...]] = (
    (NotSignedIn, "login"),
    (NotAllowed, "forbidden"),
    (NotFound, "not-found"),
    (NotOffered, "business-rule"),
    (NoOnlineBooking, "business-rule"),
    (Conflict, "conflict"),
    (TooMany, "throttled"),
    (TooLarge, "too-long"),
    (TooSlow, "timeout"),
    (WrongType, "not-supported"),
    (NotAcceptable, "not-supported"),
    (NoSuchMethod, "not-supported"),
    (BadParameter, "invalid"),
    (BadRequest, "structure"),
    (Invalid, "invalid"),
    (RepeatWithKey, "transient"),
    (OutcomeUnknown, "exception"),
    (Unavailable, "transient"),
)
"""The first class that fits gives the code (http://hl7.org/fhir/issue-type)."""


def outcome(error: DomainError) -> dict[str, Any]:
    """Say a refusal as an OperationOutcome: one issue, or one for each field that is wrong."""
    code = next((code for kind, code in ISSUE_CODES if isinstance(error, kind)), "exception")
    fields = error.fields if isinstance(error, Invalid) else {}
    issues = [_issue(code, error.code, message, field) for field, message in fields.items()] or [_issue(code, error.code, error.message)]
    return {"resourceType": "OperationOutcome", "issue": issues}


def _issue(code: str, ours: str, message: str, field: str = "") -> dict[str, Any]:
    coding = [{"system": SYSTEMS["error"], "code": ours}]
    issue = {"severity": "error", "code": code, "details": {"coding": coding, "text": message}, "diagnostics": message}
    return issue | ({"expression": [field]} if field else {})


def outcome_headers(error: DomainError) -> dict[str, str]:
    """Give the headers that go with a refusal (RFC 6750, section 3; RFC 9110)."""
    headers = error_headers(error, bearer=True)
    if isinstance(error, NotAllowed):
        headers["WWW-Authenticate"] = 'Bearer realm="maiia-pro", error="insufficient_scope"'
    if isinstance(error, NoSuchMethod):
        headers["Allow"] = ", ".join(sorted(error.methods))
    if retry_after := getattr(error, "retry_after", 0):
        headers["Retry-After"] = str(retry_after)
    return headers


def fhir_error(error: DomainError, *, bearer: bool = True) -> Response:
    """Render a refusal as FHIR does."""
    del bearer
    return rendered(outcome(error), status=int(error.status), headers=outcome_headers(error))
