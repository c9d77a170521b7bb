"""Visit reasons: the list, the form, the farewell."""

from typing import Any, Final

import reflex as rx

from components.ui.buttons import button, icon_button
from components.ui.fields import checkbox, error_text, text_field
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.icons import icon
from components.ui.layers import confirm_dialog, dialog
from components.ui.marks import chip, dot
from components.ui.surfaces import card, card_body, row, table
from state.setup_reasons import ReasonsSetup as Reasons

HUE_NAMES = (
    ("azure", "Bleu"), ("indigo", "Indigo"), ("plum", "Prune"), ("rose", "Rose"),
    ("amber", "Ambre"), ("olive", "Olive"), ("green", "Vert"), ("teal", "Canard"),
)  # fmt: skip
COLUMNS: Final = ["Motif", "Durée et tarif", "Mode", "Lieux", "En ligne", "Actions"]


def reasons_card() -> rx.Component:
    """List what patients may come for."""
    return rx.fragment(
        card(
            rx.cond(
                Reasons.reasons.length() > 0,
                table(
                    "Motifs de consultation",
                    COLUMNS,
                    rx.foreach(Reasons.reasons, _reason),
                ),
                card_body(rx.el.p("Aucun motif : personne ne peut encore prendre rendez-vous.", class_name="soft")),
            ),
            title="Motifs de consultation",
            aside=button("Ajouter un motif", Reasons.edit(""), icon_name="plus", size="small"),
        ),
        _form_dialog(),
        confirm_dialog(
            identifier="retirer-motif",
            title="Retirer ce motif ?",
            message=rx.fragment("Le motif « ", Reasons.leaving_name, " » ne sera plus proposé. Les rendez-vous déjà pris restent."),
            confirm="Retirer le motif",
            on_confirm=Reasons.retire,
            opened=Reasons.leaving != "",
            on_close=Reasons.ask(""),
        ),
    )


def _reason(one: Any) -> rx.Component:
    return row(
        COLUMNS,
        rx.el.span(dot(one["hue"]), " ", one["name"], class_name="row"),
        one["detail"],
        rx.el.span(icon(rx.cond(one["video"], "video", "building-2").to(str)), " ", one["mode"], class_name="row"),
        one["places"],
        rx.cond(one["online"], chip("En ligne", tone="success"), chip("Au cabinet seulement")),
        rx.el.span(
            icon_button("pencil", rx.Var.create("Modifier ") + one["name"].to(str), Reasons.edit(one["id"]), size="small"),
            icon_button("trash-2", rx.Var.create("Retirer ") + one["name"].to(str), Reasons.ask(one["id"]), size="small"),
            class_name="row",
        ),
    )


def _form_dialog() -> rx.Component:
    return dialog(
        form(
            error_summary(Reasons.summary),
            text_field("Nom du motif", "name", max_length=80, **_start("name"), data_autofocus="true"),
            form_row(
                text_field("Durée (minutes)", "duration_minutes", input_mode="numeric", **_start("duration_minutes")),
                text_field("Un départ toutes les (minutes)", "step_minutes", input_mode="numeric", optional=True, **_start("step_minutes")),
            ),
            form_row(
                text_field("Marge avant (minutes)", "buffer_before_minutes", input_mode="numeric", **_start("buffer_before_minutes")),
                text_field("Marge après (minutes)", "buffer_after_minutes", input_mode="numeric", **_start("buffer_after_minutes")),
            ),
            text_field("Tarif (euros)", "fee_cents", input_mode="decimal", optional=True, **_start("fee_cents")),
            _mode(),
            _hues(),
            _sites(),
            rx.el.div(
                checkbox("Les patients peuvent le réserver en ligne", "online", default_checked=Reasons.start["online"].to(bool)),
                key=Reasons.start["mark"] + "-online",
            ),
            form_actions(button("Enregistrer le motif", submits=True, variant="primary"), button("Fermer", closes=True)),
            on_submit=Reasons.save,
        ),
        identifier="motif",
        title=rx.cond(Reasons.start["id"] != "", "Modifier le motif", "Nouveau motif"),
        opened=Reasons.editing,
        on_close=Reasons.close,
    )


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


def _sites() -> rx.Component:
    def choice(place: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="checkbox",
                name=rx.Var.create("site-") + place["value"].to(str),
                value="oui",
                default_checked=Reasons.start["sites"].to(list[str]).contains(place["value"].to(str)),
                key=Reasons.start["mark"] + place["value"].to(str),
            ),
            rx.el.span(place["label"]),
            class_name="check",
        )

    return rx.el.fieldset(
        rx.el.legend("Lieux", class_name="legend"),
        rx.el.div(rx.foreach(Reasons.places, choice), class_name="radios"),
        error_text("champ-site_ids", Reasons.errors.get("site_ids", "")),
        class_name="field",
        id="champ-site_ids",
        tab_index=-1,
    )
