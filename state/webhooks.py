"""Where a practice has events sent to: the list with what was sent last, the form of a new one, a secret that is shown once."""

from typing import Any, Final, TypedDict
from zoneinfo import ZoneInfo

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.desk import desk
from maiia_pro.hooks.subscribing import Sent, Subscription, end, resume, send_test, subscribe, subscriptions
from maiia_pro.hooks.tables import TEST, EventKind
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.french import moment
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from state.cards import SecretCard
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


class HookView(TypedDict):
    """Where events go."""

    id: str
    url: str
    events: str
    stopped: bool
    failing: str
    last: list[SentView]


NONE: Final = HookView(id="", url="", events="", stopped=False, failing="", last=[])


class Webhooks(SecretCard, rx.State):
    """The subscriptions."""

    listed: list[HookView] = []
    chosen: HookView = NONE

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        """Have events sent there; refused, the form stays as typed."""
        return await self._save(lambda actor: _subscribe(actor, form), self._show, prefix="hook-")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def ask(self, hook: str, what: str) -> None:
        """Show what was `sent`, or ask before it ends (`remove`)."""
        await self._read(await current_actor(self))
        self.chosen = next((one for one in self.listed if one["id"] == hook), NONE)
        self.asking = what if self.chosen["id"] else ""

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def test(self, hook: str) -> EventSpec | None:
        """Send an event that says nothing."""
        said = "L’essai part. Regardez dans un instant s’il est arrivé\u00a0: Derniers envois."
        return await self._do(lambda actor: send_test(actor, parse_id(hook)), said)

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def resume(self, hook: str) -> EventSpec | None:
        """Take sending up again."""
        return await self._do(lambda actor: resume(actor, parse_id(hook)), "L’envoi reprend avec les prochains événements.")

    @rx.event
    @allow(ActorKind.PRACTITIONER)
    async def remove(self) -> EventSpec | None:
        """Send nothing there any more."""
        ident, self.asking = self.chosen["id"], ""
        return await self._do(lambda actor: end(actor, parse_id(ident)), "Cette adresse n’est plus prévenue.")

    def _show(self, secret: str) -> str:
        self.secret = secret
        return ""

    async def _fill(self, actor: Actor) -> None:
        self.listed = await run_blocking(_listed, actor)


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
    return SentView(event=WORDS.get(sent.event, sent.event), at=moment(sent.at, zone), says=says.strip())


def _subscribe(actor: Actor, form: dict[str, Any]) -> str:
    events = [one.value for one in EventKind if form.get(f"hook-{one.name.lower()}")]
    return subscribe(actor, str(form.get("hook-url", "")), events)
