"""What stops somebody from working, as conditions in SQL."""

from enum import StrEnum

from maiia_pro.identity.restriction_tables import RestrictionKind
from maiia_pro.identity.tables import AIDANTS
from maiia_pro.kernel.actor import ActorKind


def is_checked(account: str, role: str) -> str:
    """Give the condition, in SQL, that an account may act in a role: a substitute or an aidant by the profession that was checked."""
    of_aidants = ", ".join(f"'{one}'" for one in sorted(AIDANTS))
    return f"""({role} not in ('{ActorKind.SUBSTITUTE}', '{ActorKind.AIDANT}') or exists (
        select from professional c where c.account_id = {account} and c.checked_at is not null
            and (c.profession in ({of_aidants})) = ({role} = '{ActorKind.AIDANT}')))"""


class Presence(StrEnum):
    """Where somebody of a practice stands: the first of what stops them from working there, if anything does."""

    INVITED = "invited"
    """They never opened their account, or have not answered."""
    BLOCKED = "blocked"
    """They reported their identifiers lost or stolen."""
    SUSPENDED = "suspended"
    DEACTIVATED = "deactivated"
    UNCHECKED = "unchecked"
    """The operator has not checked their profession yet."""
    HERE = "here"


def is_deactivated(account: str) -> str:
    """Give the condition, in SQL, that the operator shut an account for good."""
    return f"""exists (select from account_restriction z
        where z.account_id = {account} and z.lifted_at is null and z.kind = '{RestrictionKind.DEACTIVATED}')"""


def presence(account: str, role: str, asked: str) -> str:
    """Give the `Presence` of an account (its alias) in a role, in SQL; `asked` is the condition that they have not answered.

    Of who has not answered nothing else is told, so that nobody learns whether an account existed.
    """
    blocked = f"exists (select from account_health b where b.account_id = {account}.id and b.blocked_at is not null)"
    return f"""case when {asked} or ({account}.status = 'pending' and not {blocked}) then '{Presence.INVITED}'
        when {account}.status = 'pending' then '{Presence.BLOCKED}' when {is_deactivated(f"{account}.id")} then '{Presence.DEACTIVATED}'
        when {account}.status = 'suspended' then '{Presence.SUSPENDED}'
        when not {is_checked(f"{account}.id", role)} then '{Presence.UNCHECKED}' else '{Presence.HERE}' end"""
