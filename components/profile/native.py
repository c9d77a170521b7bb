"""The choice of a picture, sent as it is; the server makes it small."""

import reflex as rx


class PictureInput(rx.Component):
    """Asks for a picture file and sends it; what is wrong with it stands beside."""

    library = f"$/public{rx.asset('picture.jsx', shared=True)}"
    tag = "PictureInput"

    kind: rx.Var[str]
    label: rx.Var[str]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]
