"""Every use case, found by its first argument, and the object that each of its arguments may be aimed at."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_type_hints

import maiia_pro
from maiia_pro.kernel.actor import Actor
from tests.walls.aims import Aim, leaves, value
from tests.walls.given import GIVEN, MEANT

ELSEWHERE: Final = frozenset({"api", "cli", "demo", "kernel", "launcher", "maiia_pro", "routes"})
"""Packages without use cases: routes have walls of their own, and the kernel decides nothing about anybody."""


@dataclass(frozen=True)
class Case:
    """A use case, and what its arguments are."""

    name: str
    function: Callable[..., Any]
    hints: Mapping[str, Any]
    optional: frozenset[str]

    @property
    def targets(self) -> list[str]:
        """The places that name an object; a use case without one is aimed at as a whole."""
        found = [leaf for name, hint in self.hints.items() for leaf in leaves(hint, name, name)]
        return [*found, *(["*"] if len(found) > 1 else [])] or [""]

    def arguments(self, aim: Aim) -> dict[str, Any]:
        """Make the arguments."""
        given, aim.meant = GIVEN.get("*", {}) | GIVEN.get(self.name, {}), MEANT.get(self.name, {})
        wanted = {
            name: hint for name, hint in self.hints.items() if name not in self.optional or name in given or self._is_aimed(aim, name)
        }
        return {name: value(aim, hint, name, name, given, optional=name in self.optional) for name, hint in wanted.items()}

    def _is_aimed(self, aim: Aim, name: str) -> bool:
        return any(aim.aims_at(leaf) for leaf in leaves(self.hints[name], name, name))


@cache
def cases() -> dict[str, Case]:
    """Give every use case by `package.module:name`."""
    return {case.name: case for case in _found()}


def _found() -> Iterator[Case]:
    for found in pkgutil.walk_packages(maiia_pro.__path__, "maiia_pro."):
        if found.name.split(".")[1] in ELSEWHERE:
            continue
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            if inspect.isfunction(function) and not name.startswith("_") and function.__module__ == found.name:
                yield from _case(f"{found.name.removeprefix('maiia_pro.')}:{name}", function)


def _case(name: str, function: Callable[..., Any]) -> Iterator[Case]:
    parameters = list(inspect.signature(function).parameters.values())
    hints = get_type_hints(function)
    if parameters and parameters[0].name == "actor" and hints.get("actor") is Actor:
        optional = frozenset(one.name for one in parameters if one.default is not inspect.Parameter.empty)
        yield Case(name, function, {one.name: hints[one.name] for one in parameters[1:]}, optional)
