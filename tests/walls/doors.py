"""How each HTTP route is aimed at an object; a route that names none says why."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from maiia_pro.agenda.slots import SlotKey
from maiia_pro.api.fhir.format import place_id
from maiia_pro.kernel.ids import uuid7
from tests.walls.filling import PASSWORD, RETURN, Rows, tomorrow

DAY: Final = tomorrow(9).date().isoformat()
DAY_BEFORE: Final = tomorrow(9, -1).date().isoformat()
FHIR: Final = {
    "Practitioner": "practitioner", "PractitionerRole": "", "Location": "site", "HealthcareService": "visit_reason", "Schedule": "",
    "Patient": "patient", "Appointment": "appointment",
}  # fmt: skip
CALENDAR: Final = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Essai//FR
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART:{0}T140000Z
DTEND:{0}T142000Z
SUMMARY:Martin Ida
END:VEVENT
END:VCALENDAR
""".format(DAY.replace("-", ""))
_FHIR_JSON: Final = {"content-type": "application/fhir+json"}


class Object:
    """What a request names: theirs, or nothing."""

    def __init__(self, theirs: Rows, *, absent: bool) -> None:
        self._theirs, self._absent = theirs, absent
        self.tables: set[str] = set()
        self.given: set[str] = set()

    def id(self, table: str) -> str:
        """Give an identifier as addresses hold it."""
        self.tables.add(table)
        self.given.add(self._theirs.id(table).hex)
        return uuid7().hex if self._absent else self._theirs.id(table).hex

    def word(self, table: str, column: str) -> str:
        """Give a text that names a row."""
        self.tables.add(table)
        found = str(self._theirs.rows[table][column])
        return found[:-1] + ("b" if found[-1] == "a" else "a") if self._absent else found

    def fhir(self, table: str) -> str:
        """Give an identifier of a resource; one without a table is of a practitioner at a place."""
        return self.id(table) if table else self.place()

    def place(self) -> str:
        """Give what names a practitioner at a place."""
        return place_id(UUID(self.id("practitioner")), UUID(self.id("site")))

    def slot(self) -> str:
        """Give the key of a slot."""
        self.tables.add("offering")
        offering = uuid7() if self._absent else self._theirs.id("offering")
        return str(SlotKey(offering, tomorrow(13)))


def _appointment(named: Object) -> dict[str, Any]:
    return {
        "resourceType": "Appointment", "status": "booked", "slot": [{"reference": f"Slot/{named.slot()}"}],
        "participant": [{"status": "accepted", "actor": {"reference": f"Patient/{named.id('patient')}"}}],
    }  # fmt: skip


def _cancelled(_named: Object) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "status": "cancelled",
        "participant": [{"status": "accepted", "actor": {"reference": "Patient/x"}}],
    }


def _patch(_named: Object) -> list[dict[str, Any]]:
    return [{"op": "replace", "path": "/status", "value": "cancelled"}]


def _consent(named: Object) -> dict[str, str]:
    who = {"client_id": named.word("api_client", "client_id"), "redirect_uri": RETURN, "response_type": "code"}
    return who | {"code_challenge": "c" * 43, "code_challenge_method": "S256"}


Knock = Callable[[Object], tuple[str, dict[str, Any]]]
_PERIOD: Final = {"du": DAY, "au": DAY}


def _fhir() -> dict[str, Knock]:
    doors: dict[str, Knock] = {}
    for kind, table in FHIR.items():
        doors[f"GET /fhir/{kind}"] = lambda one, k=kind, t=table: (f"/fhir/{k}", {"params": {"_id": one.fhir(t)}})  # type: ignore[misc]
        doors[f"POST /fhir/{kind}/_search"] = lambda one, k=kind, t=table: (f"/fhir/{k}/_search", {"data": {"_id": one.fhir(t)}})  # type: ignore[misc]
        doors[f"GET /fhir/{kind}/{{id}}"] = lambda one, k=kind, t=table: (f"/fhir/{k}/{one.fhir(t)}", {})  # type: ignore[misc]
    return doors


