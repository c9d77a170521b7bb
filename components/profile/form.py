"""The fields of one's own public page."""

from typing import Any

import reflex as rx

from components.ui.buttons import button, submit_button
from components.ui.fields import checkbox, select_field, text_area, text_field
from components.ui.files import FileInput
from components.ui.forms import error_summary, form, form_actions, form_row
from components.ui.surfaces import card, card_body
from maiia_pro.practice.pictures import Picture
from maiia_pro.practice.profile_terms import LANGUAGE_LABELS, PAYMENT_LABELS, SECTOR_LABELS, WHEELCHAIR_LABELS
from maiia_pro.practice.profiles import LONGEST
from state.own_profile import PublicProfile as Page
from state.session import SessionState

SECTORS = [(one.value, label or "Ne pas l’indiquer") for one, label in SECTOR_LABELS.items()]
WHEELCHAIRS = [(one.value, label or "Ne pas l’indiquer") for one, label in WHEELCHAIR_LABELS.items()]


def pictures_card() -> rx.Component:
    """Choose the photo and the logo."""
    return card(
        card_body(
            rx.el.div(
                _picture(Picture.PHOTO, "Votre photo", "Retirer la photo", Page.view["photo"], "photo"),
                _picture(Picture.LOGO, "Le logo du cabinet", "Retirer le logo", Page.view["logo"], "brand-logo"),
                class_name="columns",
            ),
        ),
        title="Photo et logo",
    )


def _picture(kind: Picture, label: str, remove: str, address: Any, class_name: str) -> rx.Component:
    return rx.el.div(
        FileInput.create(
            action=f"/api/profile/pictures/{kind.value}",
            label=label,
            hint="JPEG, PNG ou WebP, 5 Mo au plus. Visible dans l’aperçu, publiée avec le reste.",
            accept="image/jpeg,image/png,image/webp",
            on_done=Page.see_pictures,
        ),
        rx.cond(
            address,
            rx.el.div(
                rx.el.img(src=address, alt=f"{label} dans le brouillon", class_name=class_name),
                button(remove, Page.remove(kind.value), icon_name="trash-2", size="small"),
                class_name="row",
            ),
        ),
        class_name="stack",
    )


def profile_form() -> rx.Component:
    """Write everything else; saving shows the preview."""
    return form(
        error_summary(Page.summary),
        card(card_body(_area("Présentation", "presentation", 5), _area("Diplômes et parcours", "diplomas", 3)), title="Qui vous êtes"),
        card(
            card_body(
                select_field(
                    "Convention", "sector", SECTORS, default_value=Page.texts["sector"], optional=True,
                    error=Page.errors.get("sector", ""), key=Page.texts["sector"],
                ),
                _area("Précision sur les honoraires", "fee_note", 2, "Les tarifs de vos motifs s’affichent d’eux-mêmes."),
                _boxes("Moyens de paiement", "paiement", PAYMENT_LABELS),
            ),
            title="Tarifs et paiement",
        ),
        card(card_body(_boxes("Langues", "langue", LANGUAGE_LABELS, legend="visually-hidden")), title="Langues parlées"),
        rx.foreach(Page.sites, _site),
        form_actions(submit_button("Enregistrer et voir l’aperçu")),
        on_submit=Page.save,
        label="Ma page publique",
        draft="page-publique",
        owner=SessionState.account,
        done=Page.saved,
    )  # fmt: skip


def _area(label: str, name: str, rows: int, hint: str = "") -> rx.Component:
    return text_area(
        label, name, default_value=Page.texts[name], rows=rows, hint=hint, optional=name != "presentation", max_length=LONGEST[name],
        error=Page.errors.get(name, ""),
    )  # fmt: skip


def _boxes(title: str, prefix: str, labels: Any, *, legend: str = "legend") -> rx.Component:
    boxes = [checkbox(label, f"{prefix}-{one}", default_checked=Page.ticked[f"{prefix}-{one}"]) for one, label in labels.items()]
    return rx.el.fieldset(rx.el.legend(title, class_name=legend), rx.el.div(*boxes, class_name="boxes"), class_name="field")


def _site(site: Any) -> rx.Component:
    def field(name: str) -> dict[str, Any]:
        error = Page.errors.get(f"{name}-" + site["key"].to(str), "")
        return {"name": f"{name}-{site['key']}", "default_value": site[name].to(str), "error": error, "optional": True}

    def line(label: str, name: str, hint: str = "") -> rx.Component:
        return text_field(label, hint=hint, max_length=LONGEST[name], **field(name))

    return card(
        card_body(
            select_field("Fauteuil roulant", options=WHEELCHAIRS, key=site["wheelchair"], **field("wheelchair")),
            form_row(line("Étage", "floor"), line("Ascenseur", "lift")),
            form_row(line("Parking", "parking"), line("Transports", "transport", "Par exemple tram 2, arrêt Mairie")),
            text_area("Comment venir", rows=2, max_length=LONGEST["directions"], **field("directions")),
        ),
        title=rx.Var.create("Accès\u00a0: ") + site["name"].to(str),
    )
