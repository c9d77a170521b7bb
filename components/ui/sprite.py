"""Draws `assets/icons.svg` from a folder of Lucide's svg files (npm package `lucide-static`, ISC)."""

import re
import sys
from pathlib import Path

from components.ui.icons import ICON_NAMES

OUTPUT = Path(__file__).parents[2] / "assets" / "icons.svg"
INNER = re.compile(r"<svg[^>]*>(?P<drawing>.*)</svg>", re.DOTALL)


def symbol(name: str, source: str) -> str:
    """Turn one Lucide file into a symbol of the sprite."""
    match = INNER.search(source)
    if match is None:
        raise ValueError(f"not a drawing: {name}")
    drawing = re.sub(r"\s+", " ", match["drawing"]).replace("> <", "><").replace(" />", "/>").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>'


def sprite(folder: Path) -> str:
    """Put every icon in use into one file, in alphabetic order."""
    symbols = "\n".join(symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in sorted(ICON_NAMES))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Lucide, ISC: see lucide-ISC.txt -->\n{symbols}\n</svg>\n'


if __name__ == "__main__":
    OUTPUT.write_text(sprite(Path(sys.argv[1])), encoding="utf-8")
