"""The end of the second step: a session that was half open opens, under another token."""

from dataclasses import dataclass

from sqlmodel import Session

from maiia_pro.identity.browsers import Browser
from maiia_pro.identity.jobs import SecurityEvent
from maiia_pro.identity.recovery_codes import make_codes
from maiia_pro.identity.second_factors import held_by, tell
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.identity.session_ends import end_other_sessions, longest_of
from maiia_pro.identity.session_opening import SignedIn, come_to, note_browser
from maiia_pro.identity.tables import Account, AccountSession
from maiia_pro.identity.tokens import new_token, token_hash
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.audit import AuditAction


@dataclass(frozen=True, slots=True)
class Opened:
    """The cookies of a session that has just been opened."""

    token: str
    device: str

    def signed_in(self) -> SignedIn:
        """Tell who signed in, once the transaction is committed."""
        return SignedIn(self.token, actor_of_token(self.token), self.device)


@dataclass(frozen=True, slots=True)
class Added:
    """A factor that counts from now on: the recovery codes where there were none before, and the session where this was its second step."""

    codes: list[str]
    signed: SignedIn | None


def finish(session: Session, mine: AccountSession, account: Account, browser: Browser) -> Opened:
    """Open a session that was half open, in the caller's transaction; the half-open token is good for nothing."""
    role = ActorKind(mine.role)
    device, device_id = come_to(session, account, role, browser.device)
    token, now = new_token(), clock.now()
    mine.token_hash, mine.half_open, mine.device_id = token_hash(token), False, device_id
    mine.last_seen_at = mine.proven_at = now
    mine.expires_at, mine.agent, mine.network = now + longest_of(role), browser.words, browser.place
    session.flush()
    owner = Actor(role, account.name, account_id=account.id, session_id=mine.id)
    audit.record(session, owner, AuditAction.SESSION_OPENED, subject_type="account", subject_id=account.id)
    note_browser(session, account, browser)
    return Opened(token, device)


def add_factor(
    session: Session, actor: Actor, whose: tuple[AccountSession, Account], factor: str, browser: Browser, *, first: bool
) -> tuple[list[str], Opened | None]:
    """Write down a factor that was just proven; gives new recovery codes where there were none, and opens a half-open session.

    Where it is the account's `first`, its other sessions end: the password alone opened them, and would take them into any role.
    """
    mine, account = whose
    session.flush()
    if first:
        end_other_sessions(session, actor)
    details = {"factor": factor}
    audit.record(session, actor, AuditAction.FACTOR_ADDED, subject_type="account", subject_id=account.id, details=details)
    codes = [] if held_by(session, account.id).codes else make_codes(session, actor, account.id)
    if mine.half_open:
        return codes, finish(session, mine, account, browser)
    tell(session, account, SecurityEvent.FACTOR_ADDED, browser)
    return codes, None
