"""The form of a visit reason, read."""

import re
from typing import Any, Final

from maiia_pro.agenda.codes import Audience, Mode
from maiia_pro.agenda.reasons import HUES, ReasonForm
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.text import FieldErrors, paragraph

NUMBERS: Final = {
    "duration_minutes": "de minutes",
    "new_patient_minutes": "de minutes",
    "step_minutes": "de minutes",
    "buffer_before_minutes": "de minutes",
    "buffer_after_minutes": "de minutes",
    "notice_hours": "d’heures",
    "horizon_days": "de jours",
    "cancel_hours": "d’heures",
    "new_patients_a_day": "de patients",
    "open_bookings": "de rendez-vous",
}
"""The numbers of the form, and what each counts."""
AUDIENCES: Final = {
    "everybody": "Tout le monde",
    Audience.KNOWN.value: "Les patients déjà suivis seulement",
    Audience.NEW.value: "Les nouveaux patients seulement",
    "nobody": "Personne\u00a0: au cabinet seulement",
}


def read_form(form: dict[str, Any], places: list[str], kinds: list[str]) -> ReasonForm:
    """Read the form of a reason; raises `Invalid` naming the fields."""
    errors = FieldErrors()
    name, hue, audience = form.get("name"), form.get("hue"), str(form.get("audience") or "")
    if not (isinstance(name, str) and name.strip()):
        errors.add("name", "Écrivez le nom du motif.")
    numbers = {name: read_number(errors, name, form.get(name), counted) for name, counted in NUMBERS.items()}
    fee = read_cents(errors, form.get("fee_cents"))
    if audience not in AUDIENCES:
        errors.add("audience", "Choisissez qui peut réserver en ligne.")
    errors.check()
    return ReasonForm(
        name=str(name).strip(),
        duration_minutes=numbers["duration_minutes"] or 0,
        step_minutes=numbers["step_minutes"],
        buffer_before_minutes=numbers["buffer_before_minutes"] or 0,
        buffer_after_minutes=numbers["buffer_after_minutes"] or 0,
        mode=Mode.VIDEO if form.get("mode") == Mode.VIDEO else Mode.IN_PERSON,
        hue=hue if hue in HUES else "",
        online=audience != "nobody",
        fee_cents=fee,
        site_ids=tuple(parse_id(place) for place in places if form.get(f"site-{place}")),
        new_patient_minutes=numbers["new_patient_minutes"],
        audience=Audience.EVERYBODY if audience == "nobody" else Audience(audience),
        notice_minutes=(numbers["notice_hours"] or 0) * 60,
        horizon_days=366 if numbers["horizon_days"] is None else numbers["horizon_days"],
        same_day=bool(form.get("same_day")),
        cancel_hours=numbers["cancel_hours"] or 0,
        new_patients_a_day=numbers["new_patients_a_day"],
        open_bookings=numbers["open_bookings"],
        instructions=paragraph(form.get("instructions")),
        bring=tuple(one.strip() for one in re.split("[\n,;]", paragraph(form.get("bring"))) if one.strip()),
        needs=tuple(parse_id(kind) for kind in kinds if form.get(f"need-{kind}")),
    ).check()


def read_number(errors: FieldErrors, field: str, typed: object, counted: str) -> int | None:
    """Read a whole number, or nothing; what is wrong is noted."""
    text = str(typed or "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 4:
        return int(text)
    errors.add(field, f"Écrivez un nombre {counted}.")
    return None


def read_cents(errors: FieldErrors, typed: object) -> int | None:
    """Read an amount in euros, or nothing; what is wrong is noted."""
    text = re.sub(r"[\s€\u00a0\u202f]", "", str(typed or "")).replace(",", ".")
    if not text:
        return None
    if re.fullmatch(r"\d{1,6}(\.\d{1,2})?", text):
        whole, _, rest = text.partition(".")
        return int(whole) * 100 + int(rest.ljust(2, "0") or 0)
    errors.add("fee_cents", "Écrivez un tarif en euros, par exemple 30,00.")
    return None
