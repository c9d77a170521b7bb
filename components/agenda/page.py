"""The agenda's page: toolbar, month, calendar, panel, dialogs, shortcuts."""

import reflex as rx

from components.account.again import again
from components.account.refused import unless_refused
from components.account.viewer import PRO_ENTRIES, let, viewer
from components.agenda.booking_dialog import booking_dialog
from components.agenda.calendar import AgendaFilters, LiveLine, LiveNews, MiniMonth, calendar
from components.agenda.export_dialog import EXPORT, export_dialog
from components.agenda.held import hold_dialog
from components.agenda.panels import act_dialogs, detail_panel, next_free_panel
from components.agenda.series_dialog import series_dialog
from components.agenda.visit_status import status_shortcuts
from components.layout.parts import DETAILS
from components.layout.professional import commands_of, pro_page
from components.layout.values import PRO_NAVIGATION
from components.onboarding.way_in import way_in
from components.reception.delays import delays_button, delays_dialog
from components.requests.dialog import new_request_dialog
from components.ui.buttons import icon_button, link, link_button, primary_button
from components.ui.icons import icon
from components.ui.keys import shortcut
from components.ui.kinds import either
from components.ui.marks import dot
from components.ui.navigation import segments
from components.ui.palette import PaletteOption, palette
from components.ui.states import empty, failed, loading, skeleton
from maiia_pro.kernel.actor import ActorKind, Right
from state.account_notices import AccountNotices
from state.agenda import AgendaState as Days
from state.agenda_following import AgendaFollowing
from state.appointment import AppointmentState
from state.desk_booking import DeskBooking
from state.finder import Finder
from state.holds import HeldSlots
from state.next_free import NextFree
from state.requests import RequestBadge
from state.session import SessionState
from state.visit_status import VisitStatus

HERE = "/agenda"
COMMANDS: list[PaletteOption] = [
    {"id": "nouveau-rendez-vous", "title": "Donner un rendez-vous", "icon": "calendar-plus", "keys": "N", "click": "#agenda-nouveau"},
    {"id": "nouveau-patient", "title": "Nouveau patient", "icon": "user-plus", "also": "créer fiche dossier"},
    {"id": "nouvelle-demande", "title": "Noter une demande", "icon": "inbox", "href": "/demandes?nouvelle=oui"},
    {"id": "aujourdhui", "title": "Aller à aujourd’hui", "icon": "calendar-check", "keys": "T", "click": "#agenda-aujourdhui"},
    {"id": "vue-jour", "title": "Voir le jour", "icon": "calendar-days", "keys": "J", "also": "vue", "click": "#agenda-jour"},
    {"id": "vue-semaine", "title": "Voir la semaine", "icon": "calendar-days", "keys": "S", "also": "vue", "click": "#agenda-semaine"},
    {"id": "vue-liste", "title": "Voir la liste", "icon": "list", "keys": "L", "also": "vue", "click": "#agenda-liste"},
    {"id": "imprimer", "title": "Imprimer la liste", "icon": "printer", "keys": "P", "click": "#agenda-imprimer"},
    {"id": "absence", "title": "Noter une absence", "icon": "calendar-x", "href": "/agenda/absence"},
    {"id": "retard", "title": "Annoncer un retard", "icon": "hourglass", "click": "#agenda-retard"},
    {"id": "affiche", "title": "Affiche d’arrivée (QR code)", "icon": "door-open", "href": "/agenda/affiche"},
    {"id": "exporter", "title": "Exporter des rendez-vous", "icon": "file-text", "click": "#agenda-exporter"},
    {
        "id": "raccourcis",
        "title": "Voir tous les raccourcis",
        "icon": "keyboard",
        "keys": "?",
        "also": "clavier aide",
        "click": "[data-opens=raccourcis]",
    },
    {"id": "sortir", "title": "Se déconnecter", "icon": "log-out", "also": "quitter", "href": "/deconnexion"},
]


