"""The audit trail, who did what to what, for whom, when and from where: append-only, no clinical text, each entry marked under a key."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC
from enum import StrEnum
from typing import Any, Final, Required, TypedDict, Unpack
from uuid import UUID

from sqlmodel import Session

from maiia_pro.kernel import clock, vault
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.exchange import exchange
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.origin import origin

PLATFORM: Final = UUID(int=0)
"""Where entries stand that concern no practice: sign-ins, the operator's acts."""


class AuditAction(StrEnum):
    """Typed action, `subject:participle`."""

    APPOINTMENT_BOOKED = "appointment:booked"
    APPOINTMENT_MOVED = "appointment:moved"
    APPOINTMENT_CANCELLED = "appointment:cancelled"
    APPOINTMENT_RESTORED = "appointment:restored"
    APPOINTMENT_MARKED = "appointment:marked"
    APPOINTMENT_PROMOTED = "appointment:promoted"
    APPOINTMENT_NOTED = "appointment:noted"
    HOLD_BROKEN = "hold:broken"
    IDENTITY_CHECKED = "appointment:identity_checked"
    APPOINTMENT_READ = "appointment:read"
    APPOINTMENT_SEARCHED = "appointment:searched"
    PATIENT_CREATED = "patient:created"
    PERSON_ADDED = "person:added"
    CONTACT_CHANGED = "contact:changed"
    PERSON_CORRECTED = "person:corrected"
    PERSON_REMOVED = "person:removed"
    PREFERENCES_CHANGED = "preferences:changed"
    PATIENT_CORRECTED = "patient:corrected"
    PATIENT_READ = "patient:read"
    PATIENT_SEARCHED = "patient:searched"
    AGENDA_PRINTED = "agenda:printed"
    AGENDA_EXPORTED = "agenda:exported"
    FEED_ISSUED = "feed:issued"
    FEED_CHANGED = "feed:changed"
    FEED_REVOKED = "feed:revoked"
    FEED_READ = "feed:read"
    CALENDAR_IMPORTED = "calendar:imported"
    CALENDAR_FORGOTTEN = "calendar:forgotten"
    CALENDAR_LINKED = "calendar:linked"
    CALENDAR_UNLINKED = "calendar:unlinked"
    CALENDAR_READ = "calendar:read"
    REQUEST_CREATED = "request:created"
    REQUEST_READ = "request:read"
    REQUEST_TAKEN = "request:taken"
    REQUEST_ASSIGNED = "request:assigned"
    REQUEST_RESCHEDULED = "request:rescheduled"
    REQUEST_COMMENTED = "request:commented"
    REQUEST_CLOSED = "request:closed"
    REQUEST_REOPENED = "request:reopened"
    DOOR_ISSUED = "door:issued"
    DOOR_WITHDRAWN = "door:withdrawn"
    DOOR_DIRECTED = "door:directed"
    DELAY_ANNOUNCED = "delay:announced"
    INTAKE_CHECKED = "intake:checked"
    INTAKE_DONE = "intake:done"
    EVENING_LIST_CHANGED = "evening_list:changed"
    EVENING_LIST_SENT = "evening_list:sent"
    WISH_ADDED = "wish:added"
    WISH_CHANGED = "wish:changed"
    WISH_WITHDRAWN = "wish:withdrawn"
    WISH_OFFERED = "wish:offered"
    WISH_ANSWERED = "wish:answered"
    WISHES_READ = "wish:read"
    OPENING_CHANGED = "opening:changed"
    REASON_CHANGED = "reason:changed"
    RESOURCE_CHANGED = "resource:changed"
    PROFILE_PUBLISHED = "profile:published"
    PROFILE_WITHDRAWN = "profile:withdrawn"
    OFFER_CHANGED = "offer:changed"
    COMPANY_CHANGED = "company:changed"
    PRACTICE_OPENED = "practice:opened"
    SITE_CHANGED = "site:changed"
    PRACTITIONER_CHANGED = "practitioner:changed"
    ACCOUNT_INVITED = "account:invited"
    ACCOUNT_CREATED = "account:created"
    ACCOUNT_ACTIVATED = "account:activated"
    MEMBERSHIP_ACCEPTED = "membership:accepted"
    MEMBERSHIP_DECLINED = "membership:declined"
    HANDOVER_READ = "handover:read"
    HANDOVER_WRITTEN = "handover:written"
    ACCOUNT_BLOCKED = "account:blocked"
    ACCOUNT_RENAMED = "account:renamed"
    PASSWORD_CHANGED = "password:changed"  # noqa: S105 - the name of an action
    PASSWORD_RESET = "password:reset"  # noqa: S105 - the same
    DETAILS_CHECKED = "details:checked"
    DETAILS_CHANGED = "details:changed"
    IDENTITY_DECLARED = "identity:declared"
    IDENTITY_DECIDED = "identity:decided"
    PROOF_ADDED = "proof:added"
    PROOF_READ = "proof:read"
    PROOF_REMOVED = "proof:removed"
    ACCOUNT_RESTRICTED = "account:restricted"
    ACCOUNT_RESTORED = "account:restored"
    PRACTICE_RENAMED = "practice:renamed"
    ADMINISTRATOR_NAMED = "administrator:named"
    ADMINISTRATOR_UNNAMED = "administrator:unnamed"
    MEMBER_REMOVED = "member:removed"
    MEMBER_BACK = "member:back"
    GROUP_CHANGED = "group:changed"
    DELEGATION_GRANTED = "delegation:granted"
    DELEGATION_ENDED = "delegation:ended"
    PSC_LINKED = "account:psc_linked"
    SESSION_OPENED = "session:opened"
    SESSION_REFUSED = "session:refused"
    SESSION_ENDED = "session:ended"
    SESSION_LOCKED = "session:locked"
    SESSION_UNLOCKED = "session:unlocked"
    SESSION_HALF_OPENED = "session:half_opened"
    STEP_REFUSED = "second_step:refused"
    PROOF_GIVEN = "proof:given"
    FACTOR_ADDED = "factor:added"
    FACTOR_REMOVED = "factor:removed"
    FACTORS_RESET = "factor:reset"
    RECOVERY_CODES_MADE = "recovery_codes:made"
    RECOVERY_CODE_USED = "recovery_code:used"
    PIN_CHOSEN = "pin:chosen"
    PIN_REFUSED = "pin:refused"
    LOCK_DELAY_CHOSEN = "lock_delay:chosen"
    WEBHOOK_ADDED = "webhook:added"
    WEBHOOK_STOPPED = "webhook:stopped"
    WEBHOOK_RESUMED = "webhook:resumed"
    WEBHOOK_ENDED = "webhook:ended"
    JOURNAL_EXPORTED = "journal:exported"
    API_CLIENT_REGISTERED = "api_client:registered"
    API_CLIENT_REVOKED = "api_client:revoked"
    API_SECRET_RENEWED = "api_client:secret_renewed"  # noqa: S105 - the name of an action
    API_GRANT_GIVEN = "api_grant:given"
    API_GRANT_ENDED = "api_grant:ended"
    API_GRANT_MISUSED = "api_grant:misused"
    API_TOKEN_ISSUED = "api_token:issued"  # noqa: S105 - the name of an action


