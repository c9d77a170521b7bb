"""Parts that several frames share: account menu, legal links, announcements, the dialog of shortcuts."""

import reflex as rx

from components.account.native import LockWatch
from components.layout.values import LEGAL_LINKS, PLAN, NavEntry, Viewer
from components.ui.buttons import button, icon_button, link, link_button
from components.ui.icons import brand_mark, icon
from components.ui.keys import shortcut, shortcut_map
from components.ui.kinds import Child, Text, either, shown
from components.ui.layers import dialog, menu, menu_item, menu_line, opens_menu
from components.ui.marks import avatar, visually_hidden
from components.ui.messages import banner, toasts
from components.ui.native import Arrival, Deadline
from components.ui.theme import theme_items
from maiia_pro.kernel.actor import ActorKind
from state.account_notices import AccountNotices
from state.announcements import Announcements
from state.releases import NEWS, Releases
from state.session import SessionState

CONTENT = "contenu"
SHORTCUTS = "raccourcis"
SIGN_OUT = "/deconnexion"
PIN = "/compte/code-pin"
ROLE = "/compte/role"
DETAILS = "/compte/informations"
SECURITY = "/compte/securite"
_ACCOUNT_MENU = "menu-compte"


def brand(home: Text = "/", *, words: bool = True) -> rx.Component:
    """Draw the mark that leads home."""
    return link(
        rx.fragment(brand_mark(), rx.el.span("Maiia Pro") if words else rx.fragment()),
        home,
        class_name="brand",
        aria_label="Maiia Pro, accueil",
    )


def legal_links(*, plan: bool = True) -> rx.Component:
    """Draw the links that the law wants one click away from every page, and the plan of the site; short on a phone's professional page."""

    def one(name: str, short: str, href: str) -> rx.Component:
        if name == short:
            return rx.el.li(link(name, href))
        return rx.el.li(link(rx.fragment(rx.el.span(name, class_name="long"), rx.el.span(short, class_name="short")), href))

    return rx.el.nav(
        rx.el.ul(*[one(*entry) for entry in LEGAL_LINKS if plan or entry[2] != PLAN]),
        class_name="legal",
        aria_label="Informations légales",
    )


def announcements() -> rx.Component:
    """Draw the messages that the server sends to this page."""
    return toasts(Announcements.toasts, on_dismiss=Announcements.dismiss, on_action=Announcements.act)


def _entry(entry: NavEntry) -> rx.Component:
    return shown(entry.shown, menu_item(entry.label, href=entry.href, icon_name=entry.icon))


def account_menu(viewer: Viewer) -> rx.Component:
    """Draw the menu of the account: its pages, the theme, the way out."""
    return menu(
        *[_entry(entry) for entry in (*viewer.entries, *viewer.account)],
        *([menu_line()] if viewer.entries else []),
        *theme_items(),
        menu_line(),
        shown(
            SessionState.lock_minutes > 0,
            menu_item("Verrouiller l’écran", icon_name="lock", keys="Alt Maj V", data_lock="oui"),
            menu_item("Code PIN", href=PIN, icon_name="keyboard"),
        ),
        shown(SessionState.several, menu_item("Changer de rôle", href=ROLE, icon_name="users")),
        shown(
            SessionState.signed_in & (SessionState.kind != ActorKind.PATIENT.value),
            menu_item("Mes informations", href=DETAILS, icon_name="user"),
        ),
        menu_item("Sécurité", href=SECURITY, icon_name="shield-check"),
        menu_item("Nouveautés", href=NEWS, icon_name="info"),
        menu_item("Se déconnecter", viewer.sign_out, href="" if viewer.sign_out else SIGN_OUT, icon_name="log-out"),
        menu_item("Se déconnecter partout", href="/deconnexion?partout", icon_name="ban"),
        identifier=_ACCOUNT_MENU,
        label="Compte et affichage",
    )


def account_button(viewer: Viewer) -> rx.Component:
    """Draw who is signed in; opens the account menu."""
    return rx.el.button(
        visually_hidden("Compte : "),
        avatar(viewer.initials, hue=viewer.hue),
        rx.el.span(
            rx.el.span(viewer.name, class_name="strong"),
            rx.el.span(viewer.detail, class_name="small soft"),
            class_name="account-name",
        ),
        icon("chevron-down", class_name="soft"),
        type="button",
        class_name="account-button",
        **opens_menu(_ACCOUNT_MENU),
    )


