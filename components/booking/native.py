"""What keeps the slots on the page true."""

import reflex as rx


class SlotWatch(rx.Component):
    """Fires `on_change` when the free time of the practitioner (an id) changed anywhere; keeps the chosen day in sight."""

    library = f"$/public{rx.asset('slot_watch.jsx', shared=True)}"
    tag = "SlotWatch"

    practitioner: rx.Var[str]
    day: rx.Var[str]
    on_change: rx.EventHandler[rx.event.no_args_event_spec]
