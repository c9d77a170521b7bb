"""The operator's overview, the demonstration's outbox and the public status of the service."""

from typing import Final, TypedDict

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.kernel.actor import MEMBERS, ActorKind
from maiia_pro.kernel.audit_watch import ChainState, chain_state
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.french import PARIS, clock_time, long_date, moment, short_date
from maiia_pro.kernel.ids import parse_id
from maiia_pro.kernel.work import run_blocking
from maiia_pro.notifications.outbox import EmailView, outbox, outgoing_email
from maiia_pro.operations.offers import change_offer
from maiia_pro.operations.overview import overview
from maiia_pro.operations.uptime import Uptime, uptime
from maiia_pro.patients.preferences import Channel
from maiia_pro.practice.tables import Offer
from state.announcements import announce, refusal
from state.rules import Anyone, allow
from state.session import current_actor

OFFERS: Final = {Offer.INITIAL: "Initial", Offer.PREMIUM: "Premium"}
KINDS: Final = {
    ActorKind.PATIENT: "Patients",
    ActorKind.SECRETARY: "Secrétaires",
    ActorKind.SUBSTITUTE: "Remplaçants",
    ActorKind.AIDANT: "Professionnels aidants",
    ActorKind.PRACTITIONER: "Professionnels",
    ActorKind.OPERATOR: "Exploitants",
}


def _one_of(several: str) -> str:
    return " ".join(word.removesuffix("s") for word in several.split())


class ServiceStatus(rx.State):
    """Whether the service answers, and how often it did."""

    status: str = "waiting"
    """waiting, ready or failed."""
    share: str = ""
    since: str = ""

    @rx.event
    @allow(Anyone)
    async def arrive(self) -> None:
        """Read the uptime."""
        try:
            found = await run_blocking(uptime, await current_actor(self))
        except DomainError:
            self.status = "failed"
            return
        self.share, self.since, self.status = share_of(found), since_of(found), "ready"


def share_of(found: Uptime) -> str:
    """Write « 99,98 % », rounded down so that it never promises more."""
    if found.share is None:
        return "Pas encore mesurée"
    hundredths = int(found.share * 10000)
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02d}\u00a0%"


def since_of(found: Uptime) -> str:
    """Write since when it is measured."""
    if found.since is None:
        return ""
    local = found.since.astimezone(PARIS)
    return f"{long_date(local.date(), year=True)}, {clock_time(local)}"


class PracticeView(TypedDict):
    """A practice as the table shows it."""

    id: str
    name: str
    offer: str
    premium: bool
    demo: bool
    since: str
    sites: int
    practitioners: int
    accounts: int
    waiting: bool
    """Somebody has not followed the activation link yet."""


class CountView(TypedDict):
    """A kind of account and how many there are."""

    label: str
    number: int


NO_PRACTICE: Final = PracticeView(
    id="", name="", offer="", premium=False, demo=False, since="", sites=0, practitioners=0, accounts=0, waiting=False
)


def chain_words(looked: ChainState | None) -> str:
    """Say what the last look at the audit trail found."""
    if looked is None:
        return "Le journal n’a pas encore été vérifié. Il le sera dans la minute où les tâches de fond tournent."
    when = moment(looked.looked_at, PARIS)
    if looked.broken_at is None and not looked.checked and looked.sealed:
        return f"La première vérification commence\u00a0: {looked.sealed} actes à vérifier."
    if looked.broken_at is None:
        return f"Intact\u00a0: {looked.checked} actes vérifiés sur {looked.sealed}, {when}."
    many = "une anomalie" if looked.faults == 1 else f"{looked.faults}\u00a0anomalies"
    return (
        f"{many.capitalize()} depuis {moment(looked.broken_at, PARIS)}, maillon {looked.fault}. Lancez «\u00a0maiia-pro audit-check\u00a0»."
    )


