"""Fields about a practitioner, the same for the operator who opens a practice and for whoever works there."""

from typing import Any, Final

import reflex as rx

from components.agenda.reason_form import HUE_NAMES
from components.ui.buttons import link
from components.ui.fields import phone_field, select_field, text_field
from components.ui.forms import form_row
from components.ui.kinds import Flag, shown
from components.ui.messages import note
from maiia_pro.identity.national_number import HINT, NAME
from maiia_pro.onboarding.sites import ZONES
from maiia_pro.practice.tables import SPECIALTY_LABELS

TITLES: Final = [("", "Sans titre"), ("Dr", "Dr"), ("Pr", "Pr")]
ZONE_CHOICES: Final = [("", "D’après le code postal"), *ZONES.items()]
SPECIALTIES: Final = [(one.value, label) for one, label in SPECIALTY_LABELS.items()]


def person_fields(
    errors: Any, start: Any = None, *, prefix: str = "", practises: Flag = True, on_number: Any = None, doubt: Any = ""
) -> list[rx.Component]:
    """Ask who a practitioner is; `start` is what the fields begin with, `doubt` what the key of the number makes one doubt.

    Of who does not practise the name alone is asked, in the same fields: what was typed stays where one changes one's mind.
    """
    title = select_field("Titre", f"{prefix}title", TITLES, optional=True, **_from(errors, start, prefix, "title", "Dr"))
    return [
        form_row(
            shown(practises, title),
            text_field("Prénom", f"{prefix}given_name", max_length=80, **_from(errors, start, prefix, "given_name")),
            text_field("Nom", f"{prefix}family_name", max_length=80, **_from(errors, start, prefix, "family_name")),
        ),
        shown(
            practises,
            form_row(
                select_field(
                    "Spécialité", f"{prefix}specialty", SPECIALTIES, placeholder="Choisissez", **_from(errors, start, prefix, "specialty")
                ),
                text_field(
                    NAME, f"{prefix}rpps", max_length=20, on_blur=on_number, hint=HINT, **_from(errors, start, prefix, "rpps"),
                ),
            ),
        ),
        shown(doubt != "", note(doubt, meaning="warning")) if isinstance(doubt, rx.Var) else rx.fragment(),
    ]  # fmt: skip


def own_fields(errors: Any, start: Any) -> list[rx.Component]:
    """Ask a practitioner for title and name; specialty and number were checked, and change by a declaration alone."""
    kept = [rx.el.input(type="hidden", name=name, value=start[name]) for name in ("specialty", "rpps")]
    return [
        *kept,
        form_row(
            select_field("Titre", "title", TITLES, optional=True, **_from(errors, start, "", "title")),
            text_field("Prénom", "given_name", max_length=80, **_from(errors, start, "", "given_name")),
            text_field("Nom", "family_name", max_length=80, **_from(errors, start, "", "family_name")),
        ),
        rx.el.p(
            rx.match(start["specialty"], *SPECIALTIES, ""),
            ", ",
            start["number"],
            ". Ces informations ne changent qu’une fois vérifiées. ",
            link("Déclarer un changement", "/compte/informations"),
            class_name="small soft",
        ),
    ]


def site_fields(state: Any, start: Any) -> list[rx.Component]:
    """Ask where a place is; `state` has the errors, and the towns of the postcode that is typed."""

    def known(name: str) -> dict[str, Any]:
        return _from(state.errors, start, "", name)

    return [
        text_field("Nom du lieu", "site_name", max_length=120, **known("site_name")),
        text_field("Numéro et rue", "street", max_length=120, auto_complete="address-line1", **known("street")),
        form_row(
            text_field(
                "Code postal", "postal_code", input_mode="numeric", max_length=10, on_change=state.look_at_postcode.debounce(150),
                **known("postal_code"),
            ),
            text_field("Ville", "city", max_length=120, list="villes", **known("city")),
        ),
        rx.el.datalist(rx.foreach(state.towns, lambda town: rx.el.option(value=town)), id="villes"),
        form_row(phone_field(**known("phone")), select_field("Fuseau horaire", "zone", ZONE_CHOICES, optional=True, **known("zone"))),
    ]  # fmt: skip


def hue_field(errors: Any, start: Any) -> rx.Component:
    """Ask for the colour of an agenda."""
    return select_field("Couleur dans l’agenda", "hue", [(hue, name) for hue, name in HUE_NAMES], **_from(errors, start, "", "hue"))


def _from(errors: Any, start: Any, prefix: str, name: str, otherwise: str = "") -> dict[str, Any]:
    begin = {"default_value": start[name]} if start is not None else {"default_value": otherwise} if otherwise else {}
    return begin | {"error": errors.get(f"{prefix}{name}", "")}
