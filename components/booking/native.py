"""What keeps the chosen day in sight."""

import reflex as rx


class ChosenDay(rx.Component):
    """Scrolls the strip of days to the one that is chosen."""

    library = f"$/public{rx.asset('chosen_day.jsx', shared=True)}"
    tag = "ChosenDay"

    day: rx.Var[str]
