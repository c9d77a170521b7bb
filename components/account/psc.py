"""The way in for health professionals by Pro Santé Connect, where the operator opened it."""

from typing import Final

import reflex as rx

from components.ui.icons import icon
from maiia_pro.identity.psc import PscOver, PscPending, PscSeveral, PscUnknown
from maiia_pro.identity.restrictions import AccountSuspended
from maiia_pro.integrations.psc.refusals import PscAway, PscCancelled, PscNoNumber, PscNotSet, PscRefusal, PscWeak
from maiia_pro.kernel.errors import NotAllowed, Unavailable
from maiia_pro.settings import get_settings

REFUSALS: Final = (
    PscRefusal, PscAway, PscNotSet, PscWeak, PscCancelled, PscNoNumber, PscOver, PscUnknown, PscSeveral, PscPending, AccountSuspended,
    NotAllowed, Unavailable,
)  # fmt: skip
SAYS: Final = {one.code: one.message for one in REFUSALS} | {
    AccountSuspended.code: "Ce compte est fermé par l’exploitant. Le motif est dans l’e-mail que vous avez reçu\u00a0; votre mot de passe "
    f"vous le montre aussi. Pour le contester, écrivez à {get_settings().support_email}.",
}
"""What the page says for each code that the way back brings; why an account is shut never travels in an address."""


class PscSignIn(rx.Component):
    """The button, and why the last try let nobody in."""

    library = f"$/public{rx.asset('psc.jsx', shared=True)}"
    tag = "PscSignIn"

    says: rx.Var[dict[str, str]]


def psc_sign_in() -> rx.Component:
    """Offer Pro Santé Connect; nothing where it is not opened."""
    door = get_settings().psc_door
    if not door:
        return rx.fragment()
    return rx.el.div(
        PscSignIn.create(icon("shield-check"), rx.el.span("S’identifier avec Pro Santé Connect"), says=SAYS),
        rx.el.p(
            "Simulation\u00a0: des professionnels inventés, sur cette machine."
            if door == "simulated"
            else "Médecins et autres professionnels de santé, avec l’e-CPS ou la carte CPS.",
            class_name="small soft",
        ),
        rx.el.p("Ou avec votre mot de passe\u00a0:", class_name="strong"),
        class_name="stack",
    )
