"""The card of the settings that says who may do what for the practitioner, and the form of one person's rights."""

from typing import Any, Final

import reflex as rx

from components.agenda.presence import presence_chip
from components.agenda.rights import rights_fields
from components.ui.buttons import button
from components.ui.fields import calendar_field, select_field, text_field
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.kinds import either
from components.ui.layers import confirm_dialog, dialog
from components.ui.marks import avatar, chip
from components.ui.messages import note
from components.ui.navigation import segment, segments
from components.ui.states import card_states, listed
from components.ui.surfaces import card, card_body
from maiia_pro.identity.national_number import HINT, NAME
from maiia_pro.identity.tables import AIDANTS, PROFESSION_LABELS
from maiia_pro.kernel.actor import ActorKind, Right
from maiia_pro.practice.delegating import REPLACING, USUAL
from state.team import KINDS, Team

FORM: Final = "formulaire-droits"
NEW_FORM: Final = "formulaire-personne"
AIDANT: Final = "Un aidant accueille des patients pour une téléconsultation assistée. Il n’ouvre ni agenda ni dossier."
CHECK: Final = "Nous vérifions d’abord sa profession et son numéro\u00a0: invitez-le quelques jours avant."


def team_card() -> rx.Component:
    """List who works in the practice with what they may do."""
    return rx.fragment(
        card(
            card_body(
                rx.el.p(
                    "Chacun a son propre compte. Personne n’ouvre votre agenda sans votre accord, et vous le retirez quand vous "
                    "voulez\u00a0: cela vaut dès le geste suivant.",
                    class_name="soft",
                )
            ),
            card_states(Team, "L’équipe ne s’affiche pas", listed(Team.people, _person, "Vous êtes seul dans ce cabinet.")),
            title="Équipe",
            aside=button("Ajouter", Team.add, icon_name="plus", size="small", aria_label="Ajouter une personne"),
        ),
        _dialog(),
        _new_person(),
        confirm_dialog(
            identifier="acces-retire",
            title=rx.Var.create("Retirer l’accès de ") + Team.ending["name"].to(str) + "\u00a0?",
            message=rx.cond(
                Team.ending["substitute"],
                "Le remplacement finit aussitôt, sur tous ses écrans, et la fiche de transmission se ferme. Pour le reprendre, donnez un "
                "nouvel accès.",
                "Votre agenda se ferme aussitôt, sur tous ses écrans. Ce qui est fait garde son nom, et vous pourrez redonner un accès.",
            ),
            confirm="Retirer l’accès",
            on_confirm=Team.end,
            opened=Team.ending["delegation"] != "",
            on_close=Team.close,
        ),
    )


def _person(one: Any) -> rx.Component:
    let = one["delegation"] != ""
    name = one["name"].to(str)
    return rx.el.li(
        avatar(one["initials"]),
        rx.el.div(
            rx.el.p(
                rx.el.span(name, class_name="strong"),
                rx.el.span(" · ", one["role"], class_name="soft"),
                rx.cond(one["substitute"], rx.fragment(" ", chip("Remplacement", tone="accent", icon_name="calendar-days"))),
                " ",
                presence_chip(one["presence"]),
            ),
            rx.el.p(one["says"], class_name="small"),
            rx.cond(one["when"] != "", rx.el.p(one["when"], class_name="small")),
            rx.cond(one["coming"] != "", rx.el.p(one["coming"], class_name="small soft")),
            rx.cond(one["used"] != "", rx.el.p(one["used"], class_name="small soft")),
            class_name="grow",
        ),
        rx.el.div(
            button(
                either(let, "Modifier", "Donner un accès"),
                Team.edit(one["account"], one["delegation"]),
                size="small",
                aria_label=either(let, rx.Var.create("Modifier les droits de ") + name, rx.Var.create("Donner un accès à ") + name),
            ),
            rx.cond(
                let,
                button("Retirer", Team.ask_to_end(one["delegation"]), size="small", aria_label=rx.Var.create("Retirer l’accès de ") + name),
            ),
            class_name="row",
        ),
        class_name="setup-exception setup-member",
    )


