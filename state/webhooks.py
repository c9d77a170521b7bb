"""Where a practice has events sent to: the list with what was sent last, the form of a new one, a secret that is shown once."""

from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.hooks.subscribing import Sent, Subscription, end, resume, send_test, subscribe, subscriptions
from maiia_pro.hooks.tables import TEST, EventKind
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.ids import parse_id, uuid7
from maiia_pro.kernel.work import run_blocking
from state.announcements import FieldError, announce, field_errors, lines_of, refusal
from state.rules import allow
from state.session import current_actor

EVENT_WORDS: Final = {
    EventKind.BOOKED: "Rendez-vous donné",
    EventKind.MOVED: "Rendez-vous déplacé",
    EventKind.CANCELLED: "Rendez-vous annulé",
    EventKind.RESTORED: "Rendez-vous rétabli",
}
WORDS: Final = {str(one): words for one, words in EVENT_WORDS.items()} | {TEST: "Essai"}


class SentView(TypedDict):
    """An event that was sent."""

    event: str
    at: str
    says: str
    good: bool


class HookView(TypedDict):
    """Where events go."""

    id: str
    url: str
    events: str
    stopped: bool
    failing: str
    last: list[SentView]


NONE: Final = HookView(id="", url="", events="", stopped=False, failing="", last=[])


class Webhooks(rx.State):
    """The subscriptions; a secret is here only until it is put away or the page is left."""

    status: str = "waiting"
    """waiting, ready, none (an account without an agenda) or failed."""
    message: str = ""
    listed: list[HookView] = []
    adding: bool = False
    mark: str = ""
    errors: dict[str, str] = {}
    summary: list[FieldError] = []
    chosen: HookView = NONE
    asking: str = ""
    """What is shown of the chosen one: sent, remove, or nothing."""
    secret: str = ""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def arrive(self) -> None:
        """Read the list; a secret that was shown is not shown again."""
        self.adding, self.asking, self.secret, self.errors, self.summary = False, "", "", {}, []
        await _read(self, await current_actor(self))

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def add(self) -> None:
        """Open the form of a new one."""
        self.adding, self.errors, self.summary, self.mark = True, {}, [], uuid7().hex

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def close(self) -> None:
        """Close what is open, and put the secret away."""
        self.adding, self.asking, self.secret = False, "", ""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Have events sent there; refused, the form stays as typed."""
        actor = await current_actor(self)
        try:
            secret = await run_blocking(_subscribe, actor, form)
        except DomainError as error:
            self.errors = field_errors(error)
            self.summary = lines_of(self.errors, **{name: f"champ-hook-{name}" for name in self.errors})
            return None if self.errors else refusal(error)
        self.adding, self.errors, self.summary, self.secret = False, {}, [], secret
        await _read(self, actor)
        return None

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def ask(self, hook: str, what: str) -> None:
        """Show what was sent, or ask before it ends."""
        await _read(self, await current_actor(self))
        self.chosen = next((one for one in self.listed if one["id"] == hook), NONE)
        self.asking = what if self.chosen["id"] else ""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def test(self, hook: str) -> EventSpec:
        """Send an event that says nothing."""
        return await _do(self, _test, hook, "L’essai part. Regardez dans un instant s’il est arrivé\u00a0: Derniers envois.")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def resume(self, hook: str) -> EventSpec:
        """Take sending up again."""
        return await _do(self, _resume, hook, "L’envoi reprend avec les prochains événements.")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def remove(self) -> EventSpec:
        """Send nothing there any more."""
        self.asking = ""
        return await _do(self, _end, self.chosen["id"], "Cette adresse n’est plus prévenue.")


async def _do(state: Webhooks, act: Any, hook: str, said: str) -> EventSpec:
    actor = await current_actor(state)
    try:
        await run_blocking(act, actor, hook)
    except DomainError as error:
        return refusal(error)
    await _read(state, actor)
    return announce(said, "success")


async def _read(state: Webhooks, actor: Actor) -> None:
    try:
        state.listed = await run_blocking(_listed, actor)
    except NotFound as nowhere:
        state.status, state.message = "none", nowhere.message
    except DomainError as refused:
        state.status, state.message = "failed", refused.message
    else:
        state.status = "ready"


def _listed(actor: Actor) -> list[HookView]:
    found = subscriptions(actor)
    zone = desk(actor).zone
    return [_view(one, zone) for one in found]


def _view(one: Subscription, zone: ZoneInfo) -> HookView:
    failing = one.failing_since if one.failing_since and not one.stopped_at else None
    return HookView(
        id=one.id.hex,
        url=one.url,
        events=", ".join(WORDS[event].lower() for event in one.events).capitalize(),
        stopped=one.stopped_at is not None,
        failing=f"Rien n’arrive depuis le {moment(failing, zone)}\u00a0; nous réessayons." if failing else "",
        last=[_sent(sent, zone) for sent in one.last],
    )


def _sent(sent: Sent, zone: ZoneInfo) -> SentView:
    if sent.received_at:
        says = f"Reçu ({sent.status})"
    elif sent.given_up_at:
        says = f"Abandonné. {sent.failure}"
    else:
        says = f"Pas encore arrivé, essais\u00a0: {sent.tries}. {sent.failure}" if sent.tries else "En route"
    return SentView(event=WORDS.get(sent.event, sent.event), at=moment(sent.at, zone), says=says.strip(), good=sent.received_at is not None)


def _subscribe(actor: Actor, form: dict[str, Any]) -> str:
    events = [one.value for one in EventKind if form.get(f"hook-{one.name.lower()}")]
    return subscribe(actor, str(form.get("hook-url", "")), events)


def _test(actor: Actor, hook: str) -> None:
    send_test(actor, parse_id(hook))


def _resume(actor: Actor, hook: str) -> None:
    resume(actor, parse_id(hook))


def _end(actor: Actor, hook: str) -> None:
    end(actor, parse_id(hook))
