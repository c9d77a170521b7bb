"""Who may fire an event: `@allow(…)` under `@rx.event`; a handler without it is refused to everyone."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from maiia_pro.kernel.actor import ActorKind

F = TypeVar("F", bound=Callable[..., Any])

RULE: Final = "__maiia_rule__"
UPLOAD: Final = "__maiia_upload__"


class Anyone:
    """Everybody, signed in or not."""


EVERYBODY: Final = frozenset(ActorKind) - {ActorKind.LOCKED}
"""Whoever stands at a locked screen is nobody."""


def allow(*who: ActorKind | type[Anyone]) -> Callable[[F], F]:
    """Let these kinds of actor, or `Anyone`, fire the event; put it under `@rx.event`."""
    if not who:
        raise ValueError("say who may fire the event")
    kinds = EVERYBODY if Anyone in who else frozenset(kind for kind in who if isinstance(kind, ActorKind))

    def mark(handler: F) -> F:
        setattr(handler, RULE, kinds)
        return handler

    return mark


def allow_upload(megabytes: int) -> Callable[[F], F]:
    """Let the handler receive files of this size in all; put it beside `@allow`."""

    def mark(handler: F) -> F:
        setattr(handler, UPLOAD, megabytes * 1024 * 1024)
        return handler

    return mark


def rule_of(handler: Callable[..., Any]) -> frozenset[ActorKind] | None:
    """Tell who may fire a handler's event; None where nobody said."""
    return getattr(handler, RULE, None)


def upload_limit(handler: Callable[..., Any]) -> int:
    """Tell how many bytes a handler may receive; 0 where it takes no files."""
    return getattr(handler, UPLOAD, 0)
