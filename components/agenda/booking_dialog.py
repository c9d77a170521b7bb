"""The booking dialog: patient, then reason, place and time, with the next free times beside."""

from typing import Any

import reflex as rx

from components.agenda.panels import slot_lines
from components.ui.buttons import button
from components.ui.fields import (
    calendar_field,
    checkbox,
    date_field,
    email_field,
    phone_field,
    select_field,
    text_area,
    text_field,
    time_field,
)
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.keys import shortcut
from components.ui.layers import dialog
from components.ui.marks import avatar
from components.ui.messages import note
from components.ui.native import Draft, Refocus, Roving
from state.booking_place import NOWHERE
from state.desk_booking import DeskBooking as Booking
from state.next_free import NextFree
from state.patient_picker import PatientPicker as Picker
from state.session import SessionState

FORM = "formulaire-rendez-vous"


def booking_dialog() -> rx.Component:
    """Draw the dialog; the form keeps what is typed, whatever is refused."""
    return dialog(
        rx.el.div(
            form(
                error_summary(Booking.summary),
                rx.cond(Booking.message != "", note(Booking.message, meaning="danger")),
                rx.cond(
                    Booking.taken,
                    rx.cond(
                        Booking.held,
                        checkbox("Prendre le créneau", "overbook", hint="La personne qui le réserve en ligne le perd."),
                        checkbox("Donner en surnombre", "overbook", hint="Il s’ajoute à celui qui est déjà pris, et en porte la marque."),
                    ),
                ),
                _patient(),
                _place(),
                on_submit=Booking.book,
                id=FORM,
                label="Nouveau rendez-vous",
                keeper=Draft.create(
                    name="rendez-vous",
                    owner=SessionState.account,
                    done=Booking.given,
                    open=Booking.opened,
                    turn=Booking.turn,
                    held={"chosen": Picker.patient["id"], "creating": Picker.creating} | {name: Booking.place[name] for name in NOWHERE},
                    resumed=Booking.resumed,
                    on_resume=Booking.resume,
                    on_drop=Booking.start_again,
                ),
            ),
            rx.el.section(
                rx.el.h3("Prochains créneaux"),
                select_field("Pour le motif", "dialog-reason", NextFree.reasons, value=NextFree.reason, on_change=NextFree.choose_reason),
                slot_lines("creneau-dialogue"),
                class_name="booking-slots stack",
                aria_label="Prochains créneaux",
            ),
            class_name="booking-columns",
        ),
        *[
            shortcut(str(number), label, click=f"#creneau-dialogue-{number}", group="Nouveau rendez-vous")
            for number, label in enumerate(("Prendre un créneau (1 à 6)", "", "", "", "", ""), start=1)
        ],
        identifier="nouveau-rendez-vous",
        title="Nouveau rendez-vous",
        opened=Booking.opened,
        turn=Booking.turn,
        on_close=Booking.close,
        wide=True,
        footer=form_actions(
            button(
                "Confirmer le rendez-vous",
                submits=True,
                variant="primary",
                form=FORM,
                id="confirmer-rendez-vous",
                data_autofocus=rx.cond(Picker.patient["id"] != "", "true", rx.Var("undefined")),
            ),
            button("Répéter…", Booking.repeat, submits=True, form=FORM, icon_name="refresh-cw", id="repeter-rendez-vous"),
            button("Fermer", closes=True),
        ),
    )


def _patient() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Patient", class_name="legend"),
        rx.cond(
            Picker.patient["id"] != "",
            chosen_patient("confirmer-rendez-vous"),
            rx.cond(Picker.creating, _new_patient(), patient_search("champ-patient", _create())),
        ),
        class_name="booking-part stack",
    )


def chosen_patient(following: str) -> rx.Component:
    """Show whom the picker holds, and the way to somebody else; the focus goes on to what is `following`."""
    return rx.el.div(
        Refocus.create(target=following),
        avatar(Picker.patient["initials"], hue=Picker.patient["hue"]),
        rx.el.div(
            rx.el.p(Picker.patient["name"], class_name="strong"),
            rx.el.p(
                Picker.patient["detail"],
                rx.cond(Picker.patient["phone"] != "", rx.fragment(" · ", Picker.patient["phone"])),
                class_name="small soft figures",
            ),
            class_name="grow",
        ),
        button("Changer", Picker.change, size="small", aria_label="Changer de patient"),
        class_name="row booking-patient",
    )