def agenda_page() -> rx.Component:
    """Show the days of one or several practitioners."""
    page = pro_page(
        "Agenda",
        HERE,
        rx.match(
            Days.status,
            ("ready", _ready()),
            ("unlet", empty("Aucun agenda ouvert", Days.message, _elsewhere(), icon_name="lock")),
            ("new", way_in()),
            ("failed", failed("L’agenda ne s’affiche pas", Days.message, again(Days.reload, icon_name="refresh-cw"))),
            _waiting(),
        ),
        viewer=viewer(),
        navigation=PRO_ENTRIES,
        toolbar=_toolbar(),
        banner=LiveLine.create(),
        news=LiveNews.create(),
        side=rx.cond(
            Days.status == "ready", rx.cond(AppointmentState.status != "", detail_panel(), rx.cond(let(Right.BOOK), next_free_panel()))
        ),
        actions=(rx.cond(let(Right.BOOK), _new_appointment()),),
        finder=palette(
            [*COMMANDS, *commands_of(PRO_NAVIGATION)],
            groups=Finder.groups,
            answered=Finder.answered,
            on_query=Finder.search,
            on_pick=Finder.pick,
            hint="Nom, naissance, téléphone, «\u00a0dermato demain matin\u00a0», «\u00a0lundi\u00a0»",
        ),
        flush=True,
    )
    return unless_refused(page, "Agenda", "L’agenda est celui des cabinets.")


def _new_appointment() -> rx.Component:
    return primary_button("Rendez-vous", DeskBooking.begin({}), icon_name="plus", keys="n", id="agenda-nouveau")


def _toolbar() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            _step("chevron-left", "Précédent", Days.links["before"], "agenda-avant"),
            link(rx.el.span("Aujourd’hui"), Days.links["today"], class_name="button", id="agenda-aujourdhui"),
            _step("chevron-right", "Suivant", Days.links["after"], "agenda-apres"),
            class_name="button-group",
            role="group",
            aria_label="Jour affiché",
        ),
        rx.el.h1(Days.title, rx.cond(Days.window["mark"] != "", rx.el.span(" ", Days.window["mark"], class_name="agenda-mark"))),
        rx.el.span(class_name="grow"),
        rx.el.label(
            rx.el.span("Aller au jour", class_name="visually-hidden"),
            rx.el.input(type="date", class_name="input", default_value=Days.day, key=Days.day, on_change=Days.go.debounce(400)),
            class_name="agenda-goto",
        ),
        segments(
            _view("Jour", "jour", Days.links["day"]),
            _view("Semaine", "semaine", Days.links["week"]),
            _view("Liste", "liste", Days.links["list"]),
            label="Affichage",
        ),
        AgendaFilters.create(_outlets(), _whose(), sites=Days.sites, told=NextFree.site, on_site=NextFree.choose_site),
        rx.cond(
            let(Right.CHANGE),
            rx.el.div(delays_button(), _absence(), class_name="row agenda-acts", role="group", aria_label="Retard et absence"),
        ),
        export_dialog(),
        delays_dialog(),
        class_name="toolbar agenda-toolbar",
    )


def _whose() -> rx.Component:
    return rx.el.label(
        rx.el.span("Praticien"),
        rx.el.select(
            rx.foreach(Days.whose, lambda one: rx.el.option(one["name"], value=one["id"])),
            id="agenda-praticien",
            class_name="select",
            value=Days.practitioner,
            on_change=Days.choose,
        ),
        class_name="agenda-filter",
    )


def _outlets() -> rx.Component:
    return rx.el.div(
        _step("printer", "Imprimer", Days.links["paper"], "agenda-imprimer"),
        icon_button("file-text", "Exporter", opens=EXPORT, variant="plain", id="agenda-exporter"),
        class_name="button-group agenda-outlets",
        role="group",
        aria_label="Imprimer et exporter",
    )


