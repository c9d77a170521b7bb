"""How long an appointment that a program sends says it lasts: as long as its slot, or the booking is refused."""

from typing import Any

from fhir.resources.R4B.appointment import Appointment as AppointmentModel

from maiia_pro.agenda.slot_state import slot_end
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.api.fhir.reading import read_model
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid


def check_length(actor: Actor, body: dict[str, Any], slot: SlotKey) -> None:
    """See that an end or a duration that was sent is the slot's; raises `Invalid`, `NoSuchSlot`."""
    if not body.keys() & {"end", "minutesDuration"}:
        return
    asked = read_model(AppointmentModel, body)
    ends_at = slot_end(actor, slot)
    if asked.end is not None and asked.end != ends_at:
        raise Invalid(fields={"Appointment.end": "La fin n’est pas celle du créneau. Omettez-la, ou reprenez celle du créneau."})
    if asked.minutesDuration is not None and asked.minutesDuration * 60 != (ends_at - slot.starts_at).total_seconds():
        raise Invalid(
            fields={"Appointment.minutesDuration": "La durée n’est pas celle du créneau. Omettez-la, ou reprenez celle du créneau."}
        )