def patient_search(identifier: str, *below: rx.Component, optional: bool = False) -> rx.Component:
    """Look for a record; the arrows lead to what was found."""
    return Roving.create(
        Refocus.create(target=identifier),
        text_field(
            "Chercher un patient",
            "patient",
            kind="search",
            icon_name="search",
            placeholder="Nom, date de naissance ou téléphone",
            on_change=Picker.search.debounce(150),
            on_blur=Picker.search,
            error=Picker.errors.get("patient", ""),
            max_length=80,
            optional=optional,
            identifier=identifier,
            data_autofocus="true",
        ),
        rx.cond(
            Picker.found.length() > 0,
            rx.el.ul(rx.foreach(Picker.found, _found), class_name="divided booking-found", aria_label="Patients trouvés"),
        ),
        rx.el.p(_found_count(), class_name="soft small", role="status"),
        *below,
        selector=f"#{identifier}, .booking-found button",
        orientation="vertical",
        class_name="stack",
    )


def _found_count() -> rx.Component:
    by_key = rx.el.span("\u00a0: flèche vers le bas, puis Entrée", class_name="for-keys")
    return rx.cond(
        Picker.message != "",
        rx.fragment(Picker.message),
        rx.match(
            Picker.found.length(),
            (0, rx.fragment(rx.cond(Picker.searched, "Aucun patient ne correspond.", ""))),
            (1, rx.fragment("1 patient trouvé", rx.el.span("\u00a0: Entrée le choisit", class_name="for-keys"), ".")),
            rx.fragment(Picker.found.length(), " patients affichés", by_key, "."),
        ),
    )


def _create() -> rx.Component:
    return rx.el.div(button("Nouveau patient", Picker.create, icon_name="user-plus", size="small"), class_name="row")


def _found(patient: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            avatar(patient["initials"], hue=patient["hue"]),
            rx.el.span(
                rx.el.span(patient["name"], class_name="strong"),
                " ",
                rx.el.span(patient["detail"], class_name="small soft figures"),
                class_name="grow",
            ),
            rx.el.span(patient["phone"], class_name="small soft figures"),
            type="button",
            class_name="list-row",
            on_click=Picker.choose(patient["id"]),
        )
    )


def _new_patient() -> rx.Component:
    return rx.fragment(
        Refocus.create(target="champ-family_name"),
        form_row(
            text_field("Nom", "family_name", **_start("family_name"), data_autofocus="true"),
            text_field("Prénom", "given_name", **_start("given_name")),
        ),
        form_row(
            date_field("Date de naissance", "birth_date", **_start("birth_date")),
            phone_field("Téléphone", "phone", optional=True, **_start("phone")),
        ),
        email_field("Adresse e-mail", "email", optional=True, **_start("email")),
        rx.el.div(button("Chercher un patient connu", Picker.change, size="small", icon_name="search"), class_name="row"),
    )


def _start(name: str) -> dict[str, Any]:
    return {"default_value": Picker.start[name], "error": Picker.errors.get(name, ""), "auto_complete": "off"}


def _place() -> rx.Component:
    proposed = (Booking.remark != "") & (Booking.chosen != "")
    return rx.el.fieldset(
        rx.el.legend("Rendez-vous", class_name="legend"),
        rx.cond(proposed, note(Booking.remark)),
        form_row(
            select_field("Praticien", "practitioner", Booking.practitioners, **_choice("practitioner")),
            select_field("Motif", "reason", Booking.reasons, **_choice("reason")),
        ),
        select_field("Lieu", "site", Booking.sites, **_choice("site")),
        rx.el.div(
            form_row(
                calendar_field("Jour", "day", **_field("day")),
                time_field("Heure", "time", **_field("time")),
                text_field(
                    "Durée (minutes)",
                    "length",
                    input_mode="numeric",
                    key=Booking.place["practitioner"] + Booking.place["reason"],
                    **_field("length") | {"max_length": 8},
                ),
            ),
            class_name="booking-when",
            key=Booking.filled.to(str),
        ),
        rx.el.div(rx.cond((Booking.remark != "") & (Booking.chosen == ""), note(Booking.remark, meaning="warning")), role="status"),
        text_area(
            "Note du cabinet",
            "note",
            optional=True,
            max_length=1000,
            rows=2,
            error=Booking.errors.get("note", ""),
            key=Booking.turn.to(str),
        ),
        class_name="booking-part stack",
    )


def _choice(name: str) -> dict[str, Any]:
    return {"value": Booking.place[name], "on_change": lambda value: Booking.set_choice(name, value), "identifier": f"champ-{name}"}


def _field(name: str) -> dict[str, Any]:
    """Fill a field with the place; what is typed is noted, at once where the field is left."""
    return {
        "default_value": Booking.place[name],
        "error": Booking.errors.get(name, ""),
        "on_change": lambda value: Booking.set_time(name, value).debounce(300),
        "on_blur": lambda value: Booking.set_time(name, value),
    }
