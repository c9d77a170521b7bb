"""What the OAuth routes take, answer and refuse, for the OpenAPI document and in the words of RFC 6749."""

from maiia_pro.api.describe import Body, Operation, Parameter, closed, json_body, refusals, text, thing

FORM = "application/x-www-form-urlencoded"
GRANT_TYPES = ("client_credentials", "authorization_code", "refresh_token")

# Descriptions are ASCII by RFC 6749, section 5.2.
BAD_CLIENT = "Identifiant ou secret du logiciel incorrect."
BAD_FORM = "Envoyez un formulaire (application/x-www-form-urlencoded), chaque parametre une fois."
BAD_SCOPE = "Au moins un des droits voulus est inconnu ou ferme pour ce logiciel."
BAD_TYPE = "Ce grant_type n'est pas admis ici."
BAD_GRANT = "Ce code ou ce jeton n'est plus valable ; demandez une nouvelle autorisation."
NOT_ALONE = "Ce logiciel n'agit qu'au nom de personnes qui l'autorisent."
NOT_SECURE = "Passez par https ; http simple n'est admis que depuis la machine elle-meme."

SAID = {
    "invalid_client": BAD_CLIENT,
    "invalid_scope": BAD_SCOPE,
    "unsupported_grant_type": BAD_TYPE,
    "invalid_request": BAD_FORM,
    "invalid_grant": BAD_GRANT,
    "unauthorized_client": NOT_ALONE,
}

_ERROR = closed(thing(("error",), error=text(), error_description=text()))
_TOKEN = closed(
    thing(
        ("access_token", "token_type", "expires_in", "scope"),
        access_token=text(),
        refresh_token=text(),
        token_type={"const": "Bearer"},
        expires_in={"type": "integer"},
        scope=text(),
    )
)
_ASKED = thing(
    ("grant_type",),
    grant_type={"enum": list(GRANT_TYPES)},
    scope=text(most=200),
    client_id=text(most=100),
    client_secret=text(most=200),
    code=text(most=200),
    redirect_uri=text(most=500),
    code_verifier=text(most=128),
    refresh_token=text(most=200),
)
_SAYS = {400: "La demande ne convient pas.", 401: BAD_CLIENT, 429: "Trop de demandes.", 500: "Erreur imprévue.", 503: "Indisponible."}
TOKEN = Operation(
    {200: json_body("Un jeton.", _TOKEN)} | {status: json_body(about, _ERROR) for status, about in _SAYS.items()},
    request=json_body("L’identité du logiciel, si l’en-tête Authorization (Basic) ne la dit pas.", _ASKED, FORM),
    tag="OAuth",
)
_ABOUT = json_body(
    "Le jeton, et l’identité du logiciel si l’en-tête ne la dit pas.",
    thing(("token",), token=text(most=200), token_type_hint=text(most=40), client_id=text(most=100), client_secret=text(most=200)),
    FORM,
)
_FOUND = closed(
    thing(
        ("active",),
        active={"type": "boolean"}, scope=text(), client_id=text(), token_type=text(), iat={"type": "integer"}, exp={"type": "integer"},
        sub=text(),
    )
)  # fmt: skip
_REFUSALS = {status: json_body(about, _ERROR) for status, about in _SAYS.items()}
INTROSPECT = Operation({200: json_body("Ce que vaut le jeton.", _FOUND)} | _REFUSALS, request=_ABOUT, tag="OAuth")
REVOKE = Operation({200: Body("Le jeton ne vaut plus rien.")} | _REFUSALS, request=_ABOUT, tag="OAuth")
AUTHORIZE = Operation(
    {303: Body("Vers la page qui demande l’accord, ou vers le logiciel avec ce qui manque.")} | refusals(401, 403, 500, 503),
    parameters=tuple(
        Parameter(name, about)
        for name, about in (
            ("response_type", "« code »."), ("client_id", "L’identifiant du logiciel."), ("redirect_uri", "Une adresse déclarée."),
            ("scope", "Les droits voulus, séparés par des espaces."), ("state", "Rendu tel quel."), ("code_challenge", "PKCE."),
            ("code_challenge_method", "« S256 »."),
        )
    ),
    tag="OAuth",
)  # fmt: skip
METADATA = Operation(
    {200: json_body("La description du serveur.", thing(("issuer", "token_endpoint"), issuer=text(), token_endpoint=text()))}, tag="OAuth"
)
