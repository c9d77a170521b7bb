"""Signing in by Pro Santé Connect: leaving for it, coming back from it, and ending the session there too.

The number of the profession decides, never an e-mail address: whoever is identified enters the account of the practitioner of that RPPS.
Nothing secret is kept of a request under way: state, nonce and verifier are worked out from the browser's cookie and the server's key.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from maiia_pro.identity.browsers import NOWHERE, Browser
from maiia_pro.identity.psc_tables import PscRequest, PscSession
from maiia_pro.identity.restrictions import refusal_of
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_opening import SignedIn, come_to, last_worn, note_browser, open_session
from maiia_pro.identity.tables import Account, AccountSession, AccountStatus
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.integrations.psc.client import Professional, ProSanteConnect
from maiia_pro.integrations.psc.refusals import PscCancelled, PscRefusal
from maiia_pro.kernel import audit, clock, vault
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import MEMBERS, Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.rates import count_request
from maiia_pro.settings import get_settings

LASTS: Final = timedelta(minutes=10)
"""How long somebody may take on the provider's pages."""
PER_MINUTE: Final = 60
"""Most requests that one network may begin."""
RETURNS_TO: Final = "/connexion/pro-sante-connect"
LEAVES_TO: Final = "/deconnexion"
LONGEST_PATH: Final = 2000
"""Room for a page that asks for consent, with all that the program asks."""


class PscOver(PscRefusal):
    """No request of this browser is under way: too old, used already, or begun elsewhere. One answer for all."""

    code = "psc-over"
    message = "Cette demande d’identification n’est plus valable. Recommencez."


class PscUnknown(PscRefusal):
    """The professional is identified, and nobody here has their number."""

    code = "psc-unknown"
    message = "Aucun compte ne porte votre numéro RPPS. Utilisez votre mot de passe, ou demandez un compte à votre cabinet."


class PscSeveral(PscRefusal):
    """The number stands in several accounts, and none was proven to be theirs."""

    code = "psc-several"
    message = "Plusieurs comptes portent votre numéro RPPS. Écrivez à l’assistance, qui trouvera le vôtre."


class PscPending(PscRefusal):
    """The account was never activated."""

    code = "psc-pending"
    message = "Votre compte n’est pas encore activé. Suivez d’abord le lien reçu par e-mail."


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a browser takes along: its cookie's value, and where to go."""

    token: str
    address: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came back, and to which page they wanted; nothing for the account's first one."""

    signed: SignedIn
    leads_to: str


def begin(actor: Actor, leads_to: object, network: str) -> Leaving:
    """Note that a browser leaves for Pro Santé Connect. Raises `TooMany`, `PscNotSet` or `PscAway`."""
    require(actor, Permission.SIGN_IN)
    count_request(("psc", network), PER_MINUTE)
    token, now = new_token(), clock.now()
    address = _provider().address(_secret(token, "state"), _secret(token, "nonce"), _secret(token, "verifier"))
    with transaction() as session:
        session.add(PscRequest(token_hash=token_hash(token), leads_to=_own_path(leads_to), created_at=now, expires_at=now + LASTS))
    return Leaving(token, address)


def finish(actor: Actor, answer: Mapping[str, str], token: str, browser: Browser = NOWHERE) -> Arrived:
    """Let in whoever Pro Santé Connect vouches for; `answer` is what it gave the browser, `token` the browser's cookie.

    Raises `PscOver`, `PscCancelled`, `PscRefusal`, `PscWeak`, `PscNoNumber`, `PscUnknown`, `PscSeveral`, `PscPending`,
    `AccountSuspended`, `PscAway`. The request is used up first: an answer counts once, whatever comes of it.
    """
    require(actor, Permission.SIGN_IN)
    leads_to = _use_up(answer.get("state", ""), token)
    provider = _provider()
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise PscRefusal
    if "error" in answer:
        raise PscCancelled if answer["error"] == "access_denied" else PscRefusal
    found = provider.identify(answer.get("code", ""), _secret(token, "verifier"), _secret(token, "nonce"))
    signed = _enter(actor, found, browser)
    return Arrived(signed, leads_to)


def leave(actor: Actor) -> str:
    """Tell where the actor's browser ends the session at Pro Santé Connect that it came in by; nothing where there is none."""
    if actor.session_id is None:
        return ""
    require(actor, Permission.SIGN_IN)
    with transaction() as session:
        found = session.get(PscSession, actor.session_id)
        if found is None:
            return ""
        session.delete(found)
    return vault.unseal(found.leave, str(actor.session_id))


def delete_old_requests(actor: Actor) -> int:
    """Delete requests that nobody came back from; tells how many."""
    require(actor, Permission.SYSTEM)
    with transaction() as session:
        return session.connection().execute(text("delete from psc_request where expires_at <= :now"), {"now": clock.now()}).rowcount


def _provider() -> ProSanteConnect:
    return ProSanteConnect.of(get_settings(), RETURNS_TO, LEAVES_TO)


