"""The Firefox of this machine, driven over WebDriver BiDi: Playwright drives none but a build of its own, and Debian has no geckodriver."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from maiia_pro.launcher.waiting import wait_until
from tests.tools import debian

NAMES = ("firefox-esr", "firefox")
SETTINGS = {
    "network.proxy.type": 0,  # straight to the software, whatever the machine's proxy
    "intl.accept_languages": "fr-FR, fr",
    "intl.regional_prefs.use_os_locales": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "sidebar.revamp": False,
}
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "ArrowDown": "\ue015"}
TELLS_REFUSALS = """(tell) => document.addEventListener("securitypolicyviolation",
    (one) => tell(`${one.violatedDirective} ${one.blockedURI} ${one.sourceFile}:${one.lineNumber}`))"""
PATIENCE = 10.0


def find() -> str | None:
    """Path of a Firefox of this machine, or the one named by FIREFOX."""
    given = os.environ.get("FIREFOX")
    if given:
        return given if Path(given).exists() else None
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def ensure() -> str:
    """Find or install Firefox."""
    return debian.ensure(find, "firefox-esr", "Les parcours dans un second navigateur demandent Firefox.")


class Firefox:
    """One browser with a profile of its own; it ends with its owner, however that ends."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="maiia-firefox-"))
        self._printed = self._folder / "printed"
        self.process: subprocess.Popen[bytes] | None = None
        self._closing = ExitStack()
        self._line: ClientConnection | None = None
        self._sent = 0
        self.heard: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _start(self) -> None:
        profile = self._folder / "profile"
        profile.mkdir()
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in SETTINGS.items())
        (profile / "user.js").write_text("\n".join(lines))
        held = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []  # Linux ends it even when the tests are killed
        command = [*held, ensure(), "--headless", "--no-remote", "--profile", str(profile)]
        environment = os.environ | {"HOME": str(self._folder), "TZ": "Europe/Paris", "LANG": "C.UTF-8"}
        with self._printed.open("wb") as printed:
            self.process = subprocess.Popen(
                [*command, "--remote-debugging-port", "0"], env=environment, stdout=printed, stderr=printed, start_new_session=True
            )
        wait_until(lambda: self._address() is not None, 60)
        self._line = self._closing.enter_context(connect(f"{self._address()}/session", max_size=None, proxy=None))
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "script.message"])

    def _address(self) -> str | None:
        assert self.process is not None
        said = self._printed.read_text(errors="replace")
        assert self.process.poll() is None, said
        found = re.search(r"BiDi listening on (ws://\S+)", said)
        return found[1] if found else None

    def stop(self) -> None:
        """End it and all its processes, and forget its profile."""
        self._closing.close()
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send one command and give its answer; what the browser tells meanwhile is kept."""
        assert self._line is not None
        self._sent += 1
        self._line.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._line.recv(timeout=60))
            if said.get("id") == self._sent:
                assert said["type"] == "success", f"{method}: {said['error']}: {said['message']}"
                return said["result"]
            self.heard.append(said)

    def open(self, width: int, height: int = 800, cookie: tuple[str, str] | None = None) -> "Tab":
        """Open a tab that shares nothing with the others, signed in by a cookie of the software."""
        person = self.ask("browser.createUserContext")["userContext"]
        if cookie is not None:
            named = {"name": cookie[0], "value": {"type": "string", "value": cookie[1]}, "domain": "127.0.0.1", "httpOnly": True}
            self.ask("storage.setCookie", cookie=named, partition={"type": "storageKey", "userContext": person})
        tell = {"type": "channel", "value": {"channel": "refused"}}
        self.ask("script.addPreloadScript", functionDeclaration=TELLS_REFUSALS, arguments=[tell], userContexts=[person])
        context = self.ask("browsingContext.create", type="tab", userContext=person)["context"]
        self.ask("browsingContext.setViewport", context=context, viewport={"width": width, "height": height})
        return Tab(self, context)


class Tab:
    """One tab: what a person does in it, and what the browser complains of."""

    def __init__(self, browser: Firefox, context: str) -> None:
        self._browser, self._target = browser, context
        self.clicks = 0

    def goto(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""
        self._browser.ask("browsingContext.navigate", context=self._target, url=address, wait="complete")

    def read(self, expression: str) -> Any:
        """Give the value of an expression of the page."""
        found = self._browser.ask(
            "script.evaluate", expression=f"JSON.stringify({expression})", target={"context": self._target}, awaitPromise=True
        )
        assert found["type"] == "success", found
        value = found["result"].get("value")
        return None if value is None else json.loads(value)

    def until(self, holds: Callable[[], Any], what: str) -> None:
        """Wait until it holds, or say what did not come and what the page shows."""
        try:
            wait_until(lambda: bool(holds()), PATIENCE)
        except TimeoutError:
            raise AssertionError(f"{what}\n{self.read('document.body.innerText')}") from None

    def named(self, role: str, name: str | None = None) -> list[dict[str, Any]]:
        """List what the accessibility tree names so."""
        locator = {"type": "accessibility", "value": {"role": role} | ({"name": name} if name else {})}
        return self._browser.ask("browsingContext.locateNodes", context=self._target, locator=locator)["nodes"]

    def sees(self, text: str) -> None:
        """Wait until the page shows a text."""
        self.until(lambda: self.read(f"document.body.innerText.includes({json.dumps(text)})"), f"« {text} » ne vient pas.")

    def click(self, selector: str) -> None:
        """Click the first element of a selector once it can be reached there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.until(lambda: self.read(f"!!{found} && {found}.checkVisibility()"), f"{selector} ne vient pas.")
        box = self.read(f"({found}.scrollIntoView({{block: 'center', behavior: 'instant'}}), {found}.getBoundingClientRect())")
        place = {"x": round(box["x"] + box["width"] / 2), "y": round(box["y"] + box["height"] / 2)}
        steps = [{"type": "pointerMove", **place}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": steps})
        self.clicks += 1

    def press(self, *keys: str) -> None:
        """Press keys one after the other; a key without a name is a letter."""
        steps = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": steps})

    def _act(self, source: dict[str, Any]) -> None:
        self._browser.ask("input.performActions", context=self._target, actions=[source])

    def complaints(self) -> list[str]:
        """List what the browser complained of in this tab: errors, warnings, and what the policy of contents refused."""
        self.read("1")  # whatever was told before this answer has been heard
        found = []
        for said in self._browser.heard:
            told = said["params"]
            if told.get("source", {}).get("context") != self._target:
                continue
            if said["method"] == "script.message":
                found.append(f"refused: {told['data']['value']}")
            elif said["method"] == "log.entryAdded" and told["level"] in {"error", "warn"}:
                found.append(f"{told['level']}: {told['text']}")
        return found