def _elsewhere() -> rx.Component:
    """Lead a substitute to what they wait for: to be checked, or their days."""
    replaces = SessionState.kind == ActorKind.SUBSTITUTE.value
    return rx.cond(
        AccountNotices.unchecked,
        link_button("Voir mes informations", DETAILS),
        rx.cond(replaces, link_button("Voir mes remplacements", "/remplacements", icon_name="calendar-days")),
    )


def _absence() -> rx.Component:
    return link_button("Absence", Days.links["absence"], icon_name="calendar-x")


def _step(name: str, label: str, href: rx.Var[str], identifier: str) -> rx.Component:
    return link(icon(name), href, class_name="button button-icon", aria_label=label, title=label, id=identifier)  # type: ignore[arg-type]


def _view(label: str, view: str, href: rx.Var[str]) -> rx.Component:
    return link(label, href, id=f"agenda-{view}", aria_current=either(Days.view == view, "page", "false"))


def _ready() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            MiniMonth.create(day=Days.day, today=Days.window["now"]["day"], query=Days.links["rest"]),
            rx.cond(Days.view != "semaine", _legend()),
            class_name="day-aside",
        ),
        calendar(
            Days.window,
            me=SessionState.name,
            selected=AppointmentState.selected,
            answer=Days.answer,
            on_select=AppointmentState.show,
            on_move=Days.move,
            on_create=DeskBooking.begin,
            on_reschedule=lambda ident: AppointmentState.ask("move", ident),
            on_cancel=lambda ident: AppointmentState.ask("cancel", ident),
            on_mark=lambda put: VisitStatus.mark(put["status"], put["id"]),
            on_stale=AgendaFollowing.reload,
            beside=RequestBadge.topic,
            giving=rx.cond(DeskBooking.opened, DeskBooking.place, None),
            on_beside=RequestBadge.changed,
            on_hold=HeldSlots.ask,
        ),
        booking_dialog(),
        series_dialog(),
        act_dialogs(),
        hold_dialog(),
        new_request_dialog(),
        *_shortcuts(),
        *status_shortcuts(),
        class_name="agenda-page",
    )


def _legend() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Praticiens"),
        rx.el.ul(
            rx.foreach(
                Days.window["columns"],
                lambda column: rx.el.li(dot(column["hue"]), rx.el.span(column["title"], class_name="clip"), class_name="row"),
            ),
            class_name="stack",
        ),
        class_name="agenda-legend",
    )


def _shortcuts() -> list[rx.Component]:
    return [
        shortcut("n", "Nouveau rendez-vous", click="#agenda-nouveau", bar=True),
        shortcut("t", "Aujourd’hui", click="#agenda-aujourdhui", bar=True),
        shortcut("ArrowLeft", "Jour ou semaine d’avant", click="#agenda-avant"),
        shortcut("ArrowRight", "Jour ou semaine d’après", click="#agenda-apres"),
        shortcut("j", "Voir le jour", click="#agenda-jour"),
        shortcut("s", "Voir la semaine", click="#agenda-semaine"),
        shortcut("l", "Voir la liste", click="#agenda-liste"),
        shortcut("p", "Imprimer la liste", click="#agenda-imprimer"),
        shortcut("a", "Entrer dans l’agenda", focus=".agenda-body button[tabindex='0']"),
        shortcut("d", "Déplacer un rendez-vous (flèches, L\u00a0: libre suivant, Entrée)", focus=".agenda-body button[tabindex='0']"),
        rx.cond(AppointmentState.status != "", shortcut("Escape", "Fermer le rendez-vous", AppointmentState.close)),
        shortcut("1", "Prendre un créneau (1 à 6)", click="#creneau-1", bar=True),
        *[shortcut(number, "", click=f"#creneau-{number}") for number in "23456"],
    ]


def _waiting() -> rx.Component:
    return loading(skeleton(width="40%", height="24px"), skeleton(height="45dvh"), label="Chargement de l’agenda")
