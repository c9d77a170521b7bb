"""A field that takes a file and sends it at once."""

import reflex as rx


class FileInput(rx.Component):
    """Asks for a file and sends it to `action`; what is wrong with it stands beside the field."""

    library = f"$/public{rx.asset('file_input.jsx', shared=True)}"
    tag = "FileInput"

    action: rx.Var[str]
    label: rx.Var[str]
    hint: rx.Var[str]
    accept: rx.Var[str]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]
