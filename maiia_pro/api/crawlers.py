"""What search engines are told: which addresses they may read, and which profiles there are."""

from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from maiia_pro.api.describe import Body, Operation, Parameter, refusals, text
from maiia_pro.api.routing import ANYONE, GuardedRoute, network_of, route
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import NotFound
from maiia_pro.kernel.rates import count_request
from maiia_pro.kernel.work import run_blocking
from maiia_pro.practice.published import count_published, published_pages
from maiia_pro.settings import get_settings

FORBIDDEN: Final = (
    "/*?", "/agenda", "/api/", "/appel", "/arrivee", "/activation", "/chiffres", "/compte", "/connexion", "/deconnexion", "/demandes",
    "/demarrage", "/demonstration/", "/developpement/", "/fhir", "/ical/", "/identifiants-perdus", "/inscription", "/live", "/metrics",
    "/mot-de-passe-oublie", "/nouveau-mot-de-passe", "/oauth/", "/operateur", "/remplacements", "/assistance",
    "/cabinet", "/reglages", "/rendez-vous", "/verrou", "/_event",
)  # fmt: skip
"""Free times, results of a search, accounts, the practice's own screens and the interfaces of programs."""
LARGEST_MAP: Final = 50_000
"""Addresses of one map (sitemaps.org)."""
MAPS_PER_MINUTE: Final = 20
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


async def say_robots(_request: Request, _actor: Actor) -> Response:
    """Say which addresses robots may read."""
    lines = ["User-agent: *", *[f"Disallow: {path}" for path in FORBIDDEN], "Crawl-delay: 2", ""]
    return PlainTextResponse("\n".join([*lines, f"Sitemap: {get_settings().base_url}/sitemap.xml", ""]))


async def list_profiles(request: Request, actor: Actor) -> Response:
    """List the published profiles, or the lists of them where one would be too long."""
    count_request(("sitemap", network_of(request)), MAPS_PER_MINUTE)
    count, base_url = await run_blocking(count_published, actor), get_settings().base_url
    if count <= LARGEST_MAP:
        return await run_blocking(_map, actor, 0)
    parts = [f"<sitemap><loc>{escape(base_url)}/sitemap-{part}.xml</loc></sitemap>" for part in range(1, -(-count // LARGEST_MAP) + 1)]
    return _xml(f'<sitemapindex xmlns="{_NAMESPACE}">{"".join(parts)}</sitemapindex>')


async def list_part(request: Request, actor: Actor) -> Response:
    """List one part of the published profiles."""
    count_request(("sitemap", network_of(request)), MAPS_PER_MINUTE)
    part = request.path_params["part"]
    if not part.isdecimal() or len(part) > 6 or not 1 <= int(part) <= -(-await run_blocking(count_published, actor) // LARGEST_MAP):
        raise NotFound
    return await run_blocking(_map, actor, int(part) - 1)


def _map(actor: Actor, part: int) -> Response:
    """Write a map, away from the loop that answers everybody: it may name fifty thousand pages."""
    base_url = escape(get_settings().base_url)
    pages = published_pages(actor, LARGEST_MAP, part * LARGEST_MAP)
    home = [] if part else [f"<url><loc>{base_url}/</loc></url>"]
    urls = [
        f"<url><loc>{base_url}/medecin/{quote(page.slug)}</loc>"
        + (f"<lastmod>{page.at.date().isoformat()}</lastmod>" if page.at else "")
        + "</url>"
        for page in pages
    ]
    return _xml(f'<urlset xmlns="{_NAMESPACE}">{"".join(home + urls)}</urlset>')


def _xml(body: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n', media_type="application/xml")


ROBOTS: Final = Operation({200: Body("Les adresses fermées aux robots (RFC 9309).", {"text/plain": text()})}, tag="annuaire")
_XML: Final = {200: Body("Des adresses de pages publiées (sitemaps.org).", {"application/xml": text()})}
MAP: Final = Operation(_XML | refusals(429), tag="annuaire")
MAP_PART: Final = Operation(
    _XML | refusals(404, 429),
    parameters=(Parameter("part", "Le rang de la partie.", text(least=1, most=6), place="path", required=True),),
    tag="annuaire",
)

routes: list[GuardedRoute] = [
    route("/robots.txt", say_robots, access=ANYONE, identify=False, describes=ROBOTS),
    route("/sitemap.xml", list_profiles, access=ANYONE, identify=False, describes=MAP),
    route("/sitemap-{part}.xml", list_part, access=ANYONE, identify=False, describes=MAP_PART),
]
