"""Reading resources that programs send: their shape by the FHIR R4B models, refused in French."""

from typing import Any, TypeVar

from fhir.resources.R4B.resource import Resource as Model
from pydantic import ValidationError

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
    except ValidationError as refusal:
        raise Invalid(fields={_path(name, error["loc"]): _said(error["type"]) for error in refusal.errors()[:20]}) from None
    except (ValueError, TypeError, RecursionError, OverflowError, ArithmeticError):
        raise BadRequest("Cette ressource est illisible.") from None
    return read


def _path(name: str, location: tuple[Any, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location]
    return (name + "".join(parts))[:200]


def _said(kind: str) -> str:
    return SAID.get(kind, "Cet élément n’a pas la forme que FHIR demande.")
