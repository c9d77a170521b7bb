"""The plan of the site: whole, and true."""

from components.legal.site_plan import PARTS
from maiia_pro.routes import OPERATORS, ROUTES

LISTED = [href for _, _, pages in PARTS for _, href in pages]
STEPS = {
    "/inscription",
    "/activation",
    "/connexion/etape",
    "/nouveau-mot-de-passe",
    "/identifiants-perdus/bloquer",
    "/verrou",
    "/deconnexion",
    "/arrivee",
    "/appel",
    "404",
}
"""Where a link, a code or an act leads, not a choice of one's own; signing up is signing in."""
INSIDE = ("/rendez-vous/", "/demonstration/", "/developpement/")
"""Steps of a booking, and pages that a practice never sees."""


def test_the_plan_lists_each_page_that_one_can_choose_to_go_to_once() -> None:
    chosen = [one.path for one in ROUTES if "[" not in one.path and one.who != OPERATORS]
    assert sorted(LISTED) == sorted(path for path in chosen if path not in STEPS and not path.startswith(INSIDE))


def test_the_plan_calls_each_page_as_its_title_does() -> None:
    titles = {one.path: str(one.title).removesuffix(" · Maiia Pro").lower() for one in ROUTES}
    named = {href: name.lower() for _, _, pages in PARTS for name, href in pages}
    assert {href: name for href, name in named.items() if name not in titles[href] and titles[href] not in name} == {}
