"""A practitioner's public page in words: what search engines, previews and browsers without scripts read of it."""

import json
from html import escape
from typing import Any, Final

from maiia_pro.agenda.directory import PractitionerPage, SiteView
from maiia_pro.kernel.french import phone
from maiia_pro.practice.profile_terms import LANGUAGE_LABELS, PAYMENT_LABELS, SECTOR_HINTS, SECTOR_LABELS, listed
from maiia_pro.practice.profiles import SiteAccess

FIRST_READ: Final = "premiere-lecture"
LEGAL: Final = (
    ("Mentions légales", "/mentions-legales"),
    ("Données personnelles", "/donnees-personnelles"),
    ("Conditions d’utilisation", "/conditions"),
    ("État du service", "/etat"),
    ("Plan du site", "/plan-du-site"),
    ("Accessibilité\u00a0: partiellement conforme", "/accessibilite"),
)
"""The links of the foot, as the application draws them."""
DESCRIBED: Final = 160
"""Of a description, in characters: search engines show no more."""
_PICTURE: Final = "/icons/icon-512.png"
_IN_SCRIPT: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def title_of(page: PractitionerPage) -> str:
    """Name the page, as the application does once it runs."""
    return f"{page.card.name}, {page.card.specialty} · Maiia Pro"


def head_of(page: PractitionerPage, base_url: str) -> str:
    """Write the elements of the head: title, description, canonical address, preview, structured data, and the script of the switch."""
    address = f"{base_url}/medecin/{page.card.slug}"
    title, description = title_of(page), _description(page)
    preview = {
        "og:type": "profile", "og:site_name": "Maiia Pro", "og:locale": "fr_FR", "og:title": title, "og:description": description,
        "og:url": address, "og:image": f"{base_url}{_PICTURE}",
    }  # fmt: skip
    return "".join(
        [
            f"<title>{escape(title)}</title>",
            f'<meta name="description" content="{escape(description)}"/>',
            f'<link rel="canonical" href="{escape(address)}"/>',
            *[f'<meta property="{name}" content="{escape(value)}"/>' for name, value in preview.items()],
            f'<script type="application/ld+json">{_in_script(structured(page, address))}</script>',
            f"<style>{_ONE_AT_A_TIME}</style>",
            '<script src="/first-read.js" defer=""></script>',
        ]
    )


def _description(page: PractitionerPage) -> str:
    cities = " et ".join(dict.fromkeys(site.city for site in page.card.sites))
    who = f"{page.card.name}, {page.card.specialty}" + (f" à {cities}" if cities else "")
    does = "prenez rendez-vous en ligne" if page.card.has_online_booking else "adresse et téléphone du cabinet"
    said = " ".join(f"{who} : {does}. {page.profile.presentation}".split())
    return said if len(said) <= DESCRIBED else said[: DESCRIBED - 1].rsplit(" ", 1)[0] + "…"


def structured(page: PractitionerPage, address: str) -> dict[str, Any]:
    """Describe the practitioner in the words of schema.org, without any free time."""
    places = [_place(site) for site in page.card.sites]
    known = {
        "telephone": [site.phone for site in page.card.sites if site.phone],
        "address": [place["address"] for place in places],
        "description": page.profile.presentation,
        "availableLanguage": [LANGUAGE_LABELS[one] for one in page.profile.languages],
        "paymentAccepted": ", ".join(PAYMENT_LABELS[one] for one in page.profile.payments),
    }
    described = {"@context": "https://schema.org", "@type": "Physician", "@id": address, "url": address, "name": page.card.name}
    return described | {"medicalSpecialty": page.card.specialty} | {name: value for name, value in known.items() if value}


def _place(site: SiteView) -> dict[str, Any]:
    address = {
        "@type": "PostalAddress", "name": site.name, "streetAddress": site.street, "postalCode": site.postal_code,
        "addressLocality": site.city, "addressCountry": "FR",
    }  # fmt: skip
    return {"address": address}


def _in_script(content: dict[str, Any]) -> str:
    """Write JSON that cannot end the element it stands in."""
    return json.dumps(content, ensure_ascii=False).translate(_IN_SCRIPT)


