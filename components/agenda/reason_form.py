"""The form of a visit reason: what it is first, then its rules by groups that open."""

from typing import Any, Final

import reflex as rx

from components.ui.buttons import button
from components.ui.fields import checkbox, error_text, select_field, text_area, text_field
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.layers import dialog
from components.ui.marks import dot
from state.reason_form import AUDIENCES
from state.setup_reasons import ReasonsSetup as Reasons

HUE_NAMES: Final = (
    ("azure", "Bleu"), ("indigo", "Indigo"), ("plum", "Prune"), ("rose", "Rose"),
    ("amber", "Ambre"), ("olive", "Olive"), ("green", "Vert"), ("teal", "Canard"),
)  # fmt: skip


def reason_dialog() -> rx.Component:
    """Ask for a reason, new or known; refused, what was typed stays and the groups with something wrong open."""
    return dialog(
        form(
            error_summary(Reasons.summary),
            text_field("Nom du motif", "name", max_length=80, hint="Les patients le lisent.", **_start("name"), data_autofocus="true"),
            form_row(
                _number("Durée (minutes)", "duration_minutes", "D’une visite ordinaire.", optional=False),
                _number("Nouveau patient (minutes)", "new_patient_minutes", "Rien\u00a0: la même durée."),
            ),
            _mode(),
            _hues(),
            _boxes("Lieux", "site", "site_ids", Reasons.places, ticked="sites", hint="Où ce motif est proposé."),
            _group("Marges et départs", ("step_minutes", "buffer_before_minutes", "buffer_after_minutes"), _time()),
            _group("Réservation en ligne", ("audience", "notice_hours", "horizon_days", "cancel_hours"), _online()),
            _group("Limites en ligne", ("new_patients_a_day", "open_bookings"), _limits()),
            _group("Tarif et consignes", ("fee_cents", "instructions", "bring"), _words()),
            _group("Salles et matériel", (), _needs()),
            form_actions(button("Enregistrer le motif", submits=True, variant="primary"), button("Fermer", closes=True)),
            on_submit=Reasons.save,
        ),
        identifier="motif",
        title=rx.cond(Reasons.start["id"] != "", "Modifier le motif", "Nouveau motif"),
        opened=Reasons.editing,
        on_close=Reasons.close,
    )


def _group(title: str, fields: tuple[str, ...], body: rx.Component) -> rx.Component:
    wrong = rx.Var.create(False)
    for name in fields:
        wrong = wrong | Reasons.errors.contains(name)  # type: ignore[assignment]
    return rx.el.details(rx.el.summary(title), body, class_name="reason-group", open=wrong, key=Reasons.start["mark"] + f"-{title}")


def _time() -> rx.Component:
    return rx.el.div(
        form_row(
            _number("Marge avant (minutes)", "buffer_before_minutes", "Personne d’autre n’est pris pendant ce temps."),
            _number("Marge après (minutes)", "buffer_after_minutes", "Pour ranger ou écrire, par exemple."),
        ),
        _number("Un départ toutes les (minutes)", "step_minutes", "Rien\u00a0: un départ après chaque visite."),
        class_name="stack",
    )


def _online() -> rx.Component:
    return rx.el.div(
        select_field(
            "Qui peut réserver en ligne", "audience", list(AUDIENCES.items()),
            hint="Un patient est suivi quand il a déjà eu un rendez-vous avec vous.", **_start("audience"),
        ),
        form_row(
            _number("Délai minimum (heures)", "notice_hours", "Entre la réservation et le rendez-vous."),
            _number("Jusqu’à (jours à l’avance)", "horizon_days", "366 au plus."),
        ),
        rx.el.div(
            checkbox(
                "Créneaux urgents\u00a0: ouverts le jour même seulement", "same_day", default_checked=Reasons.start["same_day"].to(bool),
                hint="Ils apparaissent en ligne à minuit.",
            ),
            key=Reasons.start["mark"] + "-same_day",
        ),
        _number("Annulation et déplacement jusqu’à (heures avant)", "cancel_hours", "Ensuite, le patient doit appeler le cabinet."),
        class_name="stack",
    )  # fmt: skip


