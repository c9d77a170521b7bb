"""A row in every table, made from the models: a new table is filled by the types of its columns, or by a line here."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Table
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, Range
from sqlmodel import Session, SQLModel

from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.identity.passwords import hash_password
from maiia_pro.identity.tokens import token_hash
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import EVERY_RIGHT
from maiia_pro.kernel.french import PARIS
from maiia_pro.kernel.ids import uuid7
from maiia_pro.practice import licence

PASSWORD: Final = "quatre chevaux bleus dansent"
RETURN: Final = "https://logiciel.exemple.fr/retour"
"""Where a program's browser goes back to."""
OPEN, OF_PRACTICE, OF_PRACTITIONER = "zyxlibre", "zyxcabinet", "zyxsecret"
"""Words of what anybody may read, of what the practice keeps, and of what one practitioner's people keep."""
SHOWN: Final = frozenset({
    "practice.name", "site.name", "site.street", "site.city", "site.place_key", "practitioner.title", "practitioner.given_name",
    "practitioner.family_name", "practitioner.sort_key", "practitioner.slug", "visit_reason.name", "visit_reason.instructions",
    "visit_reason.bring",
    "resource_kind.name", "profile_page.shown", "profile_page.draft", "licence_consent.given_by", "site_door.directions",
})  # fmt: skip
"""Texts that public pages show, or that say nothing of anybody."""
OF_NOBODY: Final = {
    "audit_horizon": "says how far the seals have come", "heartbeat": "says that the server answered", "release": "says which version runs",
    "sign_in_attempt": "counts, under a hash", "first_free": "keeps a bound that the software finds again",
    "audit_watch": "says what the last look at the trail found",
    "psc_request": "a browser that went to sign in, known by the trace of its cookie",
}  # fmt: skip
"""Tables whose rows belong to nobody."""
MAILS: Final = ("account.email", "evening_list.recipient", "outgoing_email.recipient", "patient.email")
_numbers = count(1)


def tomorrow(hour: int, days: int = 1) -> datetime:
    """Give an hour, in UTC, of a day to come as the practices' clocks count days."""
    return datetime.combine(clock.now().astimezone(PARIS).date() + timedelta(days=days), time(hour), UTC)


PARENTS: Final = {
    "person.account_id": "account:patient", "message_preference.account_id": "account:patient",
    "sign_in_code.account_id": "account:patient",
    "appointment.held_for": "", "appointment.identity_checked_by": "", "practitioner.consent_id": "", "practitioner.id": "",
    "practice_request.owner_id": "account:delegate",
    "delegation.account_id": "account:delegate", "membership.account_id": "account:delegate",
    "former_member.account_id": "account:former",
    "factor_reset.created_by": "account:delegate",
    "account_restriction.account_id": "account:former", "declaration.decided_by": "", "api_token.grant_id": "",
}  # fmt: skip
"""Where a foreign key does not say which of the rows it means; nothing leaves it empty."""


@cache
def _hashed() -> str:
    return hash_password(PASSWORD)


