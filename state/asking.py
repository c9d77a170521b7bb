"""How often free times may be asked for, whichever page shows them (terms of use, article 19)."""

from typing import Final

from reflex.state import BaseState

from maiia_pro.kernel.rates import count_request
from state.session import current_actor, network

A_MINUTE: Final = {"profile": 240, "days": 240, "echo": 1_200, "book": 30}
"""Public pages, the days of one, days read again because their agenda changed (nobody asks for these, but anybody may say that it did),
and bookings: of an account, or of all the visitors of one network together."""
TOO_MANY_BOOKINGS: Final = "Trop de réservations en peu de temps. Patientez une minute, puis réessayez."
TOO_MANY: Final = "Trop de pages consultées en peu de temps depuis ce réseau ou ce compte. Patientez une minute, puis recommencez."


async def count_asking(state: BaseState, what: str) -> None:
    """Count what somebody asks for; raises `TooMany`."""
    asker = (await current_actor(state)).account_id or network(state)
    count_request((what, asker), A_MINUTE[what], TOO_MANY_BOOKINGS if what == "book" else TOO_MANY)
