"""The card of a practice's groups of practitioners, and their form."""

from typing import Any, Final

import reflex as rx

from components.ui.buttons import button, submit_button
from components.ui.fields import error_text, text_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.kinds import either
from components.ui.layers import confirm_dialog, dialog
from components.ui.states import card_states
from components.ui.surfaces import card, card_body, divided
from state.administration_groups import PREFIX, Groups

FORM: Final = "formulaire-groupe"


def groups_card() -> rx.Component:
    """List the groups in their order."""
    return rx.fragment(
        card(
            card_body(
                rx.el.p(
                    "Un groupe réunit des praticiens, par exemple «\u00a0Pédiatrie\u00a0» ou «\u00a0Étage 2\u00a0». Il se choisit d’un "
                    "geste au-dessus de l’agenda\u00a0; chacun n’y voit que les agendas qui lui sont confiés.",
                    class_name="soft",
                )
            ),
            card_states(
                Groups, "Les groupes ne s’affichent pas", rx.cond(Groups.groups.length() > 0, divided(rx.foreach(Groups.groups, _group)))
            ),
            title="Groupes de praticiens",
            aside=button("Ajouter", Groups.edit(""), icon_name="plus", size="small", aria_label="Ajouter un groupe"),
        ),
        _dialog(),
        _going(),
    )


def _act(label: str, spoken: str, handler: Any, one: Any, *, disabled: Any = False) -> rx.Component:
    return button(label, handler, size="small", disabled=disabled, aria_label=rx.Var.create(spoken) + one["name"].to(str))


def _group(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.p(one["name"], class_name="strong"), rx.el.p(one["says"], class_name="small soft"), class_name="grow"),
        rx.el.div(
            _act("Monter", "Monter ", Groups.move(one["id"], True), one, disabled=one["first"].to(bool)),
            _act("Descendre", "Descendre ", Groups.move(one["id"], False), one, disabled=one["last"].to(bool)),
            _act("Modifier", "Modifier ", Groups.edit(one["id"]), one),
            _act("Supprimer", "Supprimer ", Groups.ask_to_delete(one["id"]), one),
            class_name="row wrap",
        ),
        class_name="setup-exception setup-member",
        key=one["id"],
    )


def _dialog() -> rx.Component:
    return dialog(
        form(
            error_summary(Groups.summary),
            text_field(
                "Nom du groupe",
                f"{PREFIX}name",
                max_length=60,
                default_value=Groups.start["name"],
                error=Groups.errors.get(f"{PREFIX}name", ""),
            ),
            rx.el.fieldset(
                rx.el.legend("Praticiens", class_name="legend"),
                rx.el.div(rx.foreach(Groups.practitioners, _box), class_name="radios"),
                error_text("champ-groupe-members", Groups.errors.get(f"{PREFIX}members", "")),
                class_name="field",
                id="champ-groupe-members",
                tab_index=-1,
            ),
            on_submit=Groups.save,
            id=FORM,
            key=Groups.mark,
        ),
        identifier="groupe",
        title=either(Groups.start["id"] == "", "Ajouter un groupe", "Modifier le groupe"),
        opened=Groups.editing,
        on_close=Groups.close,
        footer=form_actions(submit_button("Enregistrer", form=FORM), button("Fermer", closes=True)),
    )


def _box(one: Any) -> rx.Component:
    ident = one["id"].to(str)
    ticked = Groups.start["members"].to(list[str]).contains(ident)
    box = rx.el.input(type="checkbox", name=rx.Var.create(PREFIX) + ident, value="oui", default_checked=ticked, key=Groups.mark + ident)
    return rx.el.label(box, rx.el.span(one["name"]), class_name="check")


def _going() -> rx.Component:
    return confirm_dialog(
        identifier="groupe-supprime",
        title=rx.Var.create("Supprimer le groupe «\u00a0") + Groups.going["name"].to(str) + "\u00a0»\u00a0?",
        message="Seul le groupe disparaît\u00a0: les praticiens et leurs agendas ne changent pas.",
        confirm="Supprimer le groupe",
        on_confirm=Groups.delete,
        opened=Groups.going["id"] != "",
        on_close=Groups.close,
    )
