"""An appointment as screens draw it."""

from typing import TypedDict


class Block(TypedDict):
    """An appointment by the site's own clock: `day` is an ISO date, `start` minutes after midnight, `length` minutes."""

    id: str
    version: int
    practitioner: str
    site: str
    patient: str
    name: str
    reason: str
    hue: str
    mode: str
    status: str
    origin: str
    note: bool
    over: bool
    day: str
    start: int
    length: int
