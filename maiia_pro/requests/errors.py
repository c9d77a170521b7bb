"""Refusals of requests, each with its sentence."""

from maiia_pro.kernel.errors import Conflict


class RequestTaken(Conflict):
    """Somebody else takes care of it already."""

    code = "request-taken"

    def __init__(self, who: str) -> None:
        super().__init__(f"{who} s’occupe déjà de cette demande. Choisissez-en une autre, ou voyez ensemble qui la garde.")


class RequestChanged(Conflict):
    """Somebody changed it since it was read."""

    code = "request-changed"

    def __init__(self, who: str) -> None:
        super().__init__(f"{who} vient de changer cette demande. Relisez-la, puis recommencez.")


class RequestClosed(Conflict):
    """It is done or dropped, so it waits for nothing any more."""

    code = "request-closed"
    message = "Cette demande est fermée. Rouvrez-la d’abord."


class RequestOpen(Conflict):
    """It is open, so it cannot be opened again."""

    code = "request-open"
    message = "Cette demande est déjà ouverte."
