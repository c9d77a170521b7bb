"""How an argument is aimed at an object: by its type and its name, so that a new use case is aimed at without a word."""

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final, get_args, get_origin, get_type_hints
from uuid import UUID

from maiia_pro.kernel.ids import uuid7
from tests.walls.filling import Rows, tomorrow

TABLES: Final = {
    "visit": "appointment", "moved": "appointment", "moving": "appointment", "leaving_out": "appointment", "hold": "appointment:hold",
    "also": "appointment",
    "only": "appointment", "reason": "visit_reason", "exception": "opening_exception", "request": "practice_request", "offer": "wish_offer",
    "email": "outgoing_email", "link": "calendar_link", "colleague": "practitioner", "code": "sign_in_code", "owner": "account:delegate",
    "account": "account:delegate", "needs": "resource_kind", "client": "api_client",
    "group": "practitioner_group", "membership": "membership:asked", "session": "account_session", "restriction": "account_restriction",
    "seen": "account_restriction", "delegation": "delegation:replacement", "delivery": "webhook_delivery", "hook": "webhook",
    "program": "api_client", "reset": "factor_reset", "proof": "identity_proof", "change": "account_change",
}  # fmt: skip
"""What an identifier is called where it is not called by its table."""
NOT_OBJECTS: Final = {
    "screen_id": "an open socket, which no table knows",
    "Browser.token": "the cookie of the caller's own browser",
    "mark": "what a message is told apart by, so that it leaves once",
    "after": "a place in the order of identifiers, which no row need bear",
}
OWNERS: Final = {
    "BookedAppointment": "appointment_id", "BookedQuery": "appointment_ids", "RecordQuery": "patient_ids", "PatientView": "patient_id",
    "DeskPractitioner": "practitioner_id", "DeskSite": "site_id",
}  # fmt: skip
"""What the identifier of a record is, where it is only called `id`."""
SECRETS: Final = {
    "slug": ("practitioner", "slug"), "token": ("site_door", "token"), "digest": ("profile_picture", "digest"),
    "client_id": ("api_client", "client_id"),
}  # fmt: skip
"""Texts that name an object."""


class Aim:
    """Makes arguments: all of them at home but for one of them, which is aimed at somebody else's object, or at none."""

    def __init__(self, own: Rows, theirs: Rows, target: str, *, absent: bool) -> None:
        self._own, self._theirs, self._target, self._absent = own, theirs, target, absent
        self.meant: Mapping[str, str] = {}
        """Which rows the names of a use case mean where they do not mean the usual ones."""
        self.given: set[str] = set()
        """The identifiers of theirs that a call named."""
        self.tables: set[str] = set()
        """The tables of what it aimed at."""

    def aims_at(self, path: str) -> bool:
        return self._target in {path, "*"}

    def ident(self, name: str, path: str) -> UUID:
        """Give an identifier of the kind that a name says."""
        if name in NOT_OBJECTS:
            return uuid7()
        table = self.meant.get(name) or table_of(name)
        found = self._theirs.id(table)
        if not self.aims_at(path):
            return self._own.id(table)
        self.given.add(found.hex)
        self.tables.add(table.partition(":")[0])
        return uuid7() if self._absent else found

    def word(self, name: str, path: str) -> str:
        """Give the text that names an object."""
        table, column = SECRETS[name]
        found = str(self._theirs.rows[table][column])
        if not self.aims_at(path):
            return str(self._own.rows[table][column])
        self.tables.add(table)
        return found[:-1] + ("b" if found[-1] == "a" else "a") if self._absent else found


def table_of(name: str) -> str:
    """Tell which table an identifier is of."""
    word = name.removesuffix("s").removesuffix("_id") if name not in TABLES else name
    return TABLES.get(word, word)