def _limits() -> rx.Component:
    return form_row(
        _number("Nouveaux patients par jour", "new_patients_a_day", "Rien\u00a0: sans limite."),
        _number("Rendez-vous à venir par patient", "open_bookings", "Rien\u00a0: sans limite."),
    )


def _words() -> rx.Component:
    return rx.el.div(
        text_field(
            "Tarif (euros)", "fee_cents", input_mode="decimal", optional=True, hint="Affiché avec le motif, par exemple 30,00.",
            **_start("fee_cents"),
        ),
        text_area(
            "Consignes au patient", "instructions", optional=True, max_length=500,
            hint="Affichées avant la confirmation et dans «\u00a0Mes rendez-vous\u00a0».", **_start("instructions"),
        ),
        text_area(
            "À apporter", "bring", optional=True, max_length=500,
            hint="Une chose par ligne. Écrit aussi dans l’e-mail\u00a0: rien qui dise pourquoi le patient vient.", **_start("bring"),
        ),
        class_name="stack",
    )  # fmt: skip


def _needs() -> rx.Component:
    return rx.cond(
        Reasons.kinds.length() > 0,
        _boxes(
            "Ce motif occupe", "need", "needs", Reasons.kinds, ticked="needs", hint="Une salle ou un matériel libre de chaque genre coché."
        ),
        rx.el.p("Ajoutez d’abord des salles ou du matériel, plus bas dans cette page.", class_name="soft"),
    )


def _number(label: str, name: str, hint: str, *, optional: bool = True) -> rx.Component:
    return text_field(label, name, input_mode="numeric", hint=hint, optional=optional, **_start(name))


def _start(name: str) -> dict[str, Any]:
    """Fill a field with what the reason says; another reason draws the field anew."""
    return {"default_value": Reasons.start[name], "error": Reasons.errors.get(name, ""), "key": Reasons.start["mark"] + "-" + name}


def _mode() -> rx.Component:
    def choice(value: str, label: str) -> rx.Component:
        chosen = Reasons.start["mode"] == value
        return rx.el.label(
            rx.el.input(type="radio", name="mode", value=value, default_checked=chosen, key=Reasons.start["mark"] + f"-{value}"),
            rx.el.span(label),
            class_name="check",
        )

    return rx.el.fieldset(
        rx.el.legend("Mode", class_name="legend"),
        rx.el.div(choice("in_person", "Au cabinet"), choice("video", "En vidéo"), class_name="radios"),
        class_name="field",
    )


def _hues() -> rx.Component:
    def choice(hue: str, name: str) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio", name="hue", value=hue, default_checked=Reasons.start["hue"] == hue, key=Reasons.start["mark"] + f"-{hue}"
            ),
            dot(hue),  # type: ignore[arg-type]
            rx.el.span(name),
        )

    return rx.el.fieldset(
        rx.el.legend("Couleur", class_name="legend"),
        rx.el.div(*[choice(hue, name) for hue, name in HUE_NAMES], class_name="hue-choices"),
        error_text("champ-hue", Reasons.errors.get("hue", "")),
        class_name="field",
        id="champ-hue",
        tab_index=-1,
    )


def _boxes(legend: str, prefix: str, field: str, choices: Any, *, ticked: str, hint: str) -> rx.Component:
    def choice(one: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                name=rx.Var.create(f"{prefix}-") + one["value"].to(str),
                value="oui",
                default_checked=Reasons.start[ticked].to(list[str]).contains(one["value"].to(str)),
                key=Reasons.start["mark"] + one["value"].to(str),
            ),
            rx.el.span(one["label"]),
            class_name="check",
        )

    return rx.el.fieldset(
        rx.el.legend(legend, class_name="legend"),
        rx.el.p(hint, class_name="hint"),
        rx.el.div(rx.foreach(choices, choice), class_name="radios"),
        error_text(f"champ-{field}", Reasons.errors.get(field, "")),
        class_name="field",
        id=f"champ-{field}",
        tab_index=-1,
    )
