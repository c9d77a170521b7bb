"""The card of the settings that says which programs the practice lets in, and the forms of one."""

from typing import Any, Final

import reflex as rx

from components.agenda.native import SecretAddress
from components.ui.buttons import button, link
from components.ui.fields import checkbox, error_text, select_field, text_area, text_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.layers import dialog
from components.ui.marks import chip
from components.ui.messages import note
from components.ui.states import card_states, listed
from components.ui.surfaces import card, card_body
from state.programs import OVERLAPS, SCOPE_WORDS, Programs

FORM: Final = "formulaire-application"
RENEWAL: Final = "formulaire-secret"


def programs_card() -> rx.Component:
    """List the programs with what they may do and when they last came."""
    return rx.fragment(
        card(
            card_body(
                rx.el.p(
                    "Celles que le cabinet relie\u00a0: téléphonie, site, dossier médical… Chacune n’a que les droits cochés ici, "
                    "et vous la retirez quand vous voulez. ",
                    link("Celles qui agissent en votre nom", "/autorisation"),
                    " se règlent à part.",
                    class_name="soft",
                ),
            ),
            card_states(
                Programs,
                "Les applications ne s’affichent pas",
                rx.fragment(
                    listed(Programs.listed, _program, "Aucune application n’est reliée."),
                    card_body(rx.el.div(button("Relier une application", Programs.add, icon_name="plus"), class_name="form-actions")),
                ),
            ),
            title="Applications",
        ),
        _new(),
        _renewal(),
        _removal(),
        _secret(),
    )


def _program(one: Any) -> rx.Component:
    name = one["name"].to(str)
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(name, class_name="strong"),
                rx.cond(one["alone"], rx.fragment(" ", chip("Agit seule", icon_name="building-2"))),
            ),
            rx.el.p(one["says"], class_name="small"),
            rx.el.p("Identifiant\u00a0: ", rx.el.code(one["client_id"]), class_name="small soft"),
            rx.cond(one["addresses"] != "", rx.el.p("Revient à\u00a0: ", one["addresses"], class_name="small soft")),
            rx.el.p(one["used"], class_name="small soft"),
            rx.cond(one["overlap"] != "", rx.el.p(one["overlap"], class_name="small")),
            rx.el.div(
                button(
                    "Nouveau secret",
                    Programs.ask(one["id"], "renew"),
                    size="small",
                    aria_label=rx.Var.create("Nouveau secret pour ") + name,
                ),
                button("Retirer", Programs.ask(one["id"], "remove"), size="small", aria_label=rx.Var.create("Retirer ") + name),
                class_name="row wrap",
            ),
            class_name="grow stack",
        ),
        class_name="setup-exception",
        key=one["id"],
    )


def _new() -> rx.Component:
    return dialog(
        form(
            error_summary(Programs.summary),
            text_field("Nom de l’application", "app-name", max_length=80, error=_error("name")),
            rx.el.fieldset(
                rx.el.legend("Ce qu’elle peut faire", class_name="legend"),
                *[checkbox(label, f"app-{scope}", hint=hint) for scope, (label, hint) in SCOPE_WORDS.items()],
                error_text("champ-app-scopes", _error("scopes")),
                class_name="field",
                id="champ-app-scopes",
                tab_index=-1,
            ),
            text_area(
                "Adresses de retour",
                "app-addresses",
                rows=2,
                max_length=2600,
                optional=True,
                hint="Une par ligne, comme l’éditeur les donne\u00a0: après votre accord, le navigateur n’ira nulle part ailleurs.",
                error=_error("addresses"),
            ),
            checkbox(
                "Elle agit seule, sans que quelqu’un se connecte",
                "app-alone",
                hint="Pour une téléphonie ou un site\u00a0: elle voit alors tous les agendas du cabinet. Sinon, elle n’agit qu’au nom de "
                "ceux qui l’autorisent, avec leurs droits au plus.",
            ),
            on_submit=Programs.save,
            id=FORM,
            key=Programs.mark,
        ),
        identifier="application",
        title="Relier une application",
        opened=Programs.adding,
        on_close=Programs.close,
        footer=form_actions(button("Relier l’application", submits=True, variant="primary", form=FORM), button("Fermer", closes=True)),
    )


def _renewal() -> rx.Component:
    return dialog(
        form(
            rx.el.p("Donnez le nouveau secret à l’application avant que l’ancien ne cesse de valoir."),
            select_field("L’ancien cesse de valoir", "app-overlap", OVERLAPS, default_value="1"),
            on_submit=Programs.renew,
            id=RENEWAL,
            key=Programs.mark,
        ),
        identifier="secret-application",
        title=rx.Var.create("Nouveau secret pour ") + Programs.chosen["name"].to(str),
        opened=Programs.asking == "renew",
        on_close=Programs.close,
        footer=form_actions(button("Changer le secret", submits=True, variant="primary", form=RENEWAL), button("Fermer", closes=True)),
    )


def _removal() -> rx.Component:
    return dialog(
        rx.el.p("Ses accès sont coupés tout de suite, pour tout le cabinet. Pour revenir, elle devra être reliée à nouveau."),
        identifier="retrait-application",
        title=rx.Var.create("Retirer ") + Programs.chosen["name"].to(str),
        opened=Programs.asking == "remove",
        on_close=Programs.close,
        footer=form_actions(button("Retirer l’application", Programs.remove, variant="danger"), button("Garder", closes=True)),
    )


def _secret() -> rx.Component:
    return dialog(
        note("Copiez-le maintenant\u00a0: il ne sera plus affiché. Ne l’envoyez pas par e-mail.", meaning="warning"),
        rx.el.p("Identifiant\u00a0: ", rx.el.code(Programs.secret_of)),
        rx.cond(
            Programs.secret != "",
            SecretAddress.create(value=Programs.secret, label="Secret", copy="Copier", copied="Secret copié."),
        ),
        identifier="secret-montre",
        title="Le secret de l’application",
        opened=Programs.secret != "",
        on_close=Programs.close,
        footer=form_actions(button("C’est fait", closes=True, variant="primary")),
    )


def _error(field: str) -> Any:
    return Programs.errors.get(f"app-{field}", "")
