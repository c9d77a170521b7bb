"""The steps that ask for something: the place, the people, the reasons, the hours."""

from typing import Any

import reflex as rx

from components.agenda.presence import presence_chip
from components.agenda.rights import rights_fields
from components.agenda.week_settings import week_form
from components.onboarding.fields import hue_field, own_fields, person_fields, site_fields
from components.ui.buttons import button, link_button, submit_button
from components.ui.choices import radio_group
from components.ui.fields import checkbox, email_field, error_text, select_field
from components.ui.forms import all_required, error_summary, form, form_actions, form_row
from components.ui.kinds import shown
from components.ui.marks import chip, dot
from components.ui.native import Draft
from components.ui.surfaces import card, card_body, divided
from maiia_pro.practice.delegating import USUAL
from state.onboarding import HERE
from state.onboarding import Onboarding as Run
from state.onboarding_hours import HORIZON_LABELS, NOTICE_LABELS, PATTERNS
from state.onboarding_hours import HoursStep as Week
from state.onboarding_reasons import ReasonsStep as Reasons
from state.session import SessionState
from state.setup_hours import HoursSetup as Hours

LATER = "Passer cette étape"


def _draft(name: str, of: Any) -> rx.Component:
    """Keep what is typed of one thing, such as of one place, until it is saved."""
    return Draft.create(name=rx.Var.create(f"demarrage-{name}-") + of.to(str), owner=SessionState.account, done=Run.saved)


def site_step() -> rx.Component:
    """Ask for the place where one receives; only those who administer the practice change what all its people share."""
    return rx.cond(SessionState.administers, _site_form(), _sites())


def _sites() -> rx.Component:
    return card(
        card_body(
            rx.cond(
                Run.sites.length() > 0,
                rx.el.ul(rx.foreach(Run.sites, lambda one: rx.el.li(one["name"])), class_name="stack"),
                rx.el.p("Aucun lieu encore."),
            ),
            rx.el.p("Les lieux sont ceux du cabinet\u00a0: un administrateur les ajoute et les change. Demandez-lui.", class_name="soft"),
            form_actions(button("Continuer", Run.go_on, variant="primary")),
        ),
        title="Les lieux du cabinet",
    )


def _site_form() -> rx.Component:
    return card(
        card_body(
            form(
                error_summary(Run.summary),
                rx.el.input(type="hidden", name="id", value=Run.site["id"]),
                *site_fields(Run, Run.site),
                checkbox("Fermé les jours fériés", "closed_on_holidays", default_checked=Run.site["closed"] != ""),
                form_actions(submit_button("Enregistrer et continuer"), button(LATER, Run.go_on)),
                _draft("lieu", Run.site["id"]),
                on_submit=Run.save_place,
                key=Run.site["id"],
            ),
            rx.cond(
                Run.sites.length() > 0,
                rx.el.div(
                    rx.foreach(
                        Run.sites,
                        lambda one: rx.cond(
                            one["id"] == Run.site["id"],
                            rx.fragment(),
                            link_button(one["name"], f"{HERE}?etape=lieu&lieu=" + one["id"].to(str), icon_name="pencil"),
                        ),
                    ),
                    link_button("Ajouter un lieu", f"{HERE}?etape=lieu&lieu=nouveau", icon_name="plus"),
                    class_name="row wrap",
                    role="group",
                    aria_label="Lieux du cabinet",
                ),
            ),
        ),
        title="Le lieu où vous recevez",
    )


def people_step() -> rx.Component:
    """Ask who one is, and whom to ask in."""
    return rx.fragment(
        card(
            card_body(
                form(
                    error_summary(Run.summary),
                    *own_fields(Run.errors, Run.person),
                    hue_field(Run.errors, Run.person),
                    form_actions(submit_button("Enregistrer ma fiche")),
                    on_submit=Run.save_person,
                    draft="demarrage-praticien",
                    owner=SessionState.account,
                    done=Run.saved,
                ),
            ),
            title="Votre fiche",
        ),
        card(
            divided(rx.foreach(Run.staff, _person)),
            card_body(_invitation()),
            title="Votre équipe",
            aside=rx.cond(Run.awaited, button("Renvoyer les liens", Run.send_again, icon_name="mail", size="small")),
        ),
        rx.el.div(button("Continuer", Run.go_on, variant="primary"), class_name="form-actions"),
    )


def _person(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.p(one["name"], class_name="strong"), rx.el.p(one["email"], class_name="small soft"), class_name="grow"),
        one["role"],
        presence_chip(one["presence"], chip("Actif", tone="success")),
        class_name="setup-exception",
    )