class Subject(TypedDict, total=False):
    """What an act is on, for whom, and what else is known of it: the keywords of `record`."""

    subject_type: Required[str]
    subject_id: Required[UUID | None]
    practice_id: UUID
    on_behalf_of: UUID | None
    details: dict[str, Any] | None


ADD = """
    insert into audit_entry (id, practice_id, at, action, actor_kind, actor_id, actor_name, on_behalf_of, subject_type, subject_id,
                             session_id, network, browser, details, mark)
    select %(id)s, %(practice_id)s, %(at)s, %(action)s, %(actor_kind)s, cast(%(actor_id)s as uuid), %(actor_name)s,
           cast(%(on_behalf_of)s as uuid), %(subject_type)s, cast(%(subject_id)s as uuid), cast(%(session_id)s as uuid),
           %(network)s, %(browser)s, cast(%(details)s as jsonb), %(mark)s
"""
"""Writes an entry given its `entry_values`; with ` from …` behind it, one for each row there."""


def record(session: Session, actor: Actor, action: AuditAction, **more: Unpack[Subject]) -> None:
    """Write the act in the caller's transaction."""
    exchange(session, ADD, entry_values(actor, action, **more))


def entry_values(
    actor: Actor,
    action: AuditAction,
    *,
    subject_type: str,
    subject_id: UUID | None,
    practice_id: UUID = PLATFORM,
    on_behalf_of: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the values of an entry; `details` holds ids, instants, codes and whole numbers, never clinical text."""
    told, where = json.dumps(details) if details else "{}", origin()
    values = {
        "id": uuid7(),
        "practice_id": practice_id,
        "at": clock.now(),
        "action": action,
        "actor_kind": actor.kind,
        "actor_id": actor.identity,
        "actor_name": actor.name,
        "on_behalf_of": on_behalf_of,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "session_id": actor.session_id,
        "network": where.network,
        "browser": where.browser,
        "details": told,
    }
    return values | {"mark": mark_of(values, json.loads(told))}


_MARKED: Final = (
    "id", "practice_id", "action", "actor_kind", "actor_id", "actor_name", "on_behalf_of", "subject_type", "subject_id", "session_id",
    "network", "browser",
)  # fmt: skip


def mark_of(values: Mapping[str, Any], details: object) -> str:
    """Work out what an entry's content leaves under the server's key, 128 bits of HMAC-SHA256: only the software can write an entry."""
    at = values["at"].astimezone(UTC).isoformat(timespec="microseconds")
    body = [*(None if values[name] is None else str(values[name]) for name in _MARKED), at, details]
    written = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return hmac.digest(vault.key_for("audit entry"), written.encode(), "sha256").hex()[:32]