@cache
def fixed(ident: str) -> dict[str, Any]:
    """Give the values that types do not tell, by column; `ident` makes what must be one of its kind."""
    number = int(ident)
    mail = {name: f"{OF_PRACTICE}-{name.replace('.', '-')}-{ident}@exemple.fr" for name in MAILS}
    return mail | {"account.email_key": mail["account.email"]} | {
        "account.phone_key": None, "account.role": "practitioner", "account.status": "active",
        "account.password_hash": _hashed(), "account.pin_imprint": None, "account.proven_at": tomorrow(9, -3),
        "account_session.ended_at": None, "account_session.locked_at": None, "account_session.device_id": None,
        "account_session.expires_at": tomorrow(9, 3), "account_session.last_seen_at": clock.now(), "activation.used_at": None,
        "activation.expires_at": tomorrow(9, 3), "api_client.revoked_at": None, "api_client.requests_per_minute": 100_000,
        "api_client.client_id": f"logiciel-{ident}", "api_client.scopes": "appointments.read",
        "api_client.redirect_uris": [RETURN], "api_token.expires_at": tomorrow(9, 3),
        "appointment.starts_at": tomorrow(9), "appointment.ends_at": tomorrow(9) + timedelta(minutes=20),
        "appointment.blocked": Range(tomorrow(9), tomorrow(9) + timedelta(minutes=20)),
        "appointment.held_until": None, "appointment.held_by": None, "appointment.held_from": None, "appointment.cancelled_at": None,
        "appointment.arrived_at": None, "appointment.seen_at": None, "appointment.fulfilled_at": None, "appointment.identity_means": None,
        "appointment.companion_means": None, "appointment.entitlement_means": None, "appointment.identity_checked_at": None,
        "appointment.deliberate_overbooking": False, "appointment.series_edited": False,
        "calendar_feed.last_used_at": None, "calendar_link.sealed_password": "x", "calendar_link.state": "active",
        "calendar_link.address": "http://127.0.0.1:9/", "calendar_link.calendar_url": "http://127.0.0.1:9/",
        "delegation.rights": sorted(EVERY_RIGHT), "delegation.starts_at": tomorrow(9, -3), "delegation.ends_at": None,
        "delegation.ended_at": None,
        "delegation.kind": "secretary", "evening_list.at": time(19), "first_free.then_at": None,
        "announced_delay.ends_at": tomorrow(9), "announced_delay.mailed_minutes": 0, "announced_delay.minutes": 20,
        "intake_line.kind": "visits", "licence_consent.licence": licence.VERSION, "membership.role": "secretary",
        "opening_exception.kind": "closed", "opening_exception.day": None, "opening_exception.reason_ids": [],
        "opening_exception.starts_at": tomorrow(17), "opening_exception.ends_at": tomorrow(18),
        "opening_rule.weekday": tomorrow(9).weekday(), "opening_rule.opens": time(8), "opening_rule.closes": time(18),
        "opening_rule.valid_from": None,
        "opening_rule.valid_until": None, "opening_rule.reason_ids": [], "opening_rule.weeks": "every", "opening_rule.school": "always",
        "outgoing_email.code_id": None, "outgoing_email.channel": "email", "outgoing_email.failed_at": None,
        "outside_time.during": Range(tomorrow(16), tomorrow(17)), "patient.birth_date": date(1953, 4, 17),
        "patient.phone": f"+336{number:08d}", "person.removed_at": None, "person.is_self": False, "practice.lock_minutes": 20,
        "practice.is_demo": False, "practice.offer": "premium",
        "practice_request.closed_at": None, "practitioner.rpps": f"9{number:010d}", "professional.rpps": f"7{number:010d}",
        "practice_company.siren": f"{number:09d}", "practice_partner.number": f"6{number:010d}", "identity_proof.kind": "image/jpeg",
        "practitioner.slug": f"{OPEN}-{ident}", "practitioner.closed_on_holidays": False, "practitioner.hue": "azure",
        "practitioner.agenda_version": 1,
        "practitioner.specialty": "general_medicine", "profile_page.shown": {"presentation": OPEN},
        "profile_page.draft": {"presentation": OPEN},
        "profile_picture.digest": token_hash(ident), "resource.retired": False, "sign_in_code.proven_at": None, "sign_in_code.tries": 0,
        "sign_in_code.expires_at": tomorrow(9, 3), "site.zone": "Europe/Paris", "site.phone": "+33241000000", "site.postal_code": "49000",
        "visit_reason.mode": "in_person", "appointment.mode": "in_person", "visit_reason.duration_minutes": 20,
        "visit_reason.step_minutes": 20,
        "visit_reason.buffer_before_minutes": 0, "visit_reason.buffer_after_minutes": 0, "visit_reason.new_patient_minutes": None,
        "visit_reason.notice_minutes": 0, "visit_reason.horizon_days": 90, "visit_reason.cancel_hours": 0, "visit_reason.same_day": False,
        "visit_reason.new_patients_a_day": None, "visit_reason.open_bookings": None, "visit_reason.active": True,
        "visit_reason.online": True,
        "visit_reason.fee_cents": 3000, "visit_reason.hue": "azure", "wish.specialty": None, "wish.weekdays": [], "wish.begins": time(8),
        "wish.ends": time(18), "wish.until": tomorrow(9, 30).date(), "wish.standing": "active", "wish.closed_at": None,
        "wish.reason": f"Consultation {OPEN}", "wish.reason_key": reason_key(f"Consultation {OPEN}"),
        "visit_reason.name": f"Consultation {OPEN}",
        "wish_offer.answer": "awaited", "wish_offer.answered_at": None, "wish_offer.starts_at": tomorrow(11),
        "wish_offer.ends_at": tomorrow(11) + timedelta(minutes=20), "wish_offer.expires_at": tomorrow(10),
        "audit_entry.sequence": number, "audit_seal.position": number, "audit_entry.actor_kind": "practitioner",
        "audit_entry.action": "appointment:booked", "audit_entry.subject_type": "appointment", "audit_seal.digest": "x",
        "calendar_link.choices": [], "membership.administers": False, "membership.asked_at": None, "account_session.half_open": False,
        "practitioner.barred": False, "site.closed_at": None, "account_change.what": "name",
        "account_restriction.ends_at": None, "account_restriction.lifted_at": None,
        "declaration.accepted": None, "declaration.decided_at": None, "declaration.answer": "", "declaration.what": "specialty",
        "professional.checked_at": None, "declaration.before": "general_medicine", "declaration.wanted": "paediatrics",
        "passkey.transports": [],
        "passkey.credential_id": ident.encode(), "passkey_challenge.expires_at": tomorrow(9, 3), "psc_link.rpps": f"8{number:010d}",
        "recovery.expires_at": tomorrow(9, 3), "recovery.used_at": None,
        "recovery_code.used_at": None, "seen_browser.trusted_until": None, "account_health.blocked_at": None,
        "webhook.events": ["appointment.booked"], "webhook.url": f"https://logiciel.exemple.fr/{OF_PRACTICE}-webhook-url-{ident}",
        "webhook.failing_since": None, "webhook.stopped_at": None, "webhook.ended_at": None, "webhook_delivery.event": "test",
        "webhook_delivery.received_at": None, "webhook_delivery.given_up_at": None, "api_grant.role": "practitioner",
        "api_grant.scopes": "appointments.read", "api_grant.challenge": "c" * 43, "api_grant.code_until": tomorrow(9, 3),
        "api_grant.ended_at": None, "api_refresh.expires_at": tomorrow(9, 3), "api_refresh.used_at": None,
    }  # fmt: skip