def _dialog() -> rx.Component:
    return dialog(
        form(
            error_summary(Team.summary),
            segments(
                segment("Accès habituel", pressed=~Team.substitute, on_click=Team.choose_kind(False)),
                segment("Remplacement", pressed=Team.substitute, on_click=Team.choose_kind(True)),
                label="Genre d’accès",
            ),
            rights_fields("droits-", lambda right: Team.chosen["rights"].to(list[str]).contains(right.value), _error("droits-rights")),
            form_row(
                calendar_field(
                    "Premier jour", "droits-first", optional=True, hint="Rien\u00a0: dès maintenant.", error=_error("droits-first")
                ),
                calendar_field(
                    "Dernier jour",
                    "droits-last",
                    optional=~Team.substitute,
                    hint=rx.cond(Team.substitute, "Ce jour-là compris.", "Rien\u00a0: sans limite."),
                    error=_error("droits-last"),
                ),
            ),
            on_submit=Team.save,
            id=FORM,
            key=Team.mark,
        ),
        identifier="droits",
        title=rx.Var.create("Droits de ") + Team.chosen["name"].to(str),
        opened=Team.editing,
        on_close=Team.close,
        footer=form_actions(button("Enregistrer", submits=True, variant="primary", form=FORM), button("Fermer", closes=True)),
    )


def _new_person() -> rx.Component:
    return dialog(
        form(
            error_summary(Team.summary),
            segments(
                *[segment(label, pressed=Team.kind == kind, on_click=Team.choose_role(kind)) for kind, label in KINDS.items()],
                label="Qui ajoutez-vous\u00a0?",
            ),
            form_row(_text("Prénom", "given_name"), _text("Nom", "family_name")),
            _text("Adresse e-mail", "email", input_mode="email", hint="L’invitation y arrive. Chacun choisit son mot de passe."),
            rx.match(
                Team.kind,
                (
                    ActorKind.SUBSTITUTE.value,
                    rx.fragment(_profession(aidants=False), _rpps(HINT), _dates(), _rights(REPLACING), note(CHECK)),
                ),
                (
                    ActorKind.AIDANT.value,
                    rx.fragment(
                        _profession(aidants=True), _rpps(f"{HINT} Un aide-soignant peut ne pas en avoir."), note(f"{AIDANT} {CHECK}")
                    ),
                ),
                _rights(USUAL),
            ),
            on_submit=Team.invite,
            id=NEW_FORM,
            key=Team.mark,
        ),
        identifier="nouvelle-personne",
        title="Ajouter une personne",
        opened=Team.adding,
        on_close=Team.close,
        footer=form_actions(button("Inviter", submits=True, variant="primary", form=NEW_FORM), button("Fermer", closes=True)),
    )


def _text(label: str, name: str, **more: Any) -> rx.Component:
    return text_field(label, f"equipe-{name}", error=_error(f"equipe-{name}"), max_length=120, spell_check=False, **more)


def _profession(*, aidants: bool) -> rx.Component:
    choices = [(one.value, label) for one, label in PROFESSION_LABELS.items() if (one in AIDANTS) is aidants]
    return select_field("Profession", "equipe-profession", choices, placeholder="Choisir", error=_error("equipe-profession"))


def _rpps(hint: str) -> rx.Component:
    return _text(NAME, "rpps", hint=hint)


def _rights(ticked: frozenset[Right]) -> rx.Component:
    return rights_fields("equipe-", ticked.__contains__, _error("equipe-rights"), key=Team.kind)


def _dates() -> rx.Component:
    return form_row(
        calendar_field("Premier jour", "equipe-first", optional=True, hint="Rien\u00a0: dès maintenant.", error=_error("equipe-first")),
        calendar_field("Dernier jour", "equipe-last", hint="Ce jour-là compris.", error=_error("equipe-last")),
    )


def _error(field: str) -> Any:
    return Team.errors.get(field, "")
