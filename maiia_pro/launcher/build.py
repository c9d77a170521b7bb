"""Builds the front end when its sources changed, so that one build serves any address."""

import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from maiia_pro.kernel.private import open_private, private_folder
from maiia_pro.launcher.processes import Tools
from maiia_pro.settings import Settings

PROJECT = Path(__file__).parents[2]
CLIENT = Path(".web/build/client")
STAMP = Path(".web/build/sources.sha256")
PACKAGES_LOCK = "reflex.lock"
SOURCE_FOLDERS = ("components", "state", "assets", PACKAGES_LOCK)
SOURCE_FILES = (
    "maiia_pro/maiia_pro.py",
    "maiia_pro/routes.py",
    "maiia_pro/kernel/french.py",
    "maiia_pro/operations/releases.py",
    "maiia_pro/requests/tables.py",
    "rxconfig.py",
)
SHOWN_SETTINGS = (
    "operator_name",
    "operator_address",
    "support_email",
    "support_phone",
    "host_name",
    "phone_door",
    "psc_door",
    "demo",
    "simulated_mail",
)
"""Settings whose values are written into the prerendered pages."""

_BAKED = re.compile(r"""(["'`])(http|ws)s?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?(/[^"'`$]*)?\1""")
SAID = {
    "`A new version of this app is available.`": "`Une nouvelle version est en ligne. Finissez, puis rechargez la page.`",
    "textContent=`Reload`": "textContent=`Recharger`",
}
"""Words of Reflex in a page, as its build writes them, and ours."""


class BuildFailure(RuntimeError):
    """The front end could not be built; the message is for the console."""


def sources_hash(settings: Settings, project: Path = PROJECT) -> str:
    """Fingerprint of everything the built pages depend on."""
    return _combined(settings, _fingerprints(project))


def _fingerprints(project: Path) -> dict[str, str]:
    """Fingerprint of each source, by its path."""
    return {str(file.relative_to(project)): hashlib.sha256(file.read_bytes()).hexdigest() for file in _sources(project)}


def _combined(settings: Settings, fingerprints: Mapping[str, str]) -> str:
    shown = {name: getattr(settings, name) for name in SHOWN_SETTINGS}
    whole = {"reflex": version("reflex"), "settings": shown, "sources": dict(sorted(fingerprints.items()))}
    return hashlib.sha256(json.dumps(whole, default=str).encode()).hexdigest()


def is_current(settings: Settings, project: Path = PROJECT) -> bool:
    """Whether the pages on disk were built from the sources on disk."""
    with contextlib.suppress(FileNotFoundError):
        return (project / STAMP).read_text() == sources_hash(settings, project) and (project / CLIENT / "index.html").exists()
    return False


def ensure_built(settings: Settings, log: Path, tools: Tools | None = None, project: Path = PROJECT) -> bool:
    """Build if needed, one process at a time, and tell whether there was something to build."""
    with _alone(project):
        if is_current(settings, project):
            return False
        before = _fingerprints(project)
        (project / STAMP).unlink(missing_ok=True)
        _export(log, project, tools or Tools())
        if not rewrite(project / CLIENT, "reflex-env*.js", relative_to_page):
            message = "La construction des pages n’a pas la forme attendue : l’adresse du serveur n’y est nulle part."
            raise BuildFailure(message)
        if rewrite(project / CLIENT, "*.js", in_french) != len(SAID):
            message = "La construction des pages n’a pas la forme attendue : l’annonce d’une nouvelle version n’y est pas."
            raise BuildFailure(message)
        # A source changed meanwhile asks for another build; the lock of the packages is the build's own to write.
        lock = {name: value for name, value in _fingerprints(project).items() if name.startswith(f"{PACKAGES_LOCK}/")}
        (project / STAMP).write_text(_combined(settings, before | lock))
        return True


def rewrite(client: Path, names: str, change: Callable[[str], tuple[str, int]]) -> int:
    """Rewrite the built scripts of a name, and return how many places were changed."""
    found = 0
    for script in sorted((client / "assets").glob(names)):
        text, count = change(script.read_text())
        if count:
            script.write_text(text)
            packed = script.with_name(script.name + ".gz")
            if packed.exists():
                packed.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        found += count
    return found


def relative_to_page(script: str) -> tuple[str, int]:
    """Rewrite the absolute addresses of a script into expressions of the page's own address (wss under https)."""

    def expression(match: re.Match[str]) -> str:
        origin = "window.location.origin" if match[2] == "http" else 'window.location.origin.replace(/^http/,"ws")'
        return f'{origin}+"{match[3] or ""}"'

    return _BAKED.subn(expression, script)


def in_french(script: str) -> tuple[str, int]:
    """Say in French what Reflex says on top of a page that is older than its server."""
    found = sum(said in script for said in SAID)
    for said, ours in SAID.items():
        script = script.replace(said, ours)
    return script, found


def tool_environment(project: Path = PROJECT) -> dict[str, str]:
    """Environment in which Reflex finds the Node of this installation, and asks nothing of the network but packages."""
    scripts = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONPATH": str(project),
        "REFLEX_USE_NPM": "1",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",  # the lock names packages and hashes, not where they were fetched
        "NPM_CONFIG_FUND": "false",
        "NPM_CONFIG_AUDIT": "false",
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    }
    if "NPM_CONFIG_REGISTRY" not in environment:  # otherwise Reflex measures two public ones and picks the nearer
        asked = subprocess.run(
            [str(scripts / "npm"), "config", "get", "registry"], env=environment, capture_output=True, text=True, check=False
        )
        if asked.returncode == 0 and asked.stdout.strip().startswith("http"):
            environment["NPM_CONFIG_REGISTRY"] = asked.stdout.strip()
    return environment


def _export(log: Path, project: Path, tools: Tools) -> None:
    """Run Reflex's production build, its words going to a log."""
    private_folder(log.parent)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with open_private(log, "w") as file:
        code, _, _ = tools.run(command, folder=project, environment=tool_environment(project), output=file)
    if code:
        tail = "\n".join(log.read_text().splitlines()[-25:])
        message = f"La construction des pages a échoué (journal : {log}).\n{tail}"
        raise BuildFailure(message)


def _sources(project: Path) -> Iterator[Path]:
    """Files that the built pages depend on, in a stable order."""
    for folder in SOURCE_FOLDERS:
        for file in sorted((project / folder).rglob("*")):
            inside = file.relative_to(project).parts
            if file.is_file() and "__pycache__" not in inside and inside[:2] != ("assets", "external"):
                yield file
    yield from (project / name for name in SOURCE_FILES if (project / name).exists())


@contextlib.contextmanager
def _alone(project: Path) -> Iterator[None]:
    """Hold the project's folder for oneself: two starts share one build."""
    handle = os.open(project, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