class OperatorDesk(rx.State):
    """The operator's first screen."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    practices: list[PracticeView] = []
    accounts: list[CountView] = []
    chain: str = ""
    """What the last look at the audit trail found."""
    broken: bool = False
    asked: PracticeView = NO_PRACTICE
    """The practice whose offer is about to change."""

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def arrive(self) -> None:
        """Read the overview."""
        try:
            found = await run_blocking(overview, await current_actor(self))
            looked = await run_blocking(chain_state, await current_actor(self))
        except DomainError as refused:
            self.status, self.message = "failed", refused.message
            return
        self.chain, self.broken = chain_words(looked), looked is not None and looked.broken_at is not None
        self.practices = [
            PracticeView(
                id=line.id.hex,
                name=line.name,
                offer=OFFERS[line.offer],
                premium=line.offer is Offer.PREMIUM,
                demo=line.is_demo,
                since=short_date(line.created_at.astimezone(PARIS).date()),
                sites=line.sites,
                practitioners=line.practitioners,
                accounts=line.accounts,
                waiting=line.waiting > 0,
            )
            for line in found.practices
        ]
        numbers = {kind: found.accounts.get(kind, 0) for kind in KINDS}
        self.accounts = [CountView(label=KINDS[kind] if many > 1 else _one_of(KINDS[kind]), number=many) for kind, many in numbers.items()]
        self.status = "ready"

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def ask(self, practice: str) -> None:
        """Ask before the offer of a practice changes."""
        self.asked = next((line for line in self.practices if line["id"] == practice), NO_PRACTICE)

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def keep(self) -> None:
        """Leave the offer as it is."""
        self.asked = NO_PRACTICE

    @rx.event
    @allow(ActorKind.OPERATOR)
    async def change(self) -> list[EventSpec]:
        """Put the practice that was asked about on the other offer."""
        asked, self.asked = self.asked, NO_PRACTICE
        offer = Offer.INITIAL if asked["premium"] else Offer.PREMIUM
        try:
            await run_blocking(change_offer, await current_actor(self), parse_id(asked["id"]), offer)
        except DomainError as refused:
            return [refusal(refused)]
        said = f"{asked['name']} est maintenant à l’offre {OFFERS[offer]}."
        return [announce(said, "success"), OperatorDesk.arrive()]  # type: ignore[list-item]


class MailView(TypedDict):
    """A message as the outbox shows it."""

    id: str
    sms: bool
    recipient: str
    subject: str
    body: str
    calendar: bool
    when: str
    sent: bool


NO_MAIL: Final = MailView(id="", sms=False, recipient="", subject="", body="", calendar=False, when="", sent=False)
PEOPLE: Final = (ActorKind.PATIENT, *sorted(MEMBERS), ActorKind.OPERATOR)


class Outbox(rx.State):
    """The demonstration's messages, and the one that is read."""

    status: str = "waiting"
    """waiting, ready or failed."""
    message: str = ""
    mails: list[MailView] = []
    mail: MailView = NO_MAIL

    @rx.event
    @allow(*PEOPLE)
    async def arrive(self) -> None:
        """Read the latest messages."""
        self.mail = NO_MAIL
        try:
            found = await run_blocking(outbox, await current_actor(self))
        except DomainError as refused:
            self.status, self.message = "failed", refused.message
            return
        self.mails, self.status = [mail_view(mail) | {"body": ""} for mail in found], "ready"  # type: ignore[misc]

    @rx.event
    @allow(*PEOPLE)
    async def open(self, ident: str) -> None:
        """Read one message."""
        try:
            self.mail = mail_view(await run_blocking(outgoing_email, await current_actor(self), parse_id(ident)))
        except DomainError as refused:
            self.status, self.message = "failed", refused.message

    @rx.event
    @allow(*PEOPLE)
    async def close(self) -> None:
        """Go back to the list."""
        self.mail = NO_MAIL


def mail_view(mail: EmailView) -> MailView:
    """Write a message for the screen."""
    local = mail.created_at.astimezone(PARIS)
    return MailView(
        id=mail.id.hex,
        sms=mail.channel is Channel.SMS,
        recipient=mail.recipient,
        subject=mail.subject,
        body=mail.body,
        calendar=mail.has_calendar,
        when=f"{long_date(local.date())}, {clock_time(local)}",
        sent=mail.sent_at is not None,
    )
