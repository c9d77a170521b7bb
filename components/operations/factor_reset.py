"""Taking somebody's second factors away: what they have, and the form that asks how the operator made sure who asks."""

from typing import Any, Final

import reflex as rx

from components.ui.buttons import button
from components.ui.choices import radio_group
from components.ui.fields import text_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.layers import dialog
from components.ui.messages import note
from components.ui.surfaces import card, card_body
from maiia_pro.identity.factor_tables import IDENTITY_CHECK_LABELS, LONGEST_REFERENCE
from state.account_sheet import RESET, AccountPage

FORM: Final = "formulaire-reset"
CHECKS: Final = [(how.value, label[:1].upper() + label[1:]) for how, label in IDENTITY_CHECK_LABELS.items()]


def factors_card() -> rx.Component:
    """Say what the person has besides a password, and let the operator take it away."""
    one = AccountPage.sheet
    reset = rx.fragment(
        rx.el.p(
            "La personne a perdu son téléphone, ses clés et ses codes de secours\u00a0? Vérifiez d’abord que c’est bien elle. "
            "À sa prochaine connexion, elle en ajoutera une nouvelle.",
            class_name="soft",
        ),
        rx.el.div(button("Réinitialiser la seconde étape", AccountPage.decide(RESET), variant="danger"), class_name="row wrap"),
    )
    own = note("C’est la vôtre\u00a0: seul un autre exploitant peut la réinitialiser.", meaning="info")
    asked = rx.cond(one["open_to"].to(list[str]).contains(RESET), reset, rx.cond(one["own"], own))
    return card(card_body(rx.el.div(rx.el.p(one["factors"]), asked, class_name="stack")), title="Seconde étape")


def reset_dialog() -> rx.Component:
    """Ask how the identity was checked before second factors are taken away."""
    return dialog(
        form(
            error_summary(AccountPage.summary),
            rx.el.p(rx.el.b(AccountPage.sheet["name"])),
            rx.el.p(
                "Application, clés d’accès et codes de secours ne serviront plus, et toutes ses sessions se ferment. "
                "Un message le lui dit, avec quoi faire si ce n’était pas elle.",
                class_name="soft",
            ),
            rx.cond(AccountPage.sheet["caution"] != "", note(AccountPage.sheet["caution"], meaning="warning")),
            radio_group("Comment avez-vous vérifié son identité\u00a0?", "reset-checked", CHECKS, error=_error("checked")),
            text_field(
                "Référence", "reset-reference", optional=True, max_length=LONGEST_REFERENCE,
                hint="Le numéro de la demande, par exemple. N’y écrivez rien de médical.",
                error=_error("reference"),
            ),
            on_submit=AccountPage.save,
            id=FORM,
            key=AccountPage.mark,
        ),
        identifier="reset",
        title="Réinitialiser la seconde étape\u00a0?",
        opened=AccountPage.deciding == RESET,
        on_close=AccountPage.leave,
        footer=form_actions(
            button("Réinitialiser", submits=True, variant="danger-fill", form=FORM),
            button("Ne rien changer", closes=True),
        ),
    )  # fmt: skip


def _error(field: str) -> Any:
    return AccountPage.errors.get(f"{RESET}-{field}", "")
