"""Recovery codes: ten on paper, each stands once for the second factor that is lost."""

import re
import secrets
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, delete

from maiia_pro.identity.browsers import NOWHERE, Browser
from maiia_pro.identity.factor_tables import RecoveryCode
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.second_factors import changing, held_by, tell
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import Conflict

MANY: Final = 10
SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is read as another."""
HALF: Final = 6
SHAPE: Final = re.compile(rf"[{SIGNS}]{{{2 * HALF}}}")


class NoFactorYet(Conflict):
    """Recovery codes stand for a second factor, and there is none."""

    code = "no-factor"
    message = "Ajoutez d’abord une application ou une clé d’accès\u00a0: ces codes les remplacent le jour où elles manquent."


def renew_codes(actor: Actor, browser: Browser = NOWHERE) -> list[str]:
    """Make ten codes in place of those of before. Raises `ProofWanted`, `NoFactorYet`."""
    require(actor, Permission.ACCOUNT_OWN)
    with transaction() as session:
        _, account = changing(session, actor)
        if not held_by(session, account.id).any:
            raise NoFactorYet
        tell(session, account, SecurityEvent.CODES_MADE, browser)
        return make_codes(session, actor, account.id)


def make_codes(session: Session, actor: Actor, account_id: UUID) -> list[str]:
    """Make ten codes in the caller's transaction (59 random bits each); they are told this once."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = ["".join(secrets.choice(SIGNS) for _ in range(2 * HALF)) for _ in range(MANY)]
    session.add_all(RecoveryCode(account_id=account_id, imprint=_imprint(account_id, code), created_at=clock.now()) for code in codes)
    audit.record(session, actor, AuditAction.RECOVERY_CODES_MADE, subject_type="account", subject_id=account_id)
    return [f"{code[:HALF]}-{code[HALF:]}" for code in codes]


_USE = text("update recovery_code set used_at = :now where account_id = :id and imprint = :imprint and used_at is null returning id")


def accept_recovery(session: Session, actor: Actor, account_id: UUID, typed: str) -> bool:
    """Use a code up, however it was spaced; tells whether it was one, unused."""
    code = "".join(typed.casefold().split()).replace("-", "")
    if not SHAPE.fullmatch(code):
        return False
    values = {"now": clock.now(), "id": account_id, "imprint": _imprint(account_id, code)}
    if session.connection().execute(_USE, values).first() is None:
        return False
    audit.record(session, actor, AuditAction.RECOVERY_CODE_USED, subject_type="account", subject_id=account_id)
    return True


def _imprint(account_id: UUID, code: str) -> str:
    return vault.imprint(code, f"recovery {account_id}")
