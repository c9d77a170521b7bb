"""Every use case knows who acts, and asks whether they may."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.architecture

PROJECT = Path(__file__).parents[2]
NO_FEATURES = {
    "kernel": "gives the transactions",
    "launcher": "acts as the owner of the tables, before anybody can sign in",
    "demo": "writes the demonstration's rows",
}
PACKAGES = sorted(
    folder.name for folder in (PROJECT / "maiia_pro").iterdir() if (folder / "__init__.py").exists() and folder.name not in NO_FEATURES
)
OPENING = {"transaction", "reading", "enclosing_transaction"}
ASKING = {"require", "allowed"}

BEFORE_ANY_ACTOR = {
    "identity/api_clients.py:authenticate_client": "says which program knocks, from its secret",
    "identity/api_clients.py:issue_token": "is given the program that has just been recognised",
    "identity/api_clients.py:bearer_of": "makes an actor out of a token",
    "identity/api_grants.py:redeem": "is given the program that has just been recognised",
    "identity/api_grants.py:renew": "is given the program that has just been recognised",
    "identity/api_grants.py:look_at": "is given the program that has just been recognised",
    "identity/api_grants.py:give_up": "is given the program that has just been recognised",
    "identity/session_actor.py:actor_of_hash": "makes an actor out of the hash of a cookie",
    "agenda/feed.py:feed_of_token": "makes its owner out of a secret address",
    "agenda/visit_link.py:actor_of_link": "makes an actor out of the hash of a link's secret",
}
OWN_ALONE = {
    "identity/session_ends.py:sign_out": "ends the session that the actor came with, and no other",
    "identity/session_ends.py:make_way": "ends the session that the actor came with, and no other",
    "identity/idempotency.py:answer_once": "keeps an answer of the program itself; the work that it wraps asks",
    "identity/idempotency.py:check_key": "looks at the keys of the program itself",
}


def called(node: ast.AST) -> set[str]:
    """Names of the functions called inside a node."""
    return {name_of(call) for call in ast.walk(node) if isinstance(call, ast.Call)}


def name_of(call: ast.Call) -> str:
    """Name of the function that is called; empty where it is no name."""
    func = call.func
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def lines(node: ast.AST, names: set[str]) -> list[int]:
    """Lines of the calls of some functions inside a node."""
    return [call.lineno for call in ast.walk(node) if isinstance(call, ast.Call) and name_of(call) in names]


def use_cases() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Public functions that open the database, by `package/file.py:name`."""
    for package in PACKAGES:
        for file in sorted((PROJECT / "maiia_pro" / package).rglob("*.py")):
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_") and called(node) & OPENING:
                    yield f"{file.relative_to(PROJECT / 'maiia_pro')}:{node.name}", node


CASES = dict(use_cases())


@pytest.mark.parametrize("name", sorted(CASES.keys() - BEFORE_ANY_ACTOR.keys()))
def test_a_use_case_is_told_first_who_acts(name):
    arguments = CASES[name].args
    first = (arguments.posonlyargs + arguments.args)[0]
    assert first.arg == "actor"
    assert ast.unparse(first.annotation or ast.Constant(None)) == "Actor"


@pytest.mark.parametrize("name", sorted(CASES.keys() - BEFORE_ANY_ACTOR.keys() - OWN_ALONE.keys()))
def test_a_use_case_asks_whether_the_actor_may_before_it_opens_the_database(name):
    asked, opened = lines(CASES[name], ASKING), lines(CASES[name], OPENING)
    assert asked
    assert min(asked) < min(opened)


def test_the_exceptions_exist():
    assert BEFORE_ANY_ACTOR.keys() | OWN_ALONE.keys() <= CASES.keys()


def test_one_use_case_opens_one_transaction():
    """A second one, opened while the first is open, raises; here only what can be read in the text is looked at."""
    for name, node in CASES.items():
        for block in ast.walk(node):
            if isinstance(block, ast.With) and any(called(item.context_expr) & OPENING for item in block.items):
                inner = {found for child in block.body for found in called(child)}
                assert not inner & OPENING, name
