"""Forms that speak to the HTTP API, since only an HTTP answer can set the session cookie."""

from typing import Final

import reflex as rx

_LIBRARY: Final = f"$/public{rx.asset('api_form.jsx', shared=True)}"


class ApiForm(rx.Component):
    """A form posted as JSON; refused, it keeps what was typed; accepted, the page is left by a full navigation."""

    library = _LIBRARY
    tag = "ApiForm"

    action: rx.Var[str]
    label: rx.Var[str]
    token_from_hash: rx.Var[bool]


class OnwardLink(rx.Component):
    """A link that keeps where one was going (`suite`)."""

    library = _LIBRARY
    tag = "OnwardLink"

    href: rx.Var[str]


class SignOut(rx.Component):
    """Ends the session, or asks first when it is to end everywhere."""

    library = _LIBRARY
    tag = "SignOut"

    leaving: rx.Var[str]
    everywhere: rx.Var[str]
    confirm: rx.Var[str]
    back: rx.Var[str]
    failure: rx.Var[str]
