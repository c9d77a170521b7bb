"""Reading resources that programs send: their shape by the FHIR R4B models, refused in French."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeVar

from fhir.resources.R4B.resource import Resource as Model
from pydantic import BaseModel, ValidationError

from maiia_pro.api.fhir.outcomes import BadRequest
from maiia_pro.kernel.errors import Invalid

M = TypeVar("M", bound=Model)

SAID = {
    "missing": "Cet élément est obligatoire.",
    "extra_forbidden": "Cet élément n’existe pas dans cette ressource.",
    "fhir-validation-wrong-resource-type": "Ce n’est pas le type de ressource attendu à cette adresse.",
}


def read_model(model: type[M], body: object) -> M:
    """Read a resource of one type; raises `BadRequest` where it is none, `Invalid` naming each element that does not fit."""
    name = model.__name__
    if not isinstance(body, dict):
        raise BadRequest("Envoyez un objet JSON.")
    if body.get("resourceType") != name:
        raise BadRequest(fields={f"{name}.resourceType": f"Envoyez une ressource {name}."})
    try:
        read: M = model.model_validate(body)
        mistyped = list(_mistyped(body, read, ()))
    except ValidationError as refusal:
        raise Invalid(fields={_path(name, error["loc"]): _said(error["type"]) for error in refusal.errors()[:20]}) from None
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError, ArithmeticError):  # the models trip over some shapes
        raise BadRequest("Cette ressource est illisible.") from None
    if mistyped:
        raise Invalid(fields={_path(name, location): _said("type") for location in mistyped[:20]})
    return read


def _mistyped(sent: Any, read: Any, location: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Find what came as another JSON type than FHIR's: the models take a number for a date, counted in seconds, or a text for a number."""
    if isinstance(sent, dict) and isinstance(read, BaseModel):
        for name, value in sent.items():
            field = f"{name[1:]}__ext" if name.startswith("_") else name
            yield from _mistyped(value, getattr(read, field, None), (*location, name))
    elif isinstance(sent, list) and isinstance(read, list):
        for place, pair in enumerate(zip(sent, read, strict=False)):
            yield from _mistyped(*pair, (*location, place))
    elif read is not None and _json_type(sent) is not _json_type(read):
        yield location


def _json_type(value: Any) -> type:
    if isinstance(value, bool):
        return bool
    if isinstance(value, int | float | Decimal):
        return float
    return dict if isinstance(value, dict | BaseModel) else list if isinstance(value, list) else str


def _path(name: str, location: tuple[Any, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return (name + "".join(parts))[:200]


def _said(kind: str) -> str:
    return SAID.get(kind, "Cet élément n’a pas la forme que FHIR demande.")
