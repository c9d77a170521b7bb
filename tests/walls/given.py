"""What the types of arguments do not tell: the values that let a call come as far as the wall."""

from datetime import time, timedelta
from typing import Any, Final

from maiia_pro.agenda.exceptions import ExceptionKind
from maiia_pro.agenda.recurrence import Rhythm
from maiia_pro.agenda.settle import Choice
from maiia_pro.identity.factor_tables import IdentityCheck
from maiia_pro.identity.restriction_tables import Ground, RestrictionKind
from maiia_pro.kernel.access import Permission
from maiia_pro.kernel.actor import ActorKind
from tests.walls.filling import OPEN, RETURN, tomorrow

DAY: Final = tomorrow(9).date()
GIVEN: Final[dict[str, dict[str, Any]]] = {
    "*": {
        "minutes": 20, "days": 1, "version": 1, "limit": 20, "starts_at": tomorrow(13), "begins": tomorrow(9), "ends": tomorrow(18),
        "ExportRequest.first": DAY, "ExportRequest.last": DAY, "FiguresQuery.first": DAY, "FiguresQuery.last": DAY,
        "JournalQuery.first": tomorrow(9, -1).date(), "JournalQuery.last": DAY, "Rule.first": DAY,
        "Rule.count": 3,
        "Rule.rhythm": Rhythm.DAYS, "NewException.kind": ExceptionKind.CLOSED, "weekday": 1, "network": "203.0.113.9",
        "email": "inconnue@exemple.fr", "rpps": "10003456789", "password": "une phrase assez longue",
        "scopes": frozenset({"directory.read"}),
        "duration_minutes": 20, "hue": "azure", "permission": Permission.PATIENT_VIEW, "until": tomorrow(9, 10).date(), "due": "",
        "postal_code": "49000", "zone": "Europe/Paris", "phone": "+33241000000", "rights": frozenset({"agenda"}),
        "reason_name": f"Consultation {OPEN}", "reason": f"Consultation {OPEN}", "minute": 780, "length": 20,
        "birth_date": tomorrow(9, -9000).date(),
        "Invitation.role": ActorKind.SECRETARY, "closes": tomorrow(18).time(),
        "overlap": timedelta(days=1), "Asked.redirect_uri": RETURN, "Asked.challenge": "c" * 43,
        "server": None, "texts": None, "client": None, "choices": {},
    },
    "agenda.own:my_visit_at": {"starts_at": tomorrow(9)},
    "agenda.exceptions:add_exception": {
        "NewException.kind": ExceptionKind.OPEN, "NewException.site_id": None, "opens": time(19), "closes": time(20),
    },
    "agenda.settle:settle": {"Wish.choice": Choice.CANCEL, "NewException.kind": ExceptionKind.CLOSED},
    "waiting.wishing:add_wish": {"NewWish.patient_id": None, "NewWish.practitioner_id": None},
    "requests.creating:create_request": {"NewRequest.patient_id": None},
    "onboarding.week:save_first_week": {"notice": 0, "horizon": 92},
    "operations.resetting:reset_factors": {"checked_by": IdentityCheck.IN_PERSON},
    "operations.restricting:restrict_account": {"Decision.kind": RestrictionKind.DEACTIVATED, "ground": Ground.FRAUD},
}  # fmt: skip
MEANT: Final[dict[str, dict[str, str]]] = {
    "administration.leaving:bring_back": {"account_id": "account:former"},
    "operations.resetting:reset_factors": {"account_id": "account"},
    "operations.restricting:restore_account": {"account_id": "account:former"},
    "operations.restricting:restrict_account": {"account_id": "account:former"},
}
"""Use cases whose names mean other rows than the usual ones."""
