"""Nobody acts as somebody else: a session is opened only for who has just proven who they are (requirement 210)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from maiia_pro.api.asgi import all_routes
from maiia_pro.routes import ROUTES

pytestmark = pytest.mark.architecture

PROJECT = Path(__file__).parents[2]
PROVEN = {
    "identity/sign_in.py:sign_in": "by the account's password",
    "identity/codes.py:_use": "by the code that only the account's address or number received",
    "identity/hats.py:wear": "by the session that ends, and their password where they came in as a patient",
    "identity/psc.py:_enter": "by Pro Santé Connect",
    "identity/second_step.py:sign_in_by_passkey": "by a passkey that was unlocked for it",
    "patients/sign_up.py:_insert": "by the code that only the new account's address or number received",
}
MAKES_A_SESSION = {"open_session", "begin", "AccountSession"}
HANDS_OVER = re.compile(r"update\s.*?\sset\s(?:(?!\swhere\s).)*\baccount_id\s*=", re.IGNORECASE | re.DOTALL)
WORDS = re.compile(r"imperson|incarn|sign_in_as|act_as|as_user|en_tant_que|se_connecter_comme|prendre_la_place_de", re.IGNORECASE)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def makers(source: str, where: str) -> set[str]:
    """Name the functions that open a session or put another account's id into one."""
    found = set()
    for node in functions(ast.parse(source)):
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MAKES_A_SESSION:
                found.add(f"{where}:{node.name}")
    return found


def hand_overs(source: str, where: str) -> set[str]:
    """Name the lines that give a row which has an account to another one: an assignment, or an update in SQL or by SQLAlchemy."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else []
        assigned = any(isinstance(one, ast.Attribute) and one.attr == "account_id" for one in targets)
        written = isinstance(node, ast.Constant) and isinstance(node.value, str) and HANDS_OVER.search(node.value)
        built = isinstance(node, ast.Call) and any(one.arg == "account_id" for one in node.keywords) and "update(" in ast.unparse(node.func)
        if assigned or written or built:
            found.add(f"{where}:{ast.unparse(node)[:60]}")
    return found


def python_files() -> list[Path]:
    return [file for folder in ("maiia_pro", "state", "components") for file in sorted((PROJECT / folder).rglob("*.py"))]


def test_a_session_is_opened_only_where_somebody_has_proven_who_they_are():
    where = {file: str(file.relative_to(PROJECT / "maiia_pro")) for file in python_files() if file.is_relative_to(PROJECT / "maiia_pro")}
    found = {one for file, name in where.items() for one in makers(file.read_text(), name)}
    assert found == PROVEN.keys() | {"identity/session_opening.py:open_session", "identity/session_opening.py:begin"}


@pytest.mark.requirement(210)
def test_no_function_route_or_page_lets_one_act_as_another():
    named = {node.name for file in python_files() for node in functions(ast.parse(file.read_text()))}
    paths = {route.path for route in ROUTES} | {route.path for route in all_routes()}
    assert [one for one in named | paths if WORDS.search(one)] == []


def test_a_use_case_that_opened_a_session_for_another_would_be_found():
    sly = "def help_out(actor, other):\n    with transaction() as session:\n        return open_session(session, other)"
    assert makers(sly, "operations/help.py") == {"operations/help.py:help_out"}
    assert WORDS.search("/operateur/incarner")


@pytest.mark.requirement(24)
def test_nothing_that_is_one_account_s_is_given_to_another():
    """The demonstration's practitioners get the accounts that are made after them."""
    files = [file for file in python_files() if not file.is_relative_to(PROJECT / "maiia_pro" / "demo")]
    assert [one for file in files for one in hand_overs(file.read_text(), file.name)] == []


@pytest.mark.parametrize(
    "sly",
    [
        "member.account_id = heir.id",
        "text('update practitioner p set slug = slug, account_id = :heir where p.id = :id')",
        "session.exec(update(Membership).where(Membership.id == ident).values(account_id=heir.id))",
    ],
)
def test_a_line_that_gave_an_account_s_rows_to_another_would_be_found(sly):
    assert hand_overs(sly, "sly.py")
    assert not hand_overs("text('update practitioner set slug = :slug where account_id = :id')", "honest.py")
