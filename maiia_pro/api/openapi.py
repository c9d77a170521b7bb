"""The OpenAPI 3.1 document: made of the route table itself, so that no route can be missing."""

import re
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from maiia_pro.api.describe import Body, Operation, Parameter, Schema, closed, json_body, text, thing
from maiia_pro.api.fhir.documents import SCHEMAS
from maiia_pro.api.routing import ANYONE, PROGRAMS, SIGNED_IN, GuardedRoute, route
from maiia_pro.identity.api_clients import KNOWN_SCOPES
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.actor import Actor, ActorKind

VERSION = "1.0.0"
ERROR: Schema = closed(
    thing(
        ("code", "message", "fields"),
        code=text(),
        message=text(),
        fields={"type": "object", "additionalProperties": {"type": "string"}},
    )
)


def document(routes: list[GuardedRoute]) -> dict[str, Any]:
    """Describe every method of every route; raises `KeyError` naming a route that says nothing of itself."""
    paths: dict[str, dict[str, Any]] = {}
    for declared in routes:
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", declared.path)
        for method in sorted((declared.methods or set()) - {"HEAD"}):
            if declared.describes is None:
                raise KeyError(f"{method} {declared.path}")
            paths.setdefault(path, {})[method.lower()] = _operation(declared, method, declared.describes)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Maiia Pro", "version": VERSION, "description": "Toutes les routes HTTP, sauf les pages."},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": SCHEMAS | {"Error": ERROR}, "securitySchemes": _security_schemes()},
    }


def _security_schemes() -> dict[str, Any]:
    scopes = dict.fromkeys(sorted(KNOWN_SCOPES), "")
    return {
        "program": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes}}},
        "session": {"type": "apiKey", "in": "cookie", "name": cookie_name()},
    }


def _operation(declared: GuardedRoute, method: str, said: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{declared.name}-{method}".lower().replace("_", "-"),
        "summary": declared.summary.splitlines()[0],
        "tags": [said.tag],
        "responses": {str(status): _body(body) for status, body in sorted(said.answers.items())},
        "security": _security(declared),
    }
    if said.parameters:
        described["parameters"] = [_parameter(one) for one in said.parameters]
    if said.request:
        content = {kind: {"schema": schema} for kind, schema in said.request.content.items()}
        described["requestBody"] = {"description": said.request.about, "required": said.request_required, "content": content}
    return described


def _security(declared: GuardedRoute) -> list[dict[str, list[str]]]:
    if ActorKind.ANONYMOUS in declared.access:
        return []
    ways = (("program", PROGRAMS), ("session", SIGNED_IN))
    return [{name: []} for name, kinds in ways if declared.access & kinds]


def _parameter(said: Parameter) -> dict[str, Any]:
    return {"name": said.name, "in": said.place, "required": said.required, "description": said.about, "schema": said.schema}


def _body(said: Body) -> dict[str, Any]:
    described: dict[str, Any] = {"description": said.about}
    if said.content:
        described["content"] = {kind: {"schema": schema} for kind, schema in said.content.items()}
    if said.headers:
        described["headers"] = {name: {"schema": {"type": "string"}, "required": True} for name in said.headers}
    return described


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    from maiia_pro.api.asgi import all_routes

    return document(all_routes())


async def describe(_request: Request, _actor: Actor) -> Response:
    """Describe every HTTP route (OpenAPI 3.1)."""
    return JSONResponse(_document())


_SELF = Operation({200: json_body("Le document OpenAPI.", thing(("openapi", "paths"), openapi=text(), paths={"type": "object"}))})
routes: list[GuardedRoute] = [route("/api/openapi.json", describe, access=ANYONE, identify=False, describes=_SELF)]
