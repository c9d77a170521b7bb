"""The page of the simulation, where somebody chooses who they are: plain, without a script, and it says what it is."""

from html import escape
from typing import Final
from urllib.parse import urlencode

UNKNOWN: Final = ("10000000009", "Quelqu’un qui n’a pas de compte ici")
FAULTS: Final = (
    ("", "L’identification réussit"),
    ("weak", "L’identification est trop faible (acr)"),
    ("signature", "La réponse est mal signée"),
    ("expired", "La réponse est périmée"),
    ("no_number", "La réponse est sans numéro RPPS"),
    ("broken", "Le service est en panne"),
)
_STYLE: Final = """
body{font:17px/1.5 system-ui,sans-serif;margin:0;background:#f3f5f7;color:#14202b}
main{max-width:34rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:12px}
button,select{font:inherit;width:100%;min-height:44px;margin:.25rem 0;padding:.5rem .75rem;border:1px solid #8795a1;border-radius:8px}
button{text-align:left;background:#fff;cursor:pointer}
button:focus-visible,select:focus-visible{outline:3px solid #0b6e74;outline-offset:2px}
.says{background:#fff4d6;padding:.5rem .75rem;border-radius:8px}
@media(prefers-color-scheme:dark){body{background:#0e151b;color:#e6edf3}main,button,select{background:#17212a;color:inherit}.says{background:#3a2f10}}
"""


def choice_page(asked: dict[str, str], people: list[tuple[str, str]]) -> str:
    """Write the page; `people` are numbers and names, `asked` the request that the choice answers."""
    action = escape(f"/auth?{urlencode(asked)}", quote=True)
    buttons = "".join(
        f'<button name="rpps" value="{escape(rpps)}">{escape(name)} · RPPS {escape(rpps)}</button>' for rpps, name in [*people, UNKNOWN]
    )
    faults = "".join(f'<option value="{value}">{escape(label)}</option>' for value, label in FAULTS)
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Pro Santé Connect (simulation)</title><style>{_STYLE}</style></head><body><main>"
        f'<h1>Pro Santé Connect</h1><p class="says"><strong>Simulation.</strong>'
        " Ces personnes sont inventées, rien ne quitte cette machine.</p>"
        f'<form method="post" action="{action}"><label for="fault">Ce qui arrive</label><select id="fault" name="fault">{faults}</select>'
        f'<p>Qui êtes-vous&nbsp;?</p>{buttons}<button name="cancel" value="1">Annuler</button></form></main></body></html>'
    )