def _secret(token: str, about: str) -> str:
    """Work out what goes with a browser's cookie: 64 hexadecimal digits that nobody else can know."""
    return vault.imprint(token, f"psc {about}")


def _own_path(wanted: object) -> str:
    """Keep a path of this very site; anything else leads to the account's first page."""
    path = wanted if isinstance(wanted, str) and len(wanted) <= LONGEST_PATH else ""
    plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if plain and not urlsplit(path).netloc else ""


_USE = text("delete from psc_request where token_hash = :hash and expires_at > :now returning leads_to")


def _use_up(state: str, token: str) -> str:
    """Take the browser's request away and give where it leads; a state of another browser takes nothing. Raises `PscOver`."""
    if not token or not hmac.compare_digest(_secret(token, "state"), state.encode("ascii", "replace").decode()):
        raise PscOver
    with transaction() as session:
        found = session.connection().execute(_USE, {"hash": token_hash(token), "now": clock.now()}).one_or_none()
    if found is None:
        raise PscOver
    return str(found.leads_to)


def _enter(actor: Actor, found: Professional, browser: Browser) -> SignedIn:
    """Open the session of the account that is the professional's, and audit it; a refusal is audited too."""
    with transaction() as session:
        account, role, refusal = _account_of(session, found.rpps)
        if account is not None and refusal is None:
            _link(session, account, role, found)
            worn = last_worn(session, account)
            role = worn if worn in MEMBERS else role
            device, device_id = come_to(session, account, role, browser.device)
            token = open_session(session, account, device_id, browser, role=role)
            note_browser(session, account, browser)
            _note_way_out(session, token, found.leave)
            sought = account.identifier
        else:
            ident, details = account.id if account else None, {"by": "psc", "why": refusal.code if refusal else ""}
            audit.record(session, actor, AuditAction.SESSION_REFUSED, subject_type="account", subject_id=ident, details=details)
    if refusal is not None:
        raise refusal
    return SignedIn(token, actor_of_token(token), device, sought)


_OF_NUMBER = text("""
    select distinct on (a.id) a.id, n.role, l.account_id is not null as proven
    from (
        select p.account_id, 'practitioner' as role from practitioner p where p.rpps = :rpps and (
            exists (select 1 from membership m
                where m.account_id = p.account_id and m.practice_id = p.practice_id and m.asked_at is null)
            or exists (select 1 from former_member g where g.account_id = p.account_id and g.practice_id = p.practice_id))
        union all select f.account_id, m.role from professional f join membership m on m.account_id = f.account_id
            where f.rpps = :rpps and m.asked_at is null and m.role in ('substitute', 'aidant')
    ) n join account a on a.id = n.account_id left join psc_link l on l.account_id = a.id and l.rpps = :rpps
    order by a.id, n.role
""")


def _account_of(session: Session, rpps: str) -> tuple[Account | None, ActorKind, DomainError | None]:
    """Find whose number it is, and as what: who proved it before, else the only one who has it; and why they may not come in.

    A number that a practice typed for somebody whom it asks in counts once they accepted: it would let its holder in at their place.
    """
    rows = session.connection().execute(_OF_NUMBER, {"rpps": rpps}).all()
    chosen = [row for row in rows if row.proven] or rows
    if len(chosen) != 1:
        return None, ActorKind.ANONYMOUS, PscSeveral() if chosen else PscUnknown()
    account = session.exec(select(Account).where(Account.id == chosen[0].id).with_for_update()).one()
    refusal = PscPending() if account.status == AccountStatus.PENDING else refusal_of(session, account.id)
    return account, ActorKind(chosen[0].role), refusal


_PUT = text("""
    insert into psc_link (account_id, rpps, subject, linked_at, used_at) values (:account_id, :rpps, :subject, :now, :now)
    on conflict (account_id) do update set rpps = excluded.rpps, subject = excluded.subject, used_at = excluded.used_at,
        linked_at = case when psc_link.rpps = excluded.rpps then psc_link.linked_at else excluded.linked_at end
    returning linked_at = :now as fresh
""")


def _link(session: Session, account: Account, role: ActorKind, found: Professional) -> None:
    """Write down that the account is this professional's; a link of the same number to an account that no longer has it is over."""
    values = {"account_id": account.id, "rpps": found.rpps, "subject": found.subject, "now": clock.now()}
    session.connection().execute(text("delete from psc_link where rpps = :rpps and account_id <> :account_id"), values)
    if session.connection().execute(_PUT, values).one().fresh:
        owner = Actor(role, account.name, account_id=account.id)
        audit.record(session, owner, AuditAction.PSC_LINKED, subject_type="account", subject_id=account.id)


def _note_way_out(session: Session, token: str, address: str) -> None:
    if not address:
        return
    session.flush()
    ident: UUID = session.exec(select(AccountSession.id).where(AccountSession.token_hash == token_hash(token))).one()
    session.add(PscSession(session_id=ident, leave=vault.seal(address, str(ident))))
