"""Search parameters: what is known, what was given, and the links of the answer."""

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request

from maiia_pro.api.fhir.dates import DateWindow
from maiia_pro.api.fhir.format import Resource, address, base_url
from maiia_pro.api.fhir.limits import DEFAULT_COUNT, LONGEST_VALUE, MOST
from maiia_pro.api.fhir.outcomes import BadParameter
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.ids import parse_id

CONTROLS: Final = frozenset({"_format", "_count", "_cursor", "_pretty"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a search that the resource type knows, in the order given."""

    resource_type: str
    pairs: tuple[tuple[str, str], ...]
    count: int = DEFAULT_COUNT
    cursor: str = ""

    @classmethod
    def read(cls, resource_type: str, known: Iterable[str], pairs: Iterable[tuple[str, str]], *, lenient: bool) -> Self:
        """Keep what is known; raises `BadParameter` on anything else, unless the caller asked for lenience, and on absurd values."""
        kept = []
        for name, value in pairs:
            if name not in CONTROLS and name not in known:
                if lenient:
                    continue
                raise BadParameter(fields={name[:100]: f"Ce paramètre n’est pas proposé. Admis : {', '.join(sorted(known))}."})
            if "\x00" in value or len(value) > LONGEST_VALUE or not value.isprintable():
                raise BadParameter(fields={name: "Cette valeur contient des caractères qui ne peuvent pas être cherchés, ou trop."})
            if value.strip() or name == "_count":
                kept.append((name, value))
        given = dict(kept)
        return cls(resource_type, tuple(kept), _count(given.get("_count")), _decoded(given.get("_cursor", "")))

    def all(self, name: str) -> list[str]:
        """List the values of a parameter; all must hold."""
        return [value for key, value in self.pairs if key == name]

    def one_of(self, name: str) -> list[list[str]]:
        """List the values of a parameter, each as its alternatives (comma)."""
        return [[part.strip() for part in value.split(",") if part.strip()] for value in self.all(name)]

    def dates(self, name: str) -> DateWindow:
        """Read a parameter of type date."""
        return DateWindow.read(name, self.all(name))

    def ids(self, name: str = "_id", types: tuple[str, ...] = ()) -> set[UUID] | None:
        """Read identifiers or references to one of the types; None where the parameter is absent. An id of nothing is no error."""
        return self.meant(name, lambda value: parse_id(unreferenced(value, types)))

    def meant(self, name: str, read: Callable[[str], UUID]) -> set[UUID] | None:
        """Read what the values name, all of them together; `read` raises `NotFound` on what names nothing."""
        found: set[UUID] | None = None
        for alternatives in self.one_of(name):
            some = set()
            for value in alternatives:
                try:
                    some.add(read(value))
                except NotFound:
                    continue
            found = some if found is None else found & some
        return found

    def link(self, cursor: str | None = None) -> str:
        """Give the address of this search, or of its next page."""
        pairs = [(name, value) for name, value in self.pairs if name not in {"_cursor", "_format", "_pretty"}]
        after = self.cursor if cursor is None else cursor
        query = urlencode([*pairs, *([("_cursor", _encoded(after))] if after else [])])
        return f"{base_url()}/{self.resource_type}{'?' if query else ''}{query}"


def unreferenced(value: str, types: tuple[str, ...]) -> str:
    """Take the id out of « Patient/<id> », of its absolute address, or of the bare id; raises `NotFound` for another type or server."""
    kind, slash, ident = value.removeprefix(f"{base_url()}/").rpartition("/")
    if slash and kind not in types:
        raise NotFound
    return ident


def _count(value: str | None) -> int:
    if value is None:
        return DEFAULT_COUNT
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise BadParameter(fields={"_count": "Écrivez un nombre entier, 1000 au plus."})
    return min(int(value), MOST)


def _encoded(cursor: str) -> str:
    return base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> str:
    try:
        found = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise BadParameter(fields={"_cursor": "Suivez le lien « next » tel qu’il a été donné."}) from None
    if len(found) > 200 or not found.isprintable():
        raise BadParameter(fields={"_cursor": "Suivez le lien « next » tel qu’il a été donné."})
    return found


def is_lenient(request: Request) -> bool:
    """Tell whether the caller wants unknown parameters passed over (`Prefer: handling=lenient`)."""
    preferences = {part.strip().lower() for line in request.headers.getlist("prefer") for part in line.replace(";", ",").split(",")}
    return "handling=lenient" in preferences


@dataclass(frozen=True, slots=True)
class Page:
    """What a search found: one page, where the next one begins, what was included, and how many there are if that is known."""

    found: list[Resource]
    after: str = ""
    included: list[Resource] = field(default_factory=list)
    total: int | None = None


def bundle(parameters: Parameters, page: Page) -> Resource:
    """Make the searchset."""
    links = [{"relation": "self", "url": parameters.link()}]
    if page.after:
        links.append({"relation": "next", "url": parameters.link(page.after)})
    total = {} if page.total is None else {"total": page.total}
    entries = [_entry(resource, "match") for resource in page.found] + [_entry(resource, "include") for resource in page.included]
    return {"resourceType": "Bundle", "type": "searchset", **total, "link": links} | ({"entry": entries} if entries else {})


def _entry(resource: Resource, mode: str) -> Resource:
    return {"fullUrl": address(resource["resourceType"], resource["id"]), "resource": resource, "search": {"mode": mode}}


def page_of(parameters: Parameters, resources: list[Resource]) -> Page:
    """Cut one page out of a whole list that is in the order of ids."""
    resources.sort(key=lambda resource: resource["id"])
    rest = [resource for resource in resources if resource["id"] > parameters.cursor]
    found = rest[: parameters.count]
    more = len(rest) > len(found) > 0
    return Page(found, found[-1]["id"] if more else "", total=len(resources))