def _invitation() -> rx.Component:
    return form(
        rx.el.h3("Ajouter quelqu’un"),
        error_summary(Run.asked),
        rx.cond(Run.role == "practitioner", rx.fragment(), all_required()),
        shown(
            SessionState.administers,
            radio_group(
                "Qui", "invite-role", [("practitioner", "Un praticien"), ("secretary", "Un secrétariat")], value=Run.role,
                on_change=Run.choose_role,
            ),
        ),
        *person_fields(Run.errors, prefix="invite-", practises=Run.role == "practitioner"),
        email_field(name="invite-email", hint="Un lien d’activation y part aussitôt.", error=Run.errors.get("invite-email", "")),
        rx.cond(Run.role == "practitioner", rx.fragment(), rights_fields("invite-", USUAL.__contains__, "")),
        form_actions(submit_button("Envoyer le lien", variant="plain")),
        on_submit=Run.invite,
        draft="demarrage-equipe",
        owner=SessionState.account,
        done=Run.sent,
    )  # fmt: skip


def reasons_step() -> rx.Component:
    """Propose the reasons of one's specialty."""
    proposed = rx.el.ul(rx.foreach(Reasons.proposals, _proposal), class_name="divided")
    return card(
        card_body(
            rx.cond(
                Reasons.known,
                rx.fragment(
                    rx.el.p("Vous avez déjà ces motifs\u00a0; vous les réglez en détail dans les réglages.", class_name="soft"),
                    proposed,
                    form_actions(button("Continuer", Run.go_on, variant="primary")),
                ),
                _choosing(proposed),
            ),
        ),
        title=rx.fragment("Motifs · ", Reasons.specialty),
    )


def _choosing(proposed: rx.Component) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "Décochez ce que vous ne faites pas, corrigez le reste. Les motifs sont proposés dans tous vos lieux\u00a0; vous les "
            "réglerez en détail dans les réglages. Tarifs\u00a0: ceux du secteur 1 où ils sont connus, sinon à compléter.",
            class_name="soft",
        ),
        form(
            error_summary(Reasons.faults),
            proposed,
            form_actions(submit_button("Prendre ces motifs et continuer"), button(LATER, Run.go_on)),
            _draft("motifs", Reasons.specialty),
            on_submit=Reasons.take,
            key=Reasons.specialty,
        ),
    )


def _proposal(one: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one["known"],
            rx.el.span(
                dot(one["hue"]), rx.el.span(one["name"], class_name="strong"), chip("Déjà dans votre agenda"), class_name="row wrap"
            ),
            rx.el.fieldset(
                rx.el.legend(one["name"], class_name="visually-hidden"),
                rx.el.label(
                    rx.el.input(type="checkbox", name=_named("take", one), value="oui", default_checked=True),
                    rx.el.span(one["name"], class_name="strong"),
                    dot(one["hue"]),
                    class_name="check",
                ),
                rx.el.p(one["detail"], class_name="small soft"),
                form_row(
                    _field("Durée (minutes)", "minutes", one, "numeric"),
                    _field("Tarif (euros)", "fee", one, "decimal"),
                    rx.el.label(
                        rx.el.input(type="checkbox", name=_named("online", one), value="oui", default_checked=one["online"].to(bool)),
                        rx.el.span("En ligne"),
                        class_name="check",
                    ),
                ),
                class_name="plain-fieldset",
            ),
        ),
        class_name="setup-exception",
        key=one["key"].to(str) + one["known"].to(str),
    )


def _named(field: str, one: Any) -> Any:
    return rx.Var.create(f"{field}-") + one["key"].to(str)


def _field(label: str, field: str, one: Any, mode: str) -> rx.Component:
    name = _named(field, one)
    ident = rx.Var.create("champ-") + name
    wrong = rx.cond(Reasons.wrong.contains(name), Reasons.wrong[name], "").to(str)
    control = rx.el.input(
        id=ident, name=name, class_name="input", input_mode=mode, max_length=10, auto_complete="off", default_value=one[field],
        aria_invalid=rx.cond(wrong != "", "true", "false"), aria_describedby=ident + "-erreur",
    )  # fmt: skip
    return rx.el.div(rx.el.label(label, html_for=ident), control, error_text(f"{ident}", wrong), class_name="field")


def hours_step() -> rx.Component:
    """Ask for the week of each place."""
    return rx.fragment(
        card(
            card_body(
                select_field(
                    "Partir d’une semaine type", "pattern", [(key, label) for key, (label, *_) in PATTERNS.items()],
                    placeholder="Choisissez", value=Week.pattern, on_change=Week.fill, optional=True,
                    hint="Elle remplit la semaine ci-dessous\u00a0; changez ensuite ce que vous voulez.",
                ),
            ),
            title="Votre semaine",
        ),
        rx.foreach(Hours.sites, _week),
        rx.el.div(button(LATER, Run.go_on), class_name="form-actions"),
    )  # fmt: skip


def _week(site: Any) -> rx.Component:
    return week_form(site, Week.save, _window(site), _draft("semaine", site["id"]), label="Enregistrer et continuer")


def _window(site: Any) -> rx.Component:
    return form_row(
        select_field(
            "Délai minimum avant un rendez-vous en ligne", "notice", NOTICE_LABELS, default_value=Week.notice,
            identifier=f"champ-notice-{site['id']}",
        ),
        select_field(
            "Réservation ouverte jusqu’à", "horizon", HORIZON_LABELS, default_value=Week.horizon, identifier=f"champ-horizon-{site['id']}"
        ),
    )  # fmt: skip
