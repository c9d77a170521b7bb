"""A professional page as somebody sees it who is not of a practice: no desk around it, only the way back."""

import reflex as rx

from components.account.viewer import viewer
from components.layout.public import public_page
from components.ui.buttons import link_button
from components.ui.kinds import Flag, Text
from components.ui.states import not_allowed
from state.session import SessionState


def unless_refused(page: rx.Component, title: Text, message: Text, *, refused: Flag = SessionState.forbidden) -> rx.Component:
    """Show the page, or to those it is not for, in the public frame, whose it is."""
    way_back = link_button("Revenir à l’accueil", SessionState.home)
    return rx.cond(refused, public_page(title, not_allowed(way_back, message=message), viewer=viewer(), narrow=True), page)
