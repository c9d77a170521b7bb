"""Refusals that can speak: each carries its French sentence and is rendered once for the UI and once for the API."""

from http import HTTPStatus
from typing import ClassVar


class DomainError(Exception):
    """What a use case answers when it will not do what was asked."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = HTTPStatus.INTERNAL_SERVER_ERROR
    message: str = "L’opération n’a pas pu être faite. Réessayez dans un instant."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).message
        super().__init__(self.message)


class NotSignedIn(DomainError):
    """Nobody is signed in, and the act needs somebody."""

    code = "not-signed-in"
    status = HTTPStatus.UNAUTHORIZED
    message = "Connectez-vous pour continuer."


class ScreenLocked(NotSignedIn):
    """The screen is locked; whoever stands there may only unlock it."""

    code = "screen-locked"
    message = "L’écran est verrouillé. Déverrouillez-le pour continuer."


class SecondStepNeeded(NotSignedIn):
    """The password was right; nothing opens before the second step."""

    code = "second-step-needed"
    message = "Terminez d’abord votre connexion par la seconde étape."


class NotAllowed(DomainError):
    """The actor is known and may not do this."""

    code = "not-allowed"
    status = HTTPStatus.FORBIDDEN
    message = "Vous n’avez pas le droit de faire cela. Demandez-le au responsable du cabinet."


class NotDelegated(NotAllowed):
    """The practitioner concerned did not let the actor do this for them."""

    code = "not-delegated"
    message = "Ce praticien ne vous a pas confié cela. Demandez-le-lui : il le règle dans Réglages, Équipe."


class NotChecked(NotDelegated):
    """The operator has not checked what a substitute or an aidant practises, or found it wrong."""

    code = "not-checked"
    message = "Votre profession n’est pas encore vérifiée. Voyez où cela en est dans «\u00a0Mes informations\u00a0»."


class NotAdministrator(NotAllowed):
    """The act is the practice's affair, and the actor does not administer it."""

    code = "not-administrator"
    message = "Cela revient aux administrateurs du cabinet. Demandez-le à l’un d’eux."


class NotFound(DomainError):
    """The thing does not exist, or the actor may not know that it does: the answer is the same."""

    code = "not-found"
    status = HTTPStatus.NOT_FOUND
    message = "Cet élément n’existe pas ou n’est plus accessible. Revenez à la page précédente."


class Conflict(DomainError):
    """The act was right when it was asked, but something else came first."""

    code = "conflict"
    status = HTTPStatus.CONFLICT
    message = "Quelque chose a changé entre-temps. Rechargez la page, puis recommencez."


class Invalid(DomainError):
    """Something entered is not acceptable; `fields` says which and why, one French sentence each."""

    code = "invalid"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = "Vérifiez ce que vous avez saisi."

    def __init__(self, message: str | None = None, fields: dict[str, str] | None = None) -> None:
        self.fields = fields or {}
        super().__init__(message or next(iter(self.fields.values()), None))


class TooMany(DomainError):
    """The actor asks too often; `retry_after` is in whole seconds."""

    code = "too-many"
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = "Trop de demandes en peu de temps. Patientez un instant, puis réessayez."

    def __init__(self, message: str | None = None, retry_after: int = 60) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Unavailable(DomainError):
    """A part that the act needs does not answer."""

    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = "Le service ne répond pas pour le moment. Réessayez dans une minute."


class Busy(Unavailable):
    """More is asked than the server can do in time; what it has begun it ends. `retry_after` is in whole seconds."""

    code = "busy"
    message = "Le service est très demandé en ce moment. Patientez quelques secondes, puis réessayez."
    retry_after = 5


class NothingRecorded(Unavailable):
    """The database fell silent before the act was committed: nothing of it is kept."""

    message = "Le service ne répond pas pour le moment. Rien n’a été enregistré ; réessayez dans une minute."


class DoneUnread(Unavailable):
    """What was asked is done and kept; only the look at it afterwards got no answer."""

    code = "done-unread"
    message = "C’est enregistré, mais le service ne répond plus pour le montrer. Rechargez la page dans une minute ; ne recommencez pas."


class OutcomeUnknown(Unavailable):
    """The database fell silent while it was told to keep what was done: nobody knows whether it did."""

    code = "outcome-unknown"
    message = (
        "La connexion s’est coupée pendant l’enregistrement : nous ne savons pas s’il a été fait. "
        "Vérifiez s’il apparaît avant de recommencer."
    )
