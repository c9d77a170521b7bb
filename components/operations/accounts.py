"""The operator's accounts: the list that is searched, and one account's sheet with what was decided of it."""

from typing import Any, Final

import reflex as rx

from components.account.again import again
from components.account.contact import readable
from components.account.viewer import viewer
from components.layout.public import public_page
from components.operations.account_decision import decision_dialog
from components.operations.factor_reset import factors_card, reset_dialog
from components.operations.pages import guarded
from components.ui.buttons import button, link_button
from components.ui.fields import search_field, select_field
from components.ui.forms import form_row
from components.ui.icons import icon
from components.ui.marks import chip
from components.ui.messages import note
from components.ui.navigation import breadcrumbs, pagination
from components.ui.states import empty, failed, loading, not_found, skeleton
from components.ui.surfaces import card, card_body, divided, facts, list_row, timeline, timeline_event
from maiia_pro.identity.restriction_tables import RestrictionKind
from state.account_list import AccountList
from state.account_sheet import RESTORE, AccountPage
from state.account_words import KINDS, STATES

HERE: Final = "/operateur/comptes"
HOME: Final = ("Exploitation", "/operateur")
REFUSED: Final = "Cette page est celle de l’exploitant."
ACTS: Final = (
    (RESTORE, "Rétablir le compte"),
    (RestrictionKind.SUSPENDED, "Suspendre"),
    (RestrictionKind.DEACTIVATED, "Désactiver"),
    (RestrictionKind.REFUSED, "Refuser l’activation"),
)


def accounts_page() -> rx.Component:
    """Find accounts."""
    return public_page(
        "Comptes",
        guarded(
            rx.el.div(
                breadcrumbs(HOME, here="Comptes"),
                _asked(),
                rx.match(
                    AccountList.status,
                    ("ready", _list()),
                    ("failed", failed("La liste ne s’affiche pas", AccountList.message, again(AccountList.arrive))),
                    loading(skeleton(height="220px"), label="Recherche des comptes"),
                ),
                class_name="stack",
            ),
            REFUSED,
        ),
        viewer=viewer(),
        active="/operateur",
    )


def _asked() -> rx.Component:
    kinds = [("", "Tous, sans les patients"), *((kind.value, label) for kind, label in KINDS.items())]
    return rx.el.div(
        search_field(
            "Nom, e-mail, téléphone, numéro RPPS ou ADELI, cabinet",
            "comptes",
            default_value=AccountList.words,
            on_change=AccountList.seek.debounce(300),
            hint="Les patients n’apparaissent que si vous les cherchez.",
        ),
        form_row(
            select_field("Genre", "genre", kinds, value=AccountList.kind, on_change=lambda value: AccountList.narrow("kind", value)),
            select_field(
                "État",
                "etat",
                [(shown.value, label) for shown, label in STATES.items()],
                value=AccountList.shown,
                on_change=lambda value: AccountList.narrow("shown", value),
            ),
        ),
        class_name="stack",
        role="search",
    )


def _list() -> rx.Component:
    return rx.cond(
        AccountList.accounts.length() > 0,
        rx.el.div(
            rx.el.p(AccountList.found, class_name="soft", role="status"),
            card(divided(rx.foreach(AccountList.accounts, _line))),
            rx.cond(AccountList.pages > 1, pagination(AccountList.page, AccountList.pages, AccountList.turn)),
            class_name="stack",
        ),
        empty("Aucun compte", "Vérifiez l’orthographe, ou élargissez le genre et l’état.", icon_name="users"),
    )


def _line(one: Any) -> rx.Component:
    return list_row(
        icon("user"),
        rx.el.span(
            rx.el.span(one["name"], class_name="strong"),
            rx.el.span(rx.el.span(one["detail"]), rx.el.span(readable(one["identifier"])), class_name="small soft mail-detail"),
            class_name="grow mail-line",
        ),
        state_chip(one["state"], one["tone"]),
        href=one["href"],
    )


