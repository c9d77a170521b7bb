"""Documents that show who somebody is: added, listed, opened, taken back."""

from collections.abc import Callable
from typing import Any, Final

import reflex as rx

from components.ui.buttons import button, link
from components.ui.files import FileInput
from state.own_details import OwnDetails as Own
from state.own_details import ProofView

HINT: Final = (
    "Carte professionnelle, diplôme, attestation de l’ordre… PDF ou photo, 5 Mo au plus, trois pièces au plus. Elles sont chiffrées, "
    "lues par l’exploitant seul, et effacées dès la réponse."
)


def proofs_field() -> rx.Component:
    """Let professionals show documents, and take them back."""
    return rx.el.div(
        FileInput.create(
            action="/api/proofs",
            label="Ajouter une pièce justificative (facultatif)",
            hint=HINT,
            accept="application/pdf,image/jpeg,image/png,image/webp",
            on_done=Own.see_proofs,
        ),
        proofs_list(
            Own.proofs,
            lambda one: button("Retirer", Own.remove_proof(one["id"]), size="small", aria_label="Retirer\u00a0: " + one["label"].to(str)),
        ),
        class_name="stack",
    )


def proofs_list(proofs: Any, acts: Callable[[Any], rx.Component]) -> rx.Component:
    """List documents, each a file to open."""
    listed = proofs.to(list[ProofView])
    return rx.cond(
        listed.length() > 0,
        rx.el.ul(
            rx.foreach(
                listed,
                lambda one: rx.el.li(
                    link(one["label"], "/api/proofs/" + one["id"].to(str), outside=True), acts(one), class_name="row wrap"
                ),
            ),
            aria_label="Pièces justificatives",
            class_name="stack",
        ),
    )
