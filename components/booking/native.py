"""What keeps the chosen day in sight, what counts down to the end of a hold, and what reads the secret of a link."""

import reflex as rx


class ChosenDay(rx.Component):
    """Scrolls the strip of days to the one that is chosen."""

    library = f"$/public{rx.asset('chosen_day.jsx', shared=True)}"
    tag = "ChosenDay"

    day: rx.Var[str]


class Countdown(rx.Component):
    """Counts down to the end of a hold; `mark` begins it anew."""

    library = f"$/public{rx.asset('countdown.jsx', shared=True)}"
    tag = "Countdown"

    seconds: rx.Var[int]
    mark: rx.Var[str]
    on_end: rx.EventHandler[rx.event.no_args_event_spec]


class LinkToken(rx.Component):
    """Tells the secret that stands behind the `#` of the address, once for each `mark`."""

    library = f"$/public{rx.asset('link_token.jsx', shared=True)}"
    tag = "LinkToken"

    mark: rx.Var[str]
    on_read: rx.EventHandler[rx.event.passthrough_event_spec(str)]
