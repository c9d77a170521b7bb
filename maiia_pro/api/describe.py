"""What a route takes and answers, said beside its declaration; the OpenAPI document is made of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

Schema = dict[str, Any]
JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query (or, with `place`, of the path or a header)."""

    name: str
    about: str
    schema: Schema = field(default_factory=lambda: {"type": "string"})
    place: str = "query"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What a request or an answer carries, by media type."""

    about: str
    content: dict[str, Schema] = field(default_factory=dict)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of a route."""

    answers: dict[int, Body]
    parameters: tuple[Parameter, ...] = ()
    request: Body | None = None
    request_required: bool = True
    tag: str = "service"


def json_body(about: str, schema: Schema, media_type: str = JSON) -> Body:
    """Describe a body of one media type."""
    return Body(about, {media_type: schema})


def named(schema: str) -> Schema:
    """Point to a schema of the document's components."""
    return {"$ref": f"#/components/schemas/{schema}"}


def thing(required: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    """Describe a JSON object."""
    schema: Schema = {"type": "object", "properties": properties}
    return schema | ({"required": list(required)} if required else {})


def closed(schema: Schema) -> Schema:
    """Say that an object has no other properties."""
    return schema | {"additionalProperties": False}


def text(*, most: int | None = None, least: int | None = None, **more: Any) -> Schema:
    """Describe a string."""
    bounds = {"maxLength": most, "minLength": least}
    return {"type": "string"} | {name: value for name, value in bounds.items() if value is not None} | more


def refusals(*statuses: int) -> dict[int, Body]:
    """Describe the refusals of a route that answers JSON."""
    return {status: json_body(REFUSED[status], named("Error")) for status in with_too_slow(statuses)}


def with_too_slow(statuses: Iterable[int]) -> list[int]:
    """Add that a body was too slow where one may be too large."""
    return sorted({*statuses} | ({408} if 413 in statuses else set()))


REFUSED: Final = {
    400: "La demande est illisible.",
    401: "Personne n’est connecté, ou l’identification est fausse.",
    403: "L’acteur n’a pas ce droit.",
    404: "L’élément n’existe pas, ou l’acteur n’a pas à savoir qu’il existe.",
    405: "L’adresse existe et ne connaît pas cette méthode.",
    406: "Aucun des formats acceptés n’est disponible.",
    408: "Le corps n’est pas arrivé à temps.",
    409: "Autre chose est arrivé avant.",
    412: "L’élément a changé depuis qu’il a été lu.",
    413: "Le corps est trop volumineux.",
    415: "Le corps n’est pas du type attendu.",
    422: "Ce qui est demandé n’est pas acceptable.",
    429: "Trop de demandes ; l’en-tête Retry-After dit quand revenir.",
    500: "Une erreur imprévue.",
    503: "Une partie du service ne répond pas.",
}
