"""The page « Ma page publique »: a practitioner writes it, sees it as patients will, publishes it, withdraws it."""

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.booking.profile import profile_head, profile_more
from components.layout.professional import pro_page
from components.profile.form import pictures_card, profile_form
from components.requests.watch import request_watch
from components.ui.buttons import button, link_button, submit_button
from components.ui.fields import checkbox
from components.ui.forms import form, form_actions
from components.ui.layers import confirm_dialog
from components.ui.messages import note
from components.ui.native import Refocus
from components.ui.states import empty, failed, loading, not_allowed, skeleton
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.practice import licence
from state.own_profile import PublicProfile as Page
from state.session import SessionState

TITLE = "Ma page publique"
PREVIEW = "apercu"


def own_profile_page() -> rx.Component:
    """Let a practitioner keep their own page; a secretary learns whom to ask."""
    page = pro_page(
        TITLE,
        "/reglages",
        rx.cond(
            SessionState.forbidden,
            not_allowed(link_button("Revenir à l’agenda", "/agenda"), message="Chaque praticien publie sa propre page. Demandez-lui."),
            rx.match(
                Page.status,
                ("ready", _ready()),
                ("none", empty("Pas de page à publier", Page.message, icon_name="calendar-x")),
                ("failed", failed("Votre page ne s’affiche pas", Page.message, again(Page.arrive))),
                loading(rx.el.div(skeleton(width="40%", height="24px"), skeleton(height="240px"), class_name="setup setup-narrow")),
            ),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    outsider = SessionState.forbidden & (SessionState.kind != ActorKind.SECRETARY.value)
    return unless_refused(page, TITLE, "Cette page est celle des praticiens.", refused=outsider)


def _ready() -> rx.Component:
    return rx.el.div(
        rx.el.div(_where_it_stands(), class_name=rx.cond(Page.previews, "", "setup-narrow")),
        rx.cond(Page.previews, _preview()),
        rx.el.div(pictures_card(), profile_form(), class_name="setup setup-narrow", hidden=Page.previews),
        link_button("Revenir aux réglages", "/reglages", icon_name="chevron-left"),
        confirm_dialog(
            identifier="retirer",
            title="Retirer votre page de l’annuaire\u00a0?",
            message="Les patients ne la verront plus et ne pourront plus réserver en ligne, dès maintenant. Les rendez-vous déjà pris "
            "restent pris. Votre brouillon est conservé.",
            confirm="Retirer de l’annuaire",
            cancel="Laisser publiée",
            on_confirm=Page.withdraw,
            opened=Page.withdraws,
            on_close=Page.ask_to_withdraw(False),
        ),
        request_watch(),
        class_name="setup",
    )


def _where_it_stands() -> rx.Component:
    actions = rx.el.div(
        link_button("Voir la page", Page.address, icon_name="globe", size="small"),
        button("Retirer de l’annuaire", Page.ask_to_withdraw(True), variant="danger", size="small"),
        class_name="form-actions",
    )
    return rx.cond(
        Page.public,
        rx.el.div(
            rx.cond(
                Page.differs,
                note("Les patients voient encore la version précédente.", title="Des changements ne sont pas publiés", meaning="warning"),
                note(rx.cond(Page.since, "Depuis le " + Page.since + ".", "Les patients la trouvent."), title="Votre page est publiée",
                     meaning="success"),
            ),
            actions,
            class_name="stack",
        ),
        note("Écrivez-la, relisez l’aperçu, puis publiez-la.", title="Votre page n’est pas publiée"),
    )  # fmt: skip


def _preview() -> rx.Component:
    return rx.el.section(
        Refocus.create(target=PREVIEW),
        rx.el.h2("Aperçu", id=PREVIEW, tab_index=-1),
        rx.el.p("Voici ce que les patients liront, à côté de vos motifs et de vos créneaux.", class_name="soft"),
        rx.el.div(
            profile_head(Page.view, Page.places),
            rx.el.div(_publish(), class_name="profile-booking"),
            profile_more(Page.view, Page.places, Page.fees),
            class_name="profile-grid",
        ),
        class_name="stack",
        aria_label="Aperçu",
    )


def _publish() -> rx.Component:
    nothing_new = Page.public & ~Page.differs & ~Page.must_agree
    return card(
        card_body(
            form(
                rx.cond(
                    Page.must_agree,
                    rx.fragment(
                        *[rx.el.p(words) for words in licence.TEXT],
                        checkbox(licence.AGREE, "licence", error=Page.errors.get("licence", "")),
                    ),
                    rx.el.p("Vous avez accordé la licence\u00a0: elle dure tant que votre page est publiée.", class_name="soft"),
                ),
                form_actions(
                    rx.cond(nothing_new, rx.fragment(), submit_button(rx.cond(Page.public, "Publier les changements", "Publier"))),
                    button("Modifier", Page.write, icon_name="pencil"),
                ),
                on_submit=Page.publish,
            ),
        ),
        title=rx.cond(nothing_new, "Cette page est publiée", "Publier cette page"),
    )
