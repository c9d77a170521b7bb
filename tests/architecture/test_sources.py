"""What the sources must and must not hold."""

import json
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from maiia_pro.settings import Settings
from tests.tools import licences
from tests.tools.run import listed

pytestmark = pytest.mark.architecture

PROJECT = Path(__file__).parents[2]
SHIPPED = ("maiia_pro", "components", "state", "hardware_bridge", "alembic", "assets")
TEXTS = {".py", ".js", ".jsx", ".css", ".html", ".json", ".svg", ".webmanifest", ".mako"}

OURS = {"localhost", "127.0.0.1", "0.0.0.0"}  # noqa: S104 - compared, not bound
NAMES_NOT_ADDRESSES = {
    "www.w3.org",  # XML namespaces
    "hl7.org",  # identifiers of FHIR R4
    "terminology.hl7.org",
    "interop.esante.gouv.fr",  # identifiers of the French profiles
    "rpps.esante.gouv.fr",  # system of the national number
    "fhir-registry.smarthealthit.org",  # SMART's extension
    "schema.org",  # the vocabulary of structured data
    "www.sitemaps.org",  # XML namespace
    "calendarserver.org",  # XML namespace of a calendar's tag
    "scripts.sil.org",  # the licence of the font
}
RESERVED = (".invalid", ".example", ".exemple.fr", "exemple.fr")


def shipped_texts() -> list[Path]:
    return [
        file
        for folder in SHIPPED
        for file in sorted((PROJECT / folder).rglob("*"))
        if file.suffix in TEXTS and "__pycache__" not in file.parts and "external" not in file.parts
    ]


def test_imports_point_down():
    """In a process of its own: import-linter silences the loggers of the process it runs in."""
    program = Path(sys.executable).parent / "lint-imports"
    linted = subprocess.run([str(program), "--no-logo"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def test_the_folder_of_migrations_is_no_package():
    """With an `__init__.py` it would stand in for the library of the same name."""
    assert list((PROJECT / "alembic").rglob("__init__.py")) == []


def test_nothing_shipped_names_another_machine():
    strangers = {
        f"{file.relative_to(PROJECT)}: {host}"
        for file in shipped_texts()
        for host in re.findall(r"(?:https?|wss?)://([A-Za-z0-9][A-Za-z0-9.-]*)", file.read_text())
        if host not in OURS | NAMES_NOT_ADDRESSES and not host.endswith(RESERVED)
    }
    assert strangers == set()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_index_and_every_file_by_its_hash(name):
    text = (PROJECT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^--?(index|find|extra|trusted)", text, re.MULTILINE)
    pinned = re.findall(r"^[a-z0-9][\w.-]*==\S+ \\$", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_what_is_asked_for_is_locked(name):
    asked = {
        re.split(r"[\[=<>~!; ]", line.strip())[0].lower().replace("_", "-").replace(".", "-")
        for line in (PROJECT / f"{name}.in").read_text().splitlines()
        if line.strip() and not line.startswith(("-", "#"))
    }
    found = re.findall(r"^([a-z0-9][\w.-]*)==", (PROJECT / f"{name}.lock").read_text(), re.MULTILINE)
    assert asked <= {package.replace("_", "-").replace(".", "-") for package in found}


@pytest.mark.parametrize("python", ["3.11.0", "3.11.2", "3.12.0", "3.13.0", "3.14.0"])
def test_the_locks_are_whole_for_every_python(python):
    """What a library needs only on another Python must be there too: pip refuses a hole in a list with hashes."""
    environment = default_environment() | {"python_full_version": python, "python_version": ".".join(python.split(".")[:2]), "extra": ""}
    for name in ("requirements.lock", "requirements-dev.lock"):
        locked = set(map(canonicalize_name, re.findall(r"^([a-z0-9][\w.-]*)==", (PROJECT / name).read_text(), re.MULTILINE)))
        needed = {
            canonicalize_name(need.name)
            for library in distributions()
            if canonicalize_name(library.name) in locked
            for need in map(Requirement, library.requires or [])
            if need.marker is None or need.marker.evaluate(environment)
        }
        assert needed <= locked


def test_the_lock_of_the_front_end_names_no_address_to_fetch_from():
    packages = json.loads((PROJECT / "reflex.lock" / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in packages.items() if name and not package.get("link"))


def test_the_list_of_licences_is_what_the_locks_bring():
    """Run `python -m tests.tools.licences` where it is not."""
    assert licences.PAGE.read_text(encoding="utf-8") == licences.page()


def test_no_library_that_runs_is_under_the_gpl():
    known = licences.of_the_server() | licences.of_the_pages()
    assert [name for name, one in known.items() if re.search(r"(?<!L)A?GPL|(?<!Lesser )General Public|\?|unknown", one)] == []


def test_the_list_of_requirements_is_whole():
    assert sorted(listed()) == list(range(1, 248))


def test_every_setting_is_explained_to_the_operator():
    page = (PROJECT / "docs" / "operator.md").read_text()
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in page] == []


ASVS_REASONS = ("by construction: ", "not applicable: ", "left to the installation: ", "not yet: ")


def test_every_line_of_the_security_standard_names_a_test_that_is_there_or_says_why_not():
    rows = re.findall(r"^\| (V[\d.]+) \| [12] \| [^|]+ \| (.+) \|$", (PROJECT / "docs" / "asvs.md").read_text(), re.MULTILINE)
    assert len(dict(rows)) == len(rows) == 253
    wrong = []
    for number, shown in rows:
        file, _, name = shown.strip("`").partition("::")
        there = PROJECT / file
        named = shown.startswith("`tests/") and there.is_file() and (not name or f"def {name}(" in there.read_text())
        wrong += [] if named or shown.startswith(ASVS_REASONS) else [f"{number} {shown}"]
    assert wrong == []
