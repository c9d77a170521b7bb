"""The card of a practice's people, the form by which they are asked in, and the question before one is removed."""

from typing import Any, Final

import reflex as rx

from components.account.contact import readable
from components.agenda.presence import presence_chip
from components.onboarding.fields import person_fields
from components.ui.buttons import button, submit_button
from components.ui.choices import radio_group
from components.ui.fields import email_field
from components.ui.forms import error_summary, form, form_actions
from components.ui.kinds import Child, shown
from components.ui.layers import confirm_dialog, dialog
from components.ui.marks import avatar, chip
from components.ui.states import card_states
from components.ui.surfaces import card, card_body, divided
from maiia_pro.kernel.actor import ActorKind
from state.administration_members import PREFIX, Members
from state.session import SessionState

FORM: Final = "formulaire-membre"
COLLEAGUE: Final = ActorKind.PRACTITIONER.value


def members_card() -> rx.Component:
    """List everybody of the practice."""
    return rx.fragment(
        card(
            card_body(
                rx.el.p(
                    "Un administrateur gère le cabinet\u00a0; cela ne lui ouvre l’agenda de personne. Chaque praticien dit lui-même, dans "
                    "Réglages, Équipe, qui fait quoi pour lui.",
                    class_name="soft",
                )
            ),
            card_states(Members, "Les membres ne s’affichent pas", divided(rx.foreach(Members.people, _person))),
            rx.cond(
                Members.former.length() > 0,
                rx.el.details(
                    rx.el.summary("Anciens membres (", Members.former.length(), ")"),
                    divided(rx.foreach(Members.former, _former)),
                    class_name="setup-past",
                ),
            ),
            title="Membres",
            aside=button("Ajouter", Members.begin, icon_name="plus", size="small", aria_label="Ajouter un membre"),
        ),
        _asking(),
        _leaving(),
    )


def _who(one: Any, *chips: Child) -> list[rx.Component]:
    return [
        avatar(one["initials"]),
        rx.el.div(
            rx.el.p(rx.el.span(one["name"], class_name="strong"), rx.el.span(" · ", one["role"], class_name="soft"), *chips),
            rx.el.p(readable(one["email"].to(str)), class_name="small soft"),
            rx.el.p(one["seen"], class_name="small soft"),
            class_name="grow",
        ),
    ]


def _chip(wanted: Any, label: str, icon_name: Any, tone: Any = "neutral") -> rx.Component:
    return rx.cond(wanted, rx.fragment(" ", chip(label, tone=tone, icon_name=icon_name)))


def _act(label: str, spoken: str, handler: Any, one: Any, **attributes: Any) -> rx.Component:
    return button(label, handler, size="small", aria_label=rx.Var.create(spoken) + one["name"].to(str), **attributes)


def _place(one: Any) -> Any:
    """Name where somebody stands, so that the focus follows who comes back from one list to the other."""
    return rx.Var.create("membre-") + one["id"].to(str)


def _person(one: Any) -> rx.Component:
    may = one["mine"] | one["own"]
    return rx.el.li(
        *_who(
            one,
            _chip(one["own"], "Vous", "user"),
            _chip(one["administers"], "Administrateur", "shield-check", "accent"),
            " ",
            presence_chip(one["presence"]),
        ),
        rx.cond(
            may,
            rx.el.div(
                rx.cond(
                    one["administers"],
                    _act("Retirer l’administration", "Retirer l’administration à ", Members.name_administrator(one["id"], False), one),
                    rx.cond(
                        one["may"],
                        _act("Nommer administrateur", "Nommer administrateur ", Members.name_administrator(one["id"], True), one),
                    ),
                ),
                rx.cond(one["waiting"], _act("Renvoyer le lien", "Renvoyer le lien à ", Members.send_again(one["id"]), one)),
                rx.cond(~one["own"].to(bool), _act("Retirer du cabinet", "Retirer du cabinet ", Members.ask_to_remove(one["id"]), one)),
                class_name="row wrap",
            ),
        ),
        class_name="setup-exception setup-member",
        id=_place(one),
        key=one["id"],
    )


def _former(one: Any) -> rx.Component:
    back = _act("Faire revenir", "Faire revenir ", Members.bring_back(one["id"]), one, id=_place(one))
    return rx.el.li(*_who(one), rx.cond(one["mine"], back), class_name="setup-exception setup-member", key=one["id"])


def _asking() -> rx.Component:
    return dialog(
        form(
            error_summary(Members.summary),
            shown(
                SessionState.kind == COLLEAGUE,
                radio_group(
                    "Qui", f"{PREFIX}role", [(COLLEAGUE, "Un praticien"), (ActorKind.SECRETARY.value, "Un secrétariat")],
                    value=Members.role, on_change=Members.choose_role,
                ),
            ),
            *person_fields(Members.errors, prefix=PREFIX, practises=Members.role == COLLEAGUE),
            email_field(
                name=f"{PREFIX}email", hint="Un lien d’activation y part aussitôt.", error=Members.errors.get(f"{PREFIX}email", "")
            ),
            on_submit=Members.invite,
            id=FORM,
            key=Members.mark,
        ),
        identifier="membre",
        title="Ajouter un membre",
        opened=Members.asking,
        on_close=Members.close,
        wide=True,
        footer=form_actions(submit_button("Envoyer le lien", form=FORM), button("Fermer", closes=True)),
    )  # fmt: skip


def _leaving() -> rx.Component:
    return confirm_dialog(
        identifier="membre-retire",
        title=rx.Var.create("Retirer ") + Members.leaving["name"].to(str) + "\u00a0?",
        message=rx.cond(
            Members.leaving["waiting"],
            rx.el.p("Son invitation est retirée. Vous pourrez inviter cette personne de nouveau."),
            _what_ends(),
        ),
        confirm="Retirer du cabinet",
        on_confirm=Members.remove,
        opened=Members.leaving["id"] != "",
        on_close=Members.close,
    )


def _what_ends() -> rx.Component:
    return rx.el.div(
        rx.el.p("Son accès au cabinet et aux agendas finit aussitôt, sur tous ses écrans. Ses demandes ouvertes reviennent à tous."),
        rx.el.p("Ce qui est fait garde son nom, et vous pourrez faire revenir cette personne."),
        rx.cond(
            Members.leaving["role"] == "Praticien",
            rx.el.p("Sa page publique est retirée et son agenda n’offre plus rien. Il faut qu’aucun rendez-vous n’y soit à venir."),
        ),
        class_name="stack",
    )
