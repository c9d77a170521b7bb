"""The week of a site as it was typed: each hour read with its terms, what is wrong with it named by its field."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, Final, TypedDict
from uuid import UUID

from maiia_pro.agenda.days_off import school_known_until
from maiia_pro.agenda.terms import SchoolTime, Terms, Weeks, week_letter
from maiia_pro.agenda.territories import school_zone
from maiia_pro.agenda.week_rules import DayRange
from maiia_pro.kernel.errors import Invalid
from maiia_pro.kernel.french import MONTHS, day_number, long_date, read_time, short_date
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.text import FieldErrors, one_line, picked_day
from state.announcements import FieldError
from state.next_free import Option

SCHOOL_LABELS: Final = {
    SchoolTime.ALWAYS: "",
    SchoolTime.OUTSIDE: "hors vacances scolaires",
    SchoolTime.DURING: "pendant les vacances scolaires",
}


class RangeView(TypedDict):
    """Hours of one day: a mark of its own, what its fields start from, and its terms in words."""

    rid: str
    opens: str
    closes: str
    first: str
    last: str
    weeks: str
    school: str
    reasons: list[str]
    gone: list[str]
    """Reasons no longer offered, which it still names."""
    terms: str


class DayView(TypedDict):
    """A day of the week."""

    weekday: str
    label: str
    ranges: list[RangeView]


def empty_range() -> RangeView:
    """Begin a range that nothing is known of."""
    always = SchoolTime.ALWAYS.value
    return RangeView(
        rid=uuid7().hex, opens="", closes="", first="", last="", weeks=Weeks.EVERY.value, school=always, reasons=[], gone=[], terms=""
    )


def range_view(one: DayRange, reasons: Mapping[UUID, str]) -> RangeView:
    """Show a saved range; `reasons` are those offered today."""
    begins, ends, weeks, school, admitted, *_ = one.terms
    return RangeView(
        rid=uuid7().hex,
        opens=_typed(one.opens),
        closes=_typed(one.closes),
        first=begins.isoformat() if begins else "",
        last=ends.isoformat() if ends else "",
        weeks=weeks,
        school=school,
        reasons=[reason.hex for reason in sorted(admitted)],
        gone=[reason.hex for reason in sorted(admitted - set(reasons))],
        terms=terms_in_words(one.terms, reasons),
    )


def _typed(at: time) -> str:
    return f"{at.hour}h{at.minute:02d}"


def terms_in_words(terms: Terms, reasons: Mapping[UUID, str]) -> str:
    """Write « Semaine A · hors vacances scolaires · jusqu’au 30/06/2027 · Vaccination »; nothing where a range always holds."""
    words = [
        "" if terms.weeks == Weeks.EVERY else f"semaine {terms.weeks.upper()}",
        SCHOOL_LABELS[SchoolTime(terms.school)],
        f"dès le {short_date(terms.valid_from)}" if terms.valid_from else "",
        f"jusqu’au {short_date(terms.valid_until)}" if terms.valid_until else "",
        ", ".join(sorted(reasons.get(reason, "motif retiré") for reason in terms.reasons)),
    ]
    said = " · ".join(word for word in words if word)
    return said[:1].upper() + said[1:]


def week_choices(today: date) -> list[Option]:
    """Offer every week, or the weeks A or B with the dates of the next of each."""
    this = today - timedelta(days=today.weekday())
    following = this + timedelta(days=7)
    known = {
        week_letter(this): f"cette semaine, du {day_number(this)} {MONTHS[this.month - 1]}",
        week_letter(following): f"la semaine prochaine, du {day_number(following)} {MONTHS[following.month - 1]}",
    }
    return [
        Option(value=Weeks.EVERY.value, label="Toutes les semaines"),
        *(Option(value=letter.value, label=f"Semaine {letter.upper()}\u00a0: {known[letter]}") for letter in (Weeks.A, Weeks.B)),
    ]


def school_words(postal_code: str) -> str:
    """Say which school holidays are meant at a site, and until when they are known."""
    zone = school_zone(postal_code)
    if not zone:
        return "Nous ne connaissons pas le calendrier scolaire de ce territoire\u00a0: tous les jours y comptent hors vacances."
    return f"Zone {zone}. Dates connues jusqu’au {long_date(school_known_until(), year=True)}\u00a0; au-delà, tout compte hors vacances."


def read_week(days: Sequence[DayView], form: dict[str, Any]) -> list[DayRange]:
    """Read every range of a week; raises `Invalid` naming the fields, as `opens-…` and `closes-…`."""
    errors, hours = FieldErrors(), []
    for day in days:
        for one in day["ranges"]:
            if not any(one_line(form.get(f"{side}-{one['rid']}"), longest=20) for side in ("opens", "closes")):
                errors.add(f"opens-{one['rid']}", f"{day['label']}\u00a0: écrivez les deux heures, ou retirez cette plage.")
                continue
            opens, closes = (_hour(errors, day, f"{side}-{one['rid']}", form) for side in ("opens", "closes"))
            terms = _terms(errors, one["rid"], day, form)
            if opens is None or closes is None:
                continue
            if opens >= closes:
                errors.add(f"closes-{one['rid']}", f"{day['label']}\u00a0: écrivez une fin après le début.")
            hours.append(DayRange(int(day["weekday"]), opens, closes, terms))
    errors.check()
    return hours


def _terms(errors: FieldErrors, rid: str, day: DayView, form: dict[str, Any]) -> Terms:
    reasons = [name.removeprefix(f"reason-{rid}-") for name in form if name.startswith(f"reason-{rid}-")]
    return Terms(
        _day(errors, f"first-{rid}", day, form),
        _day(errors, f"last-{rid}", day, form),
        str(form.get(f"weeks-{rid}") or Weeks.EVERY.value),
        str(form.get(f"school-{rid}") or SchoolTime.ALWAYS.value),
        frozenset(parse_id(reason) for reason in reasons),
    )


def _day(errors: FieldErrors, name: str, day: DayView, form: dict[str, Any]) -> date | None:
    if not form.get(name):
        return None
    try:
        return picked_day(form[name])
    except ValueError:
        errors.add(name, f"{day['label']}\u00a0: choisissez un jour qui existe.")
        return None


def named_fields(days: Sequence[DayView], error: Invalid) -> dict[str, str]:
    """Name what is wrong by fields: `hours-2`, the third range of the week, is said at the field where it begins."""
    rids = [one["rid"] for day in days for one in day["ranges"]]
    labels = [day["label"] for day in days for _ in day["ranges"]]
    said = {}
    for name, words in error.fields.items():
        place = name.removeprefix("hours-")
        at = int(place) if place != name and place.isdecimal() and int(place) < len(rids) else None
        said[name if at is None else f"opens-{rids[at]}"] = words if at is None else f"{labels[at]}\u00a0: {words[0].lower()}{words[1:]}"
    return said


def week_summary(days: Sequence[DayView], error: Invalid) -> list[FieldError]:
    """List what is wrong, each line leading to its field; what is about the whole week leads to its first hour."""
    named = [f"{side}-{one['rid']}" for day in days for one in day["ranges"] for side in ("opens", "closes", "first", "last")]
    first = named[0] if named else ""
    lines = named_fields(days, error) or {first: error.message}
    return [FieldError(field=f"champ-{name if name in named else first}", message=words) for name, words in lines.items()]


def _hour(errors: FieldErrors, day: DayView, name: str, form: dict[str, Any]) -> time | None:
    try:
        return read_time(one_line(form.get(name), longest=20))
    except Invalid as error:
        errors.add(name, f"{day['label']}\u00a0: {error.message[0].lower()}{error.message[1:]}")
        return None
