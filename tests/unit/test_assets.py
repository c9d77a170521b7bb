"""What is served beside the pages: icons, manifest, worker, styles."""

import json
import re
import struct
from pathlib import Path

from components.legal.cookies import STORED
from components.ui.icons import ICON_NAMES

ASSETS = Path(__file__).parents[2] / "assets"


def text(name: str) -> str:
    """Read a text asset."""
    return (ASSETS / name).read_text(encoding="utf-8")


def test_the_sprite_holds_exactly_the_icons_that_have_a_name() -> None:
    assert set(re.findall(r'<symbol id="([^"]+)"', text("icons.svg"))) == ICON_NAMES


def test_every_icon_is_drawn_somewhere() -> None:
    root = Path(__file__).parents[2]
    sources = [file for folder in ("components", "state") for file in (root / folder).rglob("*") if file.suffix in {".py", ".js", ".jsx"}]
    written = "".join(file.read_text() for file in sources if file.name != "icons.py")
    assert [name for name in sorted(ICON_NAMES) if f'"{name}"' not in written] == []


def test_the_manifest_names_icons_of_the_sizes_that_exist() -> None:
    manifest = json.loads(text("manifest.webmanifest"))
    for icon in manifest["icons"]:
        content = (ASSETS / icon["src"].lstrip("/")).read_bytes()
        if icon["type"] == "image/png":
            assert "x".join(map(str, struct.unpack(">II", content[16:24]))) == icon["sizes"]
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert any(icon["purpose"] == "maskable" for icon in manifest["icons"])


def test_the_worker_keeps_only_the_offline_page_with_what_it_needs_and_the_icons_of_open_pages() -> None:
    kept = json.loads(re.search(r"const KEPT = (\[[^\]]+\])", text("sw.js"))[1])  # type: ignore[index]
    needed = set(re.findall(r'(?:href|src)="(/[^"]+)"', text("offline.html"))) | set(re.findall(r'url\("(/[^"]+)"\)', text("offline.css")))
    assert set(kept) == needed | {"/offline.html", "/icons.svg"}
    assert all((ASSETS / path.lstrip("/")).is_file() for path in kept)
    assert ".put(" not in text("sw.js")


def test_no_asset_calls_another_host() -> None:
    for path in ASSETS.rglob("*"):
        if path.suffix in {".css", ".js", ".html", ".webmanifest"}:
            assert not re.search(r"https?://|url\(\s*[\"']?//", path.read_text(encoding="utf-8")), path


def test_fonts_and_icons_come_with_their_licences() -> None:
    assert "SIL Open Font License" in text("fonts/inter-OFL.txt")
    assert "ISC License" in text("lucide-ISC.txt")


def test_what_scripts_keep_in_the_browser_stands_on_the_page_about_cookies() -> None:
    folder = Path(__file__).parents[2] / "components"
    scripts = [file.read_text(encoding="utf-8") for file in folder.rglob("*.js*")]
    keys = {key for script in scripts for key in re.findall(r"Storage\.setItem\(([A-Z]+),", script)}
    kept = {value for script in scripts for key, value in re.findall(r'const ([A-Z]+) = "([^"]+)"', script) if key in keys}
    assert keys
    assert kept - {name for name, *_ in STORED} == set()
