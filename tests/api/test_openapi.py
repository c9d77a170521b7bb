"""The OpenAPI document says everything there is, and nothing is answered that it does not say."""

import re

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from maiia_pro.api.asgi import all_routes, build_api
from maiia_pro.api.openapi import document
from maiia_pro.api.routing import ANYONE, route
from maiia_pro.identity.cookies import cookie_name
from maiia_pro.kernel.rates import forget_requests
from tests.api.conftest import Program, call
from tests.factories import House, session_token

CHECKS = [
    negative_data_rejection,
    unsupported_method,
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def test_every_route_is_described():
    described = {
        (path, method.upper()) for path, operations in call("GET", "/api/openapi.json").json()["paths"].items() for method in operations
    }
    there = {
        (re.sub(r":\w+\}", "}", declared.path), method) for declared in all_routes() for method in (declared.methods or set()) - {"HEAD"}
    }
    assert described == there


def test_a_route_that_says_nothing_is_noticed():
    silent = route("/silent", lambda request, actor: None, access=ANYONE)
    with pytest.raises(KeyError, match="GET /silent"):
        document([silent])


def test_every_operation_has_a_name_of_its_own():
    names = [one["operationId"] for path in document(all_routes())["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))


def schema():
    return schemathesis.openapi.from_dict(document(all_routes()))


OPERATIONS = [operation.ok() for operation in schema().get_all_operations()]
NAMED = [f"{operation.method.upper()} {operation.path}" for operation in OPERATIONS]


@pytest.fixture
def callers(house: House) -> list[dict[str, str]]:
    """Who calls: mostly a program, else somebody of the desk, or nobody."""
    cookie = f"maiia_session={session_token(house.secretary())}"
    return [Program.of(house).headers] * 4 + [{"cookie": cookie}, {}]


def run_cases(operation, callers, examples: int) -> int:
    """Generate valid and invalid requests of an operation, send them as each caller in turn, check each answer; tells how many."""
    app = build_api()
    checks = [*CHECKS, ignored_auth] if operation.path.startswith("/fhir") else CHECKS
    sent = 0
    asks = operation.body or any(one.name != cookie_name() for one in operation.iter_parameters())  # the session is the caller's
    negative = [schemathesis.GenerationMode.NEGATIVE] if asks else []
    for mode in (schemathesis.GenerationMode.POSITIVE, *negative):

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def check(case) -> None:
            nonlocal sent
            headers = callers[sent % len(callers)]
            sent += 1
            forget_requests()
            case.operation.app = app
            answer = case.call(app=app, headers=headers)
            case.validate_response(answer, checks=checks)

        check()
    return sent


@pytest.mark.integration
@pytest.mark.proof
@pytest.mark.parametrize("operation", OPERATIONS, ids=NAMED)
def test_nothing_is_answered_that_is_not_described(operation, callers, counting):
    sent = run_cases(operation, callers, counting.of(6, 600))
    counting.found("réponses conformes au document OpenAPI", tried=sent, held=sent, operation=f"{operation.method} {operation.path}")
