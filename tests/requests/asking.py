"""How tests note a request."""

from typing import Any
from uuid import UUID

from maiia_pro.kernel.actor import Actor
from maiia_pro.requests.creating import NewRequest, create_request
from maiia_pro.requests.detail import RequestDetail, read_request
from maiia_pro.requests.listing import RequestLine, RequestQuery, Which, request_board
from tests.factories import House

FORM = {"kind": "call_back", "subject": "Rappeler pour les résultats", "due": "demain 9h", "caller_name": "Mme Besnard"}


def asked(house: House, actor: Actor, **more: Any) -> UUID:
    """Note a request in a practice; `more` is what the form says besides."""
    return create_request(actor, house.practice_id, NewRequest.parse(FORM | more))


def detail(actor: Actor, request_id: UUID) -> RequestDetail:
    """Read a request in full."""
    return read_request(actor, request_id)


def lines(house: House, actor: Actor, which: Which = Which.OPEN, **more: Any) -> list[RequestLine]:
    """List requests of a practice."""
    return list(request_board(actor, RequestQuery(house.practice_id, which, **more)).lines)