def sign_in_or_account(viewer: Viewer) -> rx.Component:
    """Draw the way in, or the account once in."""
    inside = rx.fragment(account_button(viewer), account_menu(viewer))
    outside = link_button("Se connecter", "/connexion", icon_name="log-in") if viewer.open_to_all else rx.fragment()
    return either(viewer.signed_in, inside, outside)


def shortcut_dialog() -> rx.Component:
    """Draw the map of shortcuts, opened by `?`."""
    return rx.fragment(
        shortcut("?", "Voir tous les raccourcis", opens=SHORTCUTS, group="Partout", bar=True),
        rx.cond(
            SessionState.lock_minutes > 0,
            shortcut(
                "Alt+Shift+v Ctrl+Alt+l", "Verrouiller l’écran", group="Partout"
            ),  # listed here, heard by LockWatch, even over a dialog
        ),
        dialog(shortcut_map(), identifier=SHORTCUTS, title="Raccourcis clavier", light_dismiss=True, wide=True),
    )


def session_over() -> rx.Component:
    """Say that the session ended, here or on another screen, and how to go on."""
    return dialog(
        rx.el.p(
            "Vous avez été déconnecté, ici ou ailleurs, ou votre accès a changé. Rien de ce qui était affiché n’est resté sur cet appareil."
        ),
        identifier="session-terminee",
        title="Votre session est terminée",
        opened=SessionState.ended,
        on_close=SessionState.go_on,
        alert=True,
        footer=rx.el.div(
            link_button(
                "Se connecter de nouveau", SessionState.again, variant="primary", icon_name="log-in", outside=True, data_autofocus="true"
            ),
            button("Continuer sans compte", closes=True),
            class_name="form-actions",
        ),
    )


def session_ending() -> rx.Component:
    """Warn before the session ends, in time to stay."""
    return dialog(
        Deadline.create(idle=SessionState.idle, until=SessionState.until, on_stay=SessionState.stay),
        identifier="session-bientot-finie",
        title="Votre session finit bientôt",
        alert=True,
        footer=rx.el.div(button("Continuer", closes=True, variant="primary", data_autofocus="true"), class_name="form-actions"),
    )


def release_banner() -> rx.Component:
    """Announce a release to those who were there before it, until they open its page or put the word away."""
    return rx.cond(
        Releases.unread != "",
        banner(
            rx.fragment(rx.el.b("Nouvelle version\u00a0: "), Releases.unread, ". ", link("Voir les nouveautés", NEWS)),
            action=icon_button("x", "Masquer l’annonce", Releases.read),
        ),
    )


def account_banner() -> rx.Component:
    """Say what keeps the account from working, that mail does not arrive or that details want checking, and where to mend it."""
    page = rx.cond(SessionState.kind == ActorKind.PATIENT.value, "/compte", DETAILS)
    unreached = banner(
        rx.fragment(rx.el.b("Vos messages ne vous parviennent plus. "), link("Vérifier votre adresse e-mail", page)), meaning="warning"
    )
    due = banner(rx.fragment(rx.el.b("Vérifiez vos coordonnées. "), link("Dire si tout est exact", DETAILS)))
    unchecked = banner(
        rx.fragment(
            rx.el.b("Profession à vérifier. "),
            link("Voir où cela en est", DETAILS),
        ),
        icon_name="hourglass",
    )
    return rx.fragment(
        rx.cond(AccountNotices.unchecked, unchecked), rx.cond(AccountNotices.unreached, unreached, rx.cond(AccountNotices.check_due, due))
    )


def common() -> rx.Component:
    """Hold what every page carries without showing it."""
    watch = LockWatch.create(minutes=SessionState.lock_minutes, locked=SessionState.locked)
    return rx.fragment(announcements(), session_ending(), session_over(), Arrival.create(), watch)


def main(*children: Child, class_name: str) -> rx.Component:
    """Hold the page's own content, where the skip link lands."""
    return rx.el.main(*children, id=CONTENT, tab_index=-1, class_name=class_name)