DOORS: Final[dict[str, Knock]] = {
    **_fhir(),
    "GET /fhir/Slot": lambda one: ("/fhir/Slot", {"params": {"schedule": f"Schedule/{one.place()}", "start": f"ge{DAY}"}}),
    "POST /fhir/Slot/_search": lambda one: ("/fhir/Slot/_search", {"data": {"schedule": f"Schedule/{one.place()}", "start": f"ge{DAY}"}}),
    "GET /fhir/Slot/{id}": lambda one: (f"/fhir/Slot/{one.slot()}", {}),
    "POST /fhir/Appointment": lambda one: ("/fhir/Appointment", {"json": _appointment(one), "headers": _FHIR_JSON}),
    "PUT /fhir/Appointment/{id}": lambda one: (
        f"/fhir/Appointment/{one.id('appointment')}",
        {"json": _cancelled(one), "headers": _FHIR_JSON},
    ),
    "PATCH /fhir/Appointment/{id}": lambda one: (
        f"/fhir/Appointment/{one.id('appointment')}",
        {"json": _patch(one), "headers": {"content-type": "application/json-patch+json"}},
    ),
    "GET /api/rendez-vous/{visit}.ics": lambda one: (f"/api/rendez-vous/{one.id('appointment')}.ics", {}),
    "GET /api/agenda/export": lambda one: (
        "/api/agenda/export",
        {"params": {"praticien": one.id("practitioner"), "format": "csv", **_PERIOD}},
    ),
    "GET /api/agenda/chiffres": lambda one: (
        "/api/agenda/chiffres",
        {"params": {"praticien": one.id("practitioner"), "figure": "absences", **_PERIOD}},
    ),
    "GET /api/intake/model": lambda one: ("/api/intake/model", {"params": {"quoi": "patients", "cabinet": one.id("practice")}}),
    **{
        f"POST /api/intake/{act}": lambda one, act=act: (  # type: ignore[misc]
            f"/api/intake/{act}",
            {
                "params": {"quoi": "patients", "cabinet": one.id("practice")},
                "content": "Nom;Prénom;Date de naissance\nMartin;Ida;17/04/1953\n",
                "headers": {"content-type": "text/csv"},
            },
        )
        for act in ("preview", "check", "refused", "run")
    },
    **{
        f"POST /api/intake/calendar/{act}": lambda one, act=act: (  # type: ignore[misc]
            f"/api/intake/calendar/{act}",
            {"params": {"cabinet": one.id("practice")}, "json": {"calendar": CALENDAR, "agenda": one.id("practitioner")}},
        )
        for act in ("check", "refused", "run")
    },
    "GET /images/{digest}.webp": lambda one: (f"/images/{one.word('profile_picture', 'digest')}.webp", {}),
    "GET /api/proofs/{id}": lambda one: (f"/api/proofs/{one.id('identity_proof')}", {}),
    "GET /medecin/{slug}": lambda one: (f"/medecin/{one.word('practitioner', 'slug')}", {}),
    "GET /medecin/{slug}/": lambda one: (f"/medecin/{one.word('practitioner', 'slug')}/", {}),
    "POST /api/caller": lambda one: ("/api/caller", {"json": {"number": one.word("patient", "phone")}}),
    "GET /ical/{token}.ics": lambda one: (f"/ical/{one.word('calendar_feed', 'token_hash')}.ics", {}),
    "POST /api/screen/unlock": lambda one: ("/api/screen/unlock", {"json": {"person": one.id("account"), "pin": "1234"}}),
    "DELETE /api/sessions/{id}": lambda one: (f"/api/sessions/{one.id('account_session')}", {}),
    "DELETE /api/passkeys/{id}": lambda one: (f"/api/passkeys/{one.id('passkey')}", {}),
    "PATCH /api/passkeys/{id}": lambda one: (f"/api/passkeys/{one.id('passkey')}", {"json": {"name": "Mon téléphone"}}),
    **{
        f"POST /api/{path}": lambda one, path=path: (f"/api/{path}", {"json": {"identifier": one.word("account", "email")}})  # type: ignore[misc]
        for path in ("account/lost", "password/forgotten")
    },
    **{
        f"POST /api/{path}": lambda one, path=path: (  # type: ignore[misc]
            f"/api/{path}",
            {"json": {"token": one.word("recovery", "token_hash"), "password": "quatre chevaux bleus dansent"}},
        )
        for path in ("account/lost/block", "password/reset")
    },
    "GET /oauth/authorize": lambda one: ("/oauth/authorize", {"params": _consent(one)}),
    "POST /api/journal": lambda one: ("/api/journal", {"data": {"praticien": one.id("practitioner"), "du": DAY_BEFORE}}),
    "POST /api/account/email": lambda one: (
        "/api/account/email",
        {"json": {"identifier": one.word("account:asked", "email"), "password": PASSWORD}},
    ),
}
OPEN_DOORS: Final = {
    "GET /oauth/authorize": "the link by which a program sends whoever uses it; whose it is comes to light behind a sign-in",
    "GET /images/{digest}.webp": "the pictures of public pages",
    "GET /medecin/{slug}": "a page that everybody reads",
    "GET /medecin/{slug}/": "a page that everybody reads",
    **{
        f"{act} /fhir/{kind}{end}": "what public pages show"
        for kind in ("Practitioner", "PractitionerRole", "Location", "HealthcareService", "Schedule", "Slot")
        for act, end in (("GET", ""), ("POST", "/_search"), ("GET", "/{id}"))
    },
}  # fmt: skip
"""Routes that show what anybody may see."""
_SESSION, _NOTHING = "acts for whoever asks, on nothing that they name", "says something of the software itself"
NO_OBJECT: Final = {
    "GET /_health": _NOTHING, "GET /api/ready": _NOTHING, "GET /metrics": _NOTHING, "GET /api/openapi.json": _NOTHING,
    "GET /robots.txt": _NOTHING, "GET /.well-known/security.txt": _NOTHING,
    "GET /.well-known/oauth-authorization-server": _NOTHING, "GET /fhir/metadata": _NOTHING,
    "GET /fhir/.well-known/smart-configuration": _NOTHING,
    "GET /sitemap.xml": "lists public pages", "GET /sitemap-{part}.xml": "lists public pages",
    "POST /api/session": _SESSION, "DELETE /api/session": _SESSION, "DELETE /api/sessions": _SESSION, "POST /api/session/code": _SESSION,
    "GET /api/session/code": _SESSION, "POST /api/session/code/try": _SESSION, "POST /api/account": _SESSION,
    "POST /api/activation": _SESSION,
    "POST /api/screen/lock": _SESSION, "POST /api/pin": _SESSION,
    **dict.fromkeys(("POST /oauth/token", "POST /oauth/introspect", "POST /oauth/revoke"), "goes by a program's secret: test_programs"),
    **dict.fromkeys(
        (
            "POST /api/session/role", "GET /api/session/step", "POST /api/session/step", "POST /api/session/proof",
            "POST /api/session/passkey", "POST /api/session/psc", "GET /connexion/pro-sante-connect", "POST /api/passkey-challenges",
            "DELETE /api/sessions/others", "POST /api/password", "POST /api/account/block", "POST /api/passkeys",
            "POST /api/authenticator", "POST /api/authenticator/proof", "DELETE /api/authenticator", "POST /api/recovery-codes",
        ),
        _SESSION,
    ),
    "GET /api/password/words": _NOTHING, "GET /api/sessions": "lists one's own", "GET /api/factors": "lists one's own",
    "GET /api/intake/places": "lists one's own",
    "POST /api/agenda/calendar/preview": "fills one's own agenda", "POST /api/agenda/calendar/import": "fills one's own agenda",
    "POST /api/profile/pictures/{kind}": "changes one's own page", "POST /api/proofs": "shows a document of one's own",
    "POST /fhir/Patient": "makes a record in the program's own practice",
    **{
        f"{method} /fhir{rest}": "says that there is nothing there"
        for method in ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT", "TRACE")
        for rest in ("", "/{rest:anything}")
    },
}  # fmt: skip
"""Routes that name nobody's object, with the reason."""
