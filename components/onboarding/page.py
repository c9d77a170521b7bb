"""The first steps of a practice: one page, the step in its address."""

from typing import Any

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, viewer
from components.agenda.native import SecretAddress
from components.agenda.settling import settling_dialog
from components.layout.professional import pro_page
from components.onboarding.steps import hours_step, people_step, reasons_step, site_step
from components.ui.buttons import button, link, link_button
from components.ui.icons import icon
from components.ui.kinds import either, shown
from components.ui.messages import note
from components.ui.states import failed, loading, not_allowed, progress, skeleton, skeleton_lines
from components.ui.surfaces import card, card_body
from maiia_pro.kernel.actor import ActorKind
from state.onboarding import END, HERE, STEPS
from state.onboarding import Onboarding as Run
from state.session import SessionState

LATER = "Passer cette étape"


def onboarding_page() -> rx.Component:
    """Lead a practitioner from nothing to an open agenda; a secretary learns whom to ask."""
    page = pro_page(
        "Ouvrir mon agenda",
        HERE,
        rx.cond(
            SessionState.forbidden,
            not_allowed(link_button("Revenir à l’agenda", "/agenda"), message="Un praticien du cabinet ouvre son agenda. Demandez-lui."),
            rx.match(
                Run.status,
                ("ready", _ready()),
                ("failed", failed("Les étapes ne s’affichent pas", Run.message, again(Run.arrive))),
                loading(rx.el.div(skeleton_lines(), skeleton(height="240px"), class_name="setup-page")),
            ),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        search_label="Aller à une page",
    )
    outsider = SessionState.forbidden & (SessionState.kind != ActorKind.SECRETARY.value)
    return unless_refused(page, "Ouvrir un agenda", "Cette page est celle des praticiens.", refused=outsider)


def _ready() -> rx.Component:
    bodies = {"lieu": site_step, "praticien": people_step, "motifs": reasons_step, "horaires": hours_step}
    return rx.el.div(
        rx.el.nav(
            rx.el.ul(rx.foreach(Run.steps, _entry)),
            class_name="setup-contents",
            aria_label="Étapes",
        ),
        rx.el.div(
            progress(Run.finished * 100 // len(STEPS), label="Avancement", detail=_counted()),
            rx.match(
                Run.step,
                *[(name, draw()) for name, draw in bodies.items()],
                ("reprise", _intake()),
                ("publication", _publication()),
                _end(),
            ),
            settling_dialog(),
            class_name="setup",
        ),
        class_name="setup-page",
    )  # fmt: skip


def _counted() -> rx.Var[str]:
    words = rx.cond(Run.finished > 1, " étapes", " étape").to(str)
    return Run.finished.to(str) + words + f" sur {len(STEPS)}"


def _entry(one: Any) -> rx.Component:
    mark = rx.match(one["mark"], ("done", "circle-check"), ("passed", "arrow-right"), "circle-dashed").to(str)
    said = rx.match(one["mark"], ("done", " (fait)"), ("passed", " (passé)"), "")
    inner = rx.fragment(icon(mark), rx.el.span(one["label"], rx.el.span(said, class_name="visually-hidden")))
    return rx.el.li(
        link(
            inner,
            one["href"],
            class_name=rx.cond(one["name"] == Run.step, "row strong", "row"),
            aria_current=either(one["name"] == Run.step, "step", "false"),
        )
    )


def _intake() -> rx.Component:
    return card(
        card_body(
            rx.el.p(
                "Vous quittez un autre logiciel\u00a0? Reprenez ses patients et ses rendez-vous depuis un fichier CSV ou un calendrier."
            ),
            rx.el.p(
                rx.cond(
                    SessionState.administers,
                    "Vous pourrez le faire plus tard, dans Cabinet. Pour revenir ici, utilisez le bouton Précédent.",
                    "Un praticien qui administre le cabinet le fait pour vous\u00a0: demandez-lui.",
                ),
                class_name="soft",
            ),
            rx.el.div(
                shown(SessionState.administers, link_button("Reprendre des données", "/reglages/reprise", icon_name="arrow-right")),
                button("Continuer", Run.go_on, variant="primary"),
                class_name="form-actions",
            ),
        ),
        title="Reprise de données",
    )


def _publication() -> rx.Component:
    return card(
        card_body(
            rx.cond(
                Run.page["published"],
                note("Les patients trouvent votre page et y prennent rendez-vous.", title="Votre page est publiée", meaning="success"),
                note(
                    "Complétez votre profil, relisez-le, puis publiez-le\u00a0: les patients pourront alors prendre rendez-vous en ligne.",
                    title="Votre page n’est pas encore publiée",
                ),
            ),
            rx.cond(Run.page["online"], rx.fragment(), _initial()),
            rx.el.div(
                rx.cond(
                    Run.page["published"],
                    rx.fragment(
                        button("Continuer", Run.go_on, variant="primary"),
                        link_button("Modifier mon profil", "/reglages/profil", icon_name="pencil"),
                    ),
                    rx.fragment(
                        link_button("Compléter et publier mon profil", "/reglages/profil", icon_name="globe", variant="primary"),
                        button(LATER, Run.go_on),
                    ),
                ),
                class_name="form-actions",
            ),
        ),
        title="Votre page publique",
    )


def _initial() -> rx.Component:
    return note("Votre cabinet est à l’offre Initial\u00a0: la page ne montre pas de créneau.", meaning="warning")


def _end() -> rx.Component:
    waiting = rx.el.ul(
        rx.foreach(Run.steps, lambda one: rx.cond(one["mark"] != "done", rx.el.li(link(one["label"], one["href"])))), class_name="stack"
    )
    return card(
        card_body(
            rx.cond(
                Run.steps[0]["mark"].to(str) + Run.steps[2]["mark"].to(str) + Run.steps[3]["mark"].to(str) == "donedonedone",
                note("Vous pouvez y donner des rendez-vous dès maintenant.", title="Votre agenda est ouvert", meaning="success"),
                note(
                    "Il faut un lieu, au moins un motif et des horaires pour donner des rendez-vous.",
                    title="Votre agenda n’est pas encore ouvert", meaning="warning",
                ),
            ),
            rx.cond(Run.finished < len(STEPS), rx.el.h3("Étapes qui attendent"), rx.el.h3("Ce que vous pouvez encore compléter")),
            waiting,
            SecretAddress.create(
                value=Run.page["address"], label="Adresse à donner à vos patients", copy="Copier l’adresse", copied="Adresse copiée."
            ),
            rx.cond(
                Run.page["published"],
                rx.el.svg(
                    rx.el.svg.path(d=Run.page["path"]), view_box=Run.page["box"], role="img",
                    aria_label="Code QR de votre page de rendez-vous", class_name="poster-code",
                ),
                rx.el.p("Elle répondra dès que votre page sera publiée.", class_name="soft small"),
            ),
            rx.el.div(link_button("Ouvrir l’agenda", "/agenda", variant="primary", icon_name="calendar-days"), class_name="form-actions"),
        ),
        title="C’est prêt",
        id=END,
    )  # fmt: skip