def readable(page: PractitionerPage) -> str:
    """Write the page for whoever reads it before the application runs, or without it; laid out as the application lays it out."""
    return "".join(
        [
            f'<div id="{FIRST_READ}" class="roomy public-frame">{_BAR}',
            '<main class="public"><div class="profile-grid"><div class="card card-body stack"><div class="person">',
            f'<span class="avatar avatar-large hue hue-{page.card.hue}" aria-hidden="true">{escape(page.card.initials)}</span>',
            f'<div class="grow"><h1>{escape(page.card.name)}</h1><p class="soft">{escape(page.card.specialty)}</p></div></div>',
            f'<ul class="meta">{"".join(map(_site_line, page.card.sites))}</ul></div>',
            f'<div class="card profile-booking"><div class="loading stack" aria-hidden="true">{_GHOST * 3}</div>',
            f'<noscript><p class="card-body">{_WITHOUT}</p></noscript></div>',
            _more(page),
            f"</div></main>{_foot()}</div>",
        ]
    )


def missing() -> str:
    """Say without scripts that nobody's page is here."""
    return refused("Page introuvable", "Personne n’a de page à cette adresse, ou elle n’est plus publiée.")


def refused(title: str, words: str) -> str:
    """Say without scripts why a page is not shown."""
    said = f'<div class="card card-body stack"><h1>{title}</h1><p>{escape(words)}</p><p><a href="/">Revenir à l’accueil</a></p></div>'
    return f'<noscript><div class="roomy public-frame">{_BAR}<main class="public public-narrow">{said}</main>{_foot()}</div></noscript>'


def _more(page: PractitionerPage) -> str:
    """Say what each thing is, as it is read without the drawing."""
    said = page.profile
    parts = {
        "": said.presentation,
        "Tarifs": "\n".join((SECTOR_LABELS[said.sector], SECTOR_HINTS[said.sector], said.fee_note)),
        "Moyens de paiement": listed(PAYMENT_LABELS[one] for one in said.payments),
        **{f"Accès · {site.name}": "\n".join(said.access.get(site.id, SiteAccess()).lines()) for site in page.card.sites},
        "Langues parlées": listed(LANGUAGE_LABELS[one] for one in said.languages),
        "Diplômes et parcours": said.diplomas,
    }
    written = "".join(map(_part, parts, parts.values()))
    return f'<div class="card card-body stack"><h2>À propos</h2>{written}</div>' if written else ""


def _part(title: str, words: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in words.split("\n") if line.strip())
    heading = f"<h3>{escape(title)}</h3>" if title else ""
    return f"<div>{heading}{lines}</div>" if lines else ""


def _site_line(site: SiteView) -> str:
    where = f"{site.street}, {site.postal_code}\u00a0{site.city}"
    call = f'<br/><a href="tel:{escape(site.phone)}">{escape(phone(site.phone))}</a>' if site.phone else ""
    place = f'<span class="strong">{escape(site.name)}</span><br/>{escape(where)}{call}'
    return f'<li><svg class="icon" aria-hidden="true"><use href="/icons.svg#map-pin"></use></svg><div>{place}</div></li>'


def _foot() -> str:
    links = "".join(f'<li><a href="{href}">{name}</a></li>' for name, href in LEGAL)
    return (
        '<footer class="public-foot"><p>En cas d’urgence, appelez le <a href="tel:15">15</a> ou le <a href="tel:112">112</a>.</p>'
        f'<nav class="legal" aria-label="Informations légales"><ul>{links}</ul></nav></footer>'
    )


_ONE_AT_A_TIME: Final = f"body:has(#{FIRST_READ}.held) .public-frame:not(#{FIRST_READ}),#{FIRST_READ}:not(.held) .loading{{display:none}}"
_WITHOUT: Final = "Pour choisir un créneau ici, autorisez JavaScript dans votre navigateur. Sinon, téléphonez au cabinet."
_GHOST: Final = '<span class="skeleton" style="height:44px"></span>'
_MARK: Final = (
    '<svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="8" fill="var(--accent)"></rect>'
    '<path d="M6.5 20V10.5c0-2 2.4-2.7 3.5-1l4 6 4-6c1.1-1.7 3.5-1 3.5 1V20" fill="none" stroke="var(--on-accent)" stroke-width="2.6" '
    'stroke-linecap="round" stroke-linejoin="round"></path></svg>'
)
"""The mark, as `components.ui.icons` draws it."""
_BAR: Final = f'<header class="public-bar"><a class="brand" href="/">{_MARK}<span>Maiia Pro</span></a></header>'
