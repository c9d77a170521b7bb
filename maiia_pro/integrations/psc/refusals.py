"""Why Pro Santé Connect did not tell who somebody is; each sentence says what to do instead."""

from http import HTTPStatus

from maiia_pro.kernel.errors import DomainError, NotFound, Unavailable
from maiia_pro.kernel.french import NBSP


class PscRefusal(DomainError):
    """Pro Santé Connect lets nobody in this time."""

    code = "psc-refused"
    status = HTTPStatus.UNAUTHORIZED
    message = f"La réponse de Pro Santé Connect n’a pas pu être vérifiée. Recommencez{NBSP}; si cela se répète, écrivez à l’assistance."


class PscAway(Unavailable):
    """It does not answer, answers too late, or with something else."""

    code = "psc-away"
    message = "Pro Santé Connect ne répond pas. Réessayez dans quelques minutes, ou utilisez votre mot de passe."


class PscNotSet(NotFound):
    """The operator named no provider."""

    code = "psc-not-set"
    message = "Pro Santé Connect n’est pas ouvert sur ce site. Utilisez votre mot de passe."


class PscWeak(PscRefusal):
    """The professional was not identified strongly enough: `acr` is not the one asked for."""

    code = "psc-weak"
    message = "Pro Santé Connect ne vous a pas identifié assez sûrement. Recommencez avec votre e-CPS ou votre carte CPS."


class PscCancelled(PscRefusal):
    """The professional gave up on the provider's page."""

    code = "psc-cancelled"
    message = "Vous avez interrompu l’identification. Recommencez quand vous voulez, ou utilisez votre mot de passe."


class PscNoNumber(PscRefusal):
    """Whoever signed in there has no RPPS, or more than one."""

    code = "psc-no-number"
    message = "Pro Santé Connect ne donne pas de numéro RPPS pour vous. Utilisez votre mot de passe."