def leaves(hint: Any, name: str, path: str) -> list[str]:
    """List the places of an argument that name an object."""
    if _plain(hint) is UUID:
        return [] if name in NOT_OBJECTS else [path]
    if _plain(hint) in {str, object} and name in SECRETS:
        return [path]
    if get_origin(hint) in _UNIONS:
        return leaves(_some(hint), name, path)
    if get_origin(hint) in _ROWS:
        return leaves(get_args(hint)[0], name, path)
    if dataclasses.is_dataclass(hint):
        hints = get_type_hints(hint)
        return [
            leaf
            for field in dataclasses.fields(hint)
            for leaf in leaves(hints[field.name], _called(hint, field.name), f"{path}.{field.name}")
        ]
    return []


def _called(owner: Any, name: str) -> str:
    """Name a field by its owner where it is only called `id` or `ids`, or names nothing there."""
    if f"{owner.__name__}.{name}" in NOT_OBJECTS:
        return f"{owner.__name__}.{name}"
    return OWNERS.get(owner.__name__, name) if name in {"id", "ids"} else name


_UNIONS: Final = (types.UnionType, typing.Union)
_ROWS: Final = (Sequence, Iterable, typing.get_origin(typing.Collection[int]), list, tuple, frozenset, set)
_SIMPLE: Final[dict[Any, Callable[[], Any]]] = {
    bool: lambda: True, int: lambda: 1, str: lambda: "Mot", bytes: lambda: b"", object: lambda: "mot", date: lambda: tomorrow(9).date(),
    datetime: lambda: tomorrow(13), time: lambda: time(9),
}  # fmt: skip


def _plain(hint: Any) -> Any:
    return hint


def _some(hint: Any) -> Any:
    return next(one for one in get_args(hint) if one is not types.NoneType)


def value(  # noqa: PLR0911 - one line a kind of type
    aim: Aim, hint: Any, name: str, path: str, given: Mapping[str, Any], *, optional: bool = False
) -> Any:
    """Make a value of a type; `given` knows by name what types do not say."""
    if name in given and not leaves(hint, name, path):
        found = given[name]
        return found(aim, path) if callable(found) and not isinstance(found, type) else found
    if hint is UUID:
        return aim.ident(name, path)
    if hint in (str, object) and name in SECRETS:
        return aim.word(name, path)
    if get_origin(hint) in _UNIONS:
        there = [leaf for leaf in leaves(hint, name, path) if aim.aims_at(leaf)]
        return None if optional and not there else value(aim, _some(hint), name, path, given)
    if get_origin(hint) in _ROWS:
        return _several(aim, hint, name, path, given, optional=optional)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if dataclasses.is_dataclass(hint):
        return _made(aim, hint, path, given)
    if get_origin(hint) in {dict, Mapping}:
        return {}
    if hint in _SIMPLE:
        return _SIMPLE[hint]()
    raise AssertionError(f"say in tests/walls how {path} is made: {hint}")


def _several(aim: Aim, hint: Any, name: str, path: str, given: Mapping[str, Any], *, optional: bool) -> Any:
    there = [leaf for leaf in leaves(hint, name, path) if aim.aims_at(leaf)]
    kind = get_origin(hint) if get_origin(hint) in {list, tuple, frozenset, set} else list
    return kind([] if optional and not there else [value(aim, get_args(hint)[0], name, path, given)])


def _made(aim: Aim, hint: Any, path: str, given: Mapping[str, Any]) -> Any:
    hints = get_type_hints(hint)
    made = {}
    for field in dataclasses.fields(hint):
        wanted = f"{hint.__name__}.{field.name}"
        has_default = field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING
        optional, name, place = has_default and wanted not in given, _called(hint, field.name), f"{path}.{field.name}"
        if optional and not any(aim.aims_at(leaf) for leaf in leaves(hints[field.name], name, place)):
            continue
        known = {**given, name: given[wanted]} if wanted in given else given
        made[field.name] = value(aim, hints[field.name], name, place, known, optional=optional)
    return hint(**made)