class Rows:
    """The rows of one owner, by table, as they were written."""

    def __init__(self, mark: str, given: dict[str, dict[str, Any]] | None = None, *, text: str = "", **changes: Any) -> None:
        self.mark, self.rows, self._words = mark, dict(given or {}), text
        self._shared = frozenset(self.rows)
        self._changes = changes
        self.numbers: set[str] = set()
        """Of the rows: each text that was made up ends with that of its row."""

    def id(self, table: str) -> Any:
        """Give the identity of the row of a table."""
        row = self.rows[table]
        return row["id"] if "id" in row else row[next(iter(SQLModel.metadata.tables[table].primary_key)).name]

    def fill(self, session: Session) -> None:
        """Write a row in every table that has none yet."""
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in OF_NOBODY and table.name not in self.rows:
                self.add(session, table)

    def add(self, session: Session, table: Table, called: str = "", **changes: Any) -> dict[str, Any]:
        """Write a row; `called` keeps it under a name of its own, so that others may hang on it."""
        ident = str(next(_numbers))
        values = {column.name: self._value(table, column, ident) for column in table.columns if column.computed is None}
        generated = [column.name for column in table.columns if column.identity is not None]
        values = {name: value for name, value in values.items() if name not in generated} | changes
        session.connection().execute(table.insert().values(values))
        self.rows[called or table.name] = values
        self.numbers.add(ident)
        return values

    def _value(self, table: Table, column: Column[Any], ident: str) -> Any:
        name = f"{table.name}.{column.name}"
        if name.replace(".", "__") in self._changes:
            return self._changes[name.replace(".", "__")]
        if name in PARENTS or column.foreign_keys:
            return self._parent(name, column)
        return known[name] if name in (known := fixed(ident)) else self._by_type(table, column, ident)

    def _parent(self, name: str, column: Column[Any]) -> Any:
        if name in PARENTS and not PARENTS[name]:
            return uuid7() if column.primary_key else None
        key = next(iter(sorted(column.foreign_keys, key=lambda one: one.target_fullname)))
        parent = self.rows[PARENTS.get(name, key.column.table.name)]
        return parent.get(key.column.name)

    def _by_type(self, table: Table, column: Column[Any], ident: str) -> Any:
        if isinstance(column.type, ARRAY):
            return []
        if isinstance(column.type, TSTZRANGE):
            return Range(tomorrow(9), tomorrow(10))
        kind = getattr(column.type, "impl_instance", column.type).python_type
        if kind is str:
            return _first_allowed(table, column) or self._text(table, column, ident)
        values: dict[type, Any] = {
            UUID: uuid7(), int: 1, bool: True, datetime: clock.now(), date: clock.now().date(), time: time(9), bytes: b"x", object: {},
        }  # fmt: skip
        assert kind in values, f"say in `fixed` what stands in {table.name}.{column.name}"
        return values[kind]

    def _text(self, table: Table, column: Column[Any], ident: str) -> str:
        if column.name.endswith("_hash") or column.name in {"token", "key", "digest", "browser_hash"}:
            return token_hash(f"{table.name}{column.name}{ident}")
        if self._words:
            return f"{ident} {self._words}"[: _longest(table, column)]
        mark = OPEN if f"{table.name}.{column.name}" in SHOWN else OF_PRACTITIONER if "practitioner_id" in table.columns else OF_PRACTICE
        return f"{mark} {table.name} {column.name} {ident}"[: getattr(column.type, "length", None) or 200]


def _longest(table: Table, column: Column[Any]) -> int | None:
    """Tell how long a check of the table lets a text be."""
    checks = [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]
    found = [match[1] for check in checks if (match := re.search(rf"char_length\({column.name}\) (?:between 1 and|<=) (\d+)", check))]
    return int(found[0]) if found else None


def _first_allowed(table: Table, column: Column[Any]) -> str:
    """Give the first value that a check of the table lets the column have."""
    checks = [str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)]
    found = [match[1] for check in checks if (match := re.fullmatch(rf"{column.name} in \('([^']+)'.*\)", check))]
    return found[0] if found else ""
