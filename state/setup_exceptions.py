"""Exceptions to the weekly hours: how each is listed, and the form of a new one."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.exceptions import EARLIEST_DAY, NewException
from maiia_pro.agenda.setup import ExceptionView, Setup
from maiia_pro.agenda.slots import LATEST
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import clock_time, long_date, read_time
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors, one_line, picked_day

EVERYWHERE: Final = "Tous les lieux"
KINDS: Final = {ExceptionKind.CLOSED: "Fermé", ExceptionKind.OPEN: "Ouvert en plus", ExceptionKind.SPECIAL: "Autres horaires"}


class ExceptionLine(TypedDict):
    """An exception as it is listed."""

    id: str
    kind: str
    icon: str
    when: str
    detail: str


def today_at(setup: Setup, now: datetime) -> date:
    """Tell which day it is at the first site."""
    return now.astimezone(setup.zone).date()


def exception_line(setup: Setup, one: ExceptionView) -> ExceptionLine:
    """Say when, where and what of an exception."""
    zone = next((zone for ident, _, zone in setup.sites if ident == one.site_id), setup.zone)
    place = next((name for ident, name, _ in setup.sites if ident == one.site_id), EVERYWHERE)
    names = {reason.id: reason.name for reason in setup.reasons}
    reasons = ", ".join(names.get(reason, "motif retiré") for reason in one.reason_ids)
    closed = one.kind is ExceptionKind.CLOSED or (one.day is not None and not one.ranges)
    return ExceptionLine(
        id=one.id.hex,
        kind="Fermé" if closed else KINDS[one.kind],
        icon="ban" if closed else "door-open" if one.kind is ExceptionKind.OPEN else "calendar-clock",
        when=_special(one, one.day, zone) if one.day else _when(one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)),
        detail=" · ".join(word for word in (place, reasons, one.label) if word),
    )


def _special(one: ExceptionView, day: date, zone: ZoneInfo) -> str:
    """Write « mardi 24 novembre 2026, de 9 h 00 à 12 h 00 et de 14 h 00 à 18 h 00 »."""
    written = long_date(day, year=True).capitalize()
    spans = [f"de {clock_time(begins.astimezone(zone))} à {clock_time(ends.astimezone(zone))}" for begins, ends in one.ranges]
    return f"{written}, {' et '.join(spans)}" if spans else written


def _when(begins: datetime, ends: datetime) -> str:
    """Write « mardi 24 novembre 2026 », « du … au … », « …, de 9 h 00 à 12 h 00 »."""
    whole = begins.time() == time(0) and ends.time() == time(0)
    last = ends.date() - timedelta(days=1) if whole else ends.date()
    if begins.date() == last:
        day = long_date(last, year=True).capitalize()
        return day if whole else f"{day}, de {clock_time(begins)} à {clock_time(ends)}"
    if whole:
        return f"Du {long_date(begins.date(), year=True)} au {long_date(last, year=True)}"
    return f"Du {long_date(begins.date(), year=True)}, {clock_time(begins)} au {long_date(last, year=True)}, {clock_time(ends)}"


def read_exception(kind: str, form: dict[str, Any]) -> NewException:
    """Read the form of an exception; without times it covers whole days. Raises `Invalid` naming the fields."""
    errors = FieldErrors()
    chosen = ExceptionKind(kind)
    first = _date(errors, "first", form.get("first"))
    last = _date(errors, "last", form.get("last")) if form.get("last") and chosen is ExceptionKind.CLOSED else first
    opens, closes = _pair(errors, "opens", "closes", form)
    second = _pair(errors, "second_opens", "second_closes", form) if chosen is ExceptionKind.SPECIAL else (None, None)
    if chosen is ExceptionKind.OPEN and opens is None:
        errors.add("opens", "Écrivez de quelle heure à quelle heure vous recevez.")
    if second[0] and opens is None:
        errors.add("opens", "Écrivez d’abord les premières heures.")
    site = form.get("site") or ""
    if chosen is not ExceptionKind.CLOSED and not site:
        errors.add("site_id", "Choisissez le lieu.")
    errors.check()
    if first is None or last is None:
        raise Invalid
    whole = opens is None or closes is None
    return NewException(
        chosen,
        first,
        last + timedelta(days=1) if whole and chosen is ExceptionKind.CLOSED else last,
        opens or time(0),
        closes or time(0),
        parse_id(site) if site else None,
        one_line(form.get("label"), longest=80),
        tuple(parse_id(name.removeprefix("reason-")) for name in form if name.startswith("reason-") and chosen is not ExceptionKind.CLOSED),
        (second[0], second[1]) if second[0] and second[1] else None,
    )


def _pair(errors: FieldErrors, begins: str, ends: str, form: dict[str, Any]) -> tuple[time | None, time | None]:
    opens, closes = _time(errors, begins, form.get(begins)), _time(errors, ends, form.get(ends))
    if (opens is None) != (closes is None):
        errors.add(ends if closes is None else begins, "Écrivez les deux heures, ou aucune pour la journée entière.")
    return opens, closes


TOO_FAR: Final = "Choisissez un jour entre 2000 et 2199."


def _date(errors: FieldErrors, field: str, typed: object) -> date | None:
    try:
        day = picked_day(typed)
    except ValueError:
        errors.add(field, "Choisissez un jour qui existe." if str(typed) < LATEST.date().isoformat() else TOO_FAR)
        return None
    if EARLIEST_DAY <= day < LATEST.date():
        return day
    errors.add(field, TOO_FAR)
    return None


def _time(errors: FieldErrors, field: str, typed: object) -> time | None:
    if not typed:
        return None
    try:
        return read_time(one_line(typed, longest=20))
    except Invalid as error:
        errors.add(field, error.message)
        return None
