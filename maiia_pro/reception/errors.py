"""Refusals of the reception, each with its sentence."""

from maiia_pro.kernel.errors import Conflict, NotFound


class UnknownDoor(NotFound):
    """The poster was replaced, or its address is incomplete."""

    code = "unknown-door"
    message = "Cette affiche n’est plus valable. Présentez-vous à l’accueil."


class NotAtThisHour(Conflict):
    """The visit is too far off, or over."""

    code = "not-at-this-hour"
    message = "L’arrivée se signale dans l’heure qui précède le rendez-vous. Présentez-vous à l’accueil si besoin."