def state_chip(state: Any, tone: Any) -> rx.Component:
    """Show an account's state; a colour never goes without its icon."""
    return rx.match(
        tone,
        ("success", chip(state, tone="success")),
        ("warning", chip(state, tone="warning")),
        ("danger", chip(state, tone="danger", icon_name="ban")),
        chip(state, icon_name="hourglass"),
    )


def account_sheet_page() -> rx.Component:
    """Show one account: who it is, what shuts it, what was decided before."""
    return public_page(
        rx.cond(AccountPage.sheet["name"] != "", AccountPage.sheet["name"], "Compte"),
        guarded(
            rx.el.div(
                breadcrumbs(HOME, ("Comptes", HERE), here=rx.cond(AccountPage.sheet["name"] != "", AccountPage.sheet["name"], "Compte")),
                rx.match(
                    AccountPage.status,
                    ("ready", _sheet()),
                    ("missing", not_found(link_button("Voir les comptes", HERE), message=AccountPage.message)),
                    ("failed", failed("Le compte ne s’affiche pas", AccountPage.message, again(AccountPage.arrive))),
                    loading(skeleton(height="220px"), label="Lecture du compte"),
                ),
                class_name="stack",
            ),
            REFUSED,
        ),
        viewer=viewer(),
        active="/operateur",
        narrow=True,
    )


def _sheet() -> rx.Component:
    one = AccountPage.sheet
    return rx.fragment(
        rx.el.div(
            card(
                card_body(
                    facts(
                        ("Genre", one["kind"]),
                        ("Identifiant", readable(one["identifier"])),
                        ("Cabinets", rx.cond(one["places"] != "", one["places"], "Aucun")),
                        ("Numéro", rx.cond(one["rpps"] != "", one["rpps"], "Aucun")),
                        ("Profession", rx.cond(one["specialty"] != "", one["specialty"], "Aucune")),
                        ("Créé", one["since"]),
                        ("Dernière connexion", one["last"]),
                        ("Sessions ouvertes", one["sessions"]),
                    )
                ),
                title="Identité",
                aside=state_chip(one["state"], one["tone"]),
            ),
            _decisions_open(),
            factors_card(),
            rx.cond(one["opened"].to(list[str]).length() > 0, _opened()),
            card(
                card_body(
                    rx.cond(
                        AccountPage.decisions.length() > 0,
                        timeline(rx.foreach(AccountPage.decisions, _decision)),
                        rx.el.p("Aucune décision n’a été prise sur ce compte.", class_name="soft"),
                    )
                ),
                title="Historique des décisions",
            ),
            class_name="stack",
        ),
        decision_dialog(),
        reset_dialog(),
    )


def _opened() -> rx.Component:
    return card(
        card_body(
            rx.el.p(
                "Si ce compte a été volé, demandez au cabinet s’il reconnaît chaque accès\u00a0: ils restent ouverts.", class_name="soft"
            ),
            rx.el.ul(rx.foreach(AccountPage.sheet["opened"].to(list[str]), rx.el.li)),
        ),
        title="Ouvert par ce compte depuis trente jours",
    )


def _decisions_open() -> rx.Component:
    one = AccountPage.sheet
    acts = rx.el.div(
        *[
            rx.cond(
                one["open_to"].to(list[str]).contains(str(what)),
                button(label, AccountPage.decide(str(what)), variant="primary" if what == RESTORE else "danger"),
            )
            for what, label in ACTS
        ],
        class_name="row wrap",
    )
    told = rx.el.p(
        "L’effet est immédiat\u00a0: les sessions se ferment, la page publique disparaît, et la personne est informée avec le motif.",
        class_name="soft",
    )
    own = note("C’est le vôtre\u00a0: seul un autre exploitant peut le fermer.", meaning="info")
    return card(card_body(rx.cond(one["own"], own, rx.el.div(told, acts, class_name="stack"))), title="Décider")


def _decision(one: Any) -> rx.Component:
    return timeline_event(one["title"], one["when"], detail=rx.foreach(one["more"].to(list[str]), rx.el.p))
