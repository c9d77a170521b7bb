"""Forms that speak to the HTTP API, since only an HTTP answer can set the session cookie."""

from typing import Final

import reflex as rx

_ASSETS: Final = {name: rx.asset(name, shared=True) for name in ("api_form.jsx", "sign_in_path.jsx")}
_LIBRARY: Final = f"$/public{_ASSETS['api_form.jsx']}"
"""It hands the steps of the path on, so that forms and steps are of one module and share what they know."""


_LOCK: Final = f"$/public{rx.asset('lock.jsx', shared=True)}"


class LockWatch(rx.Component):
    """Leaves for the lock screen: by the key, the button, after minutes without a sign of life, or when told."""

    library = _LOCK
    tag = "LockWatch"

    minutes: rx.Var[int]
    locked: rx.Var[bool]


class LockScreen(rx.Component):
    """Locks on arrival, and opens again by somebody's PIN."""

    library = _LOCK
    tag = "LockScreen"


class ApiForm(rx.Component):
    """A form posted as JSON; refused, it keeps what was typed; accepted, the page is left by a full navigation."""

    library = _LIBRARY
    tag = "ApiForm"

    action: rx.Var[str]
    label: rx.Var[str]
    token_from_hash: rx.Var[bool]


class PasswordMeter(rx.Component):
    """How strong what is typed in the field `controls` is; what is typed stays in the browser."""

    library = f"$/public{rx.asset('password_meter.jsx', shared=True)}"
    tag = "PasswordMeter"
    lib_dependencies: Final[list[str]] = ["@zxcvbn-ts/core@4.2.0"]

    controls: rx.Var[str]


class SignOut(rx.Component):
    """Ends the session, or asks first when it is to end everywhere."""

    library = _LIBRARY
    tag = "SignOut"

    leaving: rx.Var[str]
    everywhere: rx.Var[str]
    confirm: rx.Var[str]
    back: rx.Var[str]
    failure: rx.Var[str]
    again: rx.Var[str]


class SignInPath(rx.Component):
    """The way in, one step at a time; the step is in the address, what one waits for is asked of the server."""

    library = _LIBRARY
    tag = "SignInPath"


class Step(rx.Component):
    """One step of the way: start, code, person or password."""

    library = _LIBRARY
    tag = "Step"

    name: rx.Var[str]


class CameBy(rx.Component):
    """What only those see who came by a number (`sms`) or by an address (`email`)."""

    library = _LIBRARY
    tag = "CameBy"

    way: rx.Var[str]


class CodeSent(rx.Component):
    """Where the code went, and whether it left."""

    library = _LIBRARY
    tag = "CodeSent"


class SimulatedMessage(rx.Component):
    """The message of a code, in a demonstration that sends it to nobody."""

    library = _LIBRARY
    tag = "SimulatedMessage"


class SendAgain(rx.Component):
    """Has another code sent, once the wait is over."""

    library = _LIBRARY
    tag = "SendAgain"
