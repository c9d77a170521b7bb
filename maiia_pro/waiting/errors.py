"""Refusals of the waiting list, each with its sentence."""

from typing import Final

from maiia_pro.kernel.errors import Conflict


class AlreadyWaiting(Conflict):
    """The patient has this very wish already."""

    code = "already-waiting"
    message = "Ce souhait est déjà sur la liste d’attente. Modifiez-le plutôt que d’en ajouter un second."
    own: Final = (
        "Vous attendez déjà une place pour ce motif. Pour d’autres jours ou d’autres heures, choisissez d’abord "
        "«\u00a0Ne plus attendre\u00a0» dans «\u00a0Mes rendez-vous\u00a0»."
    )
    """What a patient reads, who withdraws a wish and does not change it."""


class TooManyWishes(Conflict):
    """The patient has as many wishes in the practice as one may."""

    code = "too-many-wishes"
    message = "Cinq souhaits sont déjà en attente dans ce cabinet. Retirez-en un pour en ajouter un autre."


class WishChanged(Conflict):
    """Somebody changed or closed the wish first."""

    code = "wish-changed"
    message = "Ce souhait a changé entre-temps. Relisez-le, puis recommencez."


class OfferOver(Conflict):
    """The offer is no longer there to be answered."""

    code = "offer-over"
    message = "Cette place n’est plus proposée\u00a0: le délai est passé, ou elle a été reprise. Vous restez sur la liste d’attente."


class OfferAwaited(Conflict):
    """The patient has not answered another offer yet."""

    code = "offer-awaited"
    message = "Une place lui est déjà proposée. Attendez sa réponse, ou que le délai passe."


class NotOnline(Conflict):
    """Nobody could accept on a screen: the patient has no account, or the reason is not booked online."""

    code = "not-online"
    message = "Ce patient ne peut pas répondre en ligne. Appelez-le, puis réservez pour lui."


class PlaceGone(Conflict):
    """The place cannot be offered."""

    code = "place-gone"
    message = "Cette place n’est plus libre, ou commence trop tôt pour être proposée. Choisissez-en une autre."
