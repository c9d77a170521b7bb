"""What keeps the chosen day in sight, and what counts down to the end of a hold."""

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
