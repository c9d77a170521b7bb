"""What the page that confirms a booking shows, in words."""

from typing import Final, TypedDict

from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.directory import SlotSummary
from maiia_pro.kernel.french import moment, short_date
from maiia_pro.patients.own import OwnPerson
from state.slots import visit_details


class SlotView(TypedDict):
    """The slot that is about to be booked."""

    when: str
    practitioner: str
    initials: str
    hue: str
    specialty: str
    reason: str
    detail: str
    terms: str
    """What `detail` holds behind the duration."""
    instructions: str
    bring: list[str]
    site: str
    address: str
    back: str


class PersonView(TypedDict):
    """Somebody that the account books for."""

    value: str
    label: str
    detail: str


NOTHING: Final = SlotView(
    when="",
    practitioner="",
    initials="",
    hue="teal",
    specialty="",
    reason="",
    detail="",
    terms="",
    instructions="",
    bring=[],
    site="",
    address="",
    back="/",
)


def person_view(person: OwnPerson) -> PersonView:
    """Write somebody as a choice."""
    born = f"né(e) le {short_date(person.birth_date)}"
    return PersonView(value=person.id.hex, label=person.name, detail=f"Vous, {born}" if person.is_self else born.capitalize())


def slot_view(summary: SlotSummary) -> SlotView:
    """Write a slot as the page shows it."""
    site, card, reason = summary.site, summary.practitioner, summary.reason
    at_home = reason.mode == Mode.VIDEO
    return SlotView(
        when=moment(summary.starts_at, site.zone),
        practitioner=card.name,
        initials=card.initials,
        hue=card.hue,
        specialty=card.specialty,
        reason=reason.name,
        detail=visit_details(reason.duration_minutes, reason.mode, reason.fee_cents),
        terms=visit_details(0, reason.mode, reason.fee_cents).partition(" · ")[2],
        instructions=reason.instructions,
        bring=list(reason.bring),
        site="En vidéo" if at_home else site.name,
        address="Depuis chez vous\u00a0: ne vous déplacez pas." if at_home else f"{site.street}, {site.postal_code}\u00a0{site.city}",
        back=f"/medecin/{card.slug}?motif={reason.offering_id.hex}",
    )
