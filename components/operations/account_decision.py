"""The form of a decision on an account: why, until when, and what the person reads of it."""

from typing import Any, Final

import reflex as rx

from components.ui.buttons import button
from components.ui.choices import radio_group
from components.ui.fields import calendar_field, checkbox, text_area
from components.ui.forms import error_summary, form, form_actions
from components.ui.layers import dialog
from components.ui.messages import note
from maiia_pro.identity.restriction_tables import Ground, RestrictionKind
from state.account_sheet import RESET, RESTORE, AccountPage
from state.account_words import ground_words

FORM: Final = "formulaire-decision"
TITLES: Final = {
    RestrictionKind.SUSPENDED.value: ("Suspendre ce compte\u00a0?", "Suspendre le compte"),
    RestrictionKind.DEACTIVATED.value: ("Désactiver ce compte pour de bon\u00a0?", "Désactiver le compte"),
    RestrictionKind.REFUSED.value: ("Refuser l’activation de ce compte\u00a0?", "Refuser l’activation"),
}
BACK: Final = ("Rétablir ce compte\u00a0?", "Rétablir le compte")


def decision_dialog() -> rx.Component:
    """Ask for the reason before an account is shut or opened again."""
    restores = AccountPage.deciding == RESTORE
    return dialog(
        form(
            error_summary(AccountPage.summary),
            rx.el.p(rx.el.b(AccountPage.sheet["name"])),
            rx.cond(
                restores,
                rx.el.p("La personne pourra se connecter aussitôt, sa page publique revient, et elle en est informée.", class_name="soft"),
                _why(),
            ),
            text_area("Note", "decision-note", optional=True, max_length=1000, hint=_hint(restores), error=_error("note")),
            rx.cond(restores, rx.fragment(), checkbox("La personne lit aussi cette note", "decision-shown")),
            on_submit=AccountPage.save,
            id=FORM,
            key=AccountPage.mark,
        ),
        identifier="decision",
        title=_word(0),
        opened=(AccountPage.deciding != "") & (AccountPage.deciding != RESET),
        on_close=AccountPage.leave,
        footer=form_actions(
            rx.cond(
                restores,
                button(BACK[1], submits=True, variant="primary", form=FORM),
                button(_word(1), submits=True, variant="danger-fill", form=FORM),
            ),
            button("Ne rien changer", closes=True),
        ),
    )


def _hint(restores: Any) -> Any:
    return rx.cond(restores, "Elle reste dans l’historique.", "Elle reste interne si vous ne cochez rien. N’y écrivez rien de médical.")


def _why() -> rx.Component:
    return rx.fragment(
        radio_group("Motif", "decision-ground", [(ground.value, ground_words(ground)) for ground in Ground], error=_error("ground")),
        rx.cond(
            AccountPage.deciding == RestrictionKind.SUSPENDED.value,
            calendar_field(
                "Dernier jour", "decision-last", optional=True, hint="Ce jour-là compris. Rien\u00a0: sans limite.", error=_error("last")
            ),
        ),
        rx.cond(AccountPage.sheet["warning"] != "", note(AccountPage.sheet["warning"], meaning="warning")),
    )


def _word(part: int) -> Any:
    return rx.match(AccountPage.deciding, *((kind, words[part]) for kind, words in TITLES.items()), BACK[part])


def _error(field: str) -> Any:
    return AccountPage.errors.get(f"decision-{field}", "")
