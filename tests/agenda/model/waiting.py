"""The waiting list: wishes, and places that become free, offered to one patient at a time until somebody answers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import text

from maiia_pro.agenda.errors import SlotHeld, SlotTaken
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import DomainError, NotFound
from maiia_pro.waiting.answering import accept_offer, decline_offer, note_booked
from maiia_pro.waiting.errors import AlreadyWaiting, OfferAwaited, OfferOver, PlaceGone, WishChanged
from maiia_pro.waiting.offering import offer_by_hand, offer_freed, pass_on_due
from maiia_pro.waiting.tables import WishOffer
from maiia_pro.waiting.wishing import When, wish_for_myself, withdraw_wish
from tests.agenda.model.base import grid_of_day, numbers
from tests.agenda.model.holding import BreakingHolds
from tests.agenda.model.minutes import DAY, LENGTH, MINUTE, Visit, kept
from tests.factories import new_patient_account

ACCOUNTS = ("patient", "Chloé", "Driss")
HOURS = st.sampled_from([(time(0), time(23, 59)), (time(0), time(23, 59)), (time(2), time(10)), (time(9, 30), time(12))])
NEW_JOBS = text("""
    select id, task_name, args from jobs.procrastinate_jobs
    where id > :last and (task_name = 'agenda.slot_freed' or task_name = 'agenda.appointment_told' and args ->> 'event' = 'booked')
    order by id
""")


@dataclass
class Wish:
    """Who waits for whom, and when it would suit."""

    patient: str
    whom: str
    """An agenda, or « anyone » of the specialty."""
    begins: time
    ends: time
    until: date
    active: bool = True


@dataclass
class Offer:
    """A place kept for a wish."""

    wish: object
    agenda: str
    starts_at: datetime
    hold: object
    until: datetime
    answer: str = "awaited"


class WaitingActs(BreakingHolds):
    """Three patients wish and answer; the worker offers; staff pick, and do everything else."""

    accounts = ACCOUNTS

    @initialize()
    def open_the_list(self) -> None:
        """Let two more have accounts; nobody waits yet."""
        self.wishes: dict[UUID, Wish] = {}
        self.offered: dict[UUID, Offer] = {}
        self.last_job = 0
        self.others = {name: new_patient_account(f"{name} Durand") for name in ACCOUNTS[1:]}

    def do(self, act, expected: type[DomainError] | None):
        """Know the others too."""
        self.actors |= self.others
        return super().do(act, expected)

    @rule(
        who=st.sampled_from(ACCOUNTS),
        whom=st.sampled_from(["own", "anyone", "colleague"]),
        hours=HOURS,
        days=st.sampled_from([1, 1, 1, 0, -1]),
    )
    def wish(self, who: str, whom: str, hours: tuple[time, time], days: int) -> None:
        """Put oneself on the list."""
        alike = any(one.active and (one.patient, one.whom) == (who, whom) for one in self.wishes.values())
        when, offering = When(self.day + DAY * days, (), *hours), self.offerings["colleague" if whom == "colleague" else "own"]
        act = lambda: wish_for_myself(self.actors[who], offering, when, anyone=whom == "anyone")  # noqa: E731
        if known := self.do(act, AlreadyWaiting if alike else None):
            self.wishes[known] = Wish(who, whom, *hours, self.day + DAY * days)

    @precondition(lambda self: self.wishes)
    @rule(choice=numbers)
    def withdraw(self, choice: int) -> None:
        """Take some wish off the list, closed ones too."""
        known = list(self.wishes)[choice % len(self.wishes)]
        wish = self.wishes[known]
        if self.do(lambda: withdraw_wish(self.actors[wish.patient], known) or True, None if wish.active else WishChanged):
            self.close_wish(known)

    @precondition(lambda self: self.wishes and self.booked())
    @rule(choice=numbers)
    def cancel_and_offer(self, choice: int) -> None:
        """Let a visit be cancelled and the worker act at once, as it does."""
        self.cancel("staff", choice)
        self.work()

    @rule()
    def work(self) -> None:
        """Let the worker do all that waits: offer what was freed, close the wishes that a visit meets, let offers pass."""
        due = [one for one in self.offered.values() if one.answer == "awaited" and one.until <= self.now]
        assert self.do(lambda: (pass_on_due(WORKER),), None) == (len(due),)
        for offer in due:
            self.give_on(offer, "passed")
        while jobs := self._new_jobs():
            for ident, name, args in jobs:
                self.last_job = ident
                self._freed(args) if name == "agenda.slot_freed" else self._told(UUID(args["appointment_id"]))

    def _new_jobs(self) -> list:
        with reading() as session:
            return list(session.connection().execute(NEW_JOBS, {"last": self.last_job}))

    def _told(self, known: UUID) -> None:
        visit = self.visits[known]
        met = [
            ident
            for ident, wish in self.wishes.items()
            if wish.active and visit.active and wish.patient == visit.owner and wish.whom in {visit.agenda, "anyone"}
        ]
        assert self.do(lambda: (note_booked(WORKER, known),), None) == (len(met),)
        for ident in met:
            self.close_wish(ident)

    def _freed(self, args: dict[str, str]) -> None:
        practitioner = UUID(args["practitioner_id"])
        agenda = next(one for one, whose in self.whose.items() if whose == practitioner)
        span = (datetime.fromisoformat(args["begins"]), datetime.fromisoformat(args["ends"]))
        self.freed.remove((agenda, *span))
        (ident,) = self.do(lambda: (offer_freed(WORKER, practitioner, *span),), None)
        found = next((offer for known in list(self.wishes) for offer in [self._place_for(known, agenda, span)] if offer), None)
        self._compare(ident, found)
        if found:
            self.freed.append((agenda, *span))

    def _place_for(self, known: object, agenda: str, span: tuple[datetime, datetime]) -> Offer | None:
        """Try every free start that wants a minute of what became free, those within it first."""
        wish = self.wishes[known]
        asked_before = any(
            self.wishes[one.wish].patient == wish.patient
            and (one.agenda, one.answer == "awaited") == (agenda, False)
            and any(span[0] <= one.starts_at + MINUTE * number < span[1] for number in range(LENGTH))
            for one in self.offered.values()
        )
        if not self._waits(wish) or self._awaited(known) or asked_before or wish.whom not in {agenda, "anyone"}:
            return None
        wanted = [one for one in self.offers(agenda) if any(span[0] <= minute < span[1] for minute in kept(one, LENGTH))]
        for start in sorted(wanted, key=lambda one: (not span[0] <= one < span[1], one)):
            local = start.astimezone(self.zone)
            suits = wish.begins <= local.time() < wish.ends and local.date() <= wish.until
            if suits and (offer := self._keep(known, agenda, start)):
                return offer
        return None

    def _waits(self, wish: Wish) -> bool:
        return wish.active and wish.until >= self.now.astimezone(self.zone).date()

    def _awaited(self, known: object) -> bool:
        mine = (one for one in self.offered.values() if one.wish == known and one.answer == "awaited")
        return any(one.until <= self.now or self.visits[one.hold].active for one in mine)

    def _keep(self, known: object, agenda: str, start: datetime) -> Offer | None:
        """Keep a place unless there is no time to answer, or another patient is still to hear that theirs there was taken back."""
        until = self.answer_by(start)
        if until is None or start not in self.offers(agenda):
            return None
        for one in self.offered.values():
            if one.wish == known and one.answer == "awaited" and one.until > self.now and not self.visits[one.hold].active:
                one.answer = "passed"
        if any((one.agenda, one.starts_at, one.answer) == (agenda, start, "awaited") for one in self.offered.values()):
            return None
        return Offer(known, agenda, start, None, until)

    def answer_by(self, start: datetime) -> datetime | None:
        """Walk to the next minute of the day at which people are asked, then half an hour on."""
        awake = self.now
        while not time(8) <= awake.astimezone(self.zone).time() < time(21):
            awake = (awake + MINUTE).replace(second=0)
        last = min(awake + 30 * MINUTE, start - 60 * MINUTE)
        moment = self.now + timedelta(seconds=1)
        return last if last - moment >= 10 * MINUTE and last > max(awake, moment) else None

    def _compare(self, ident: UUID | None, found: Offer | None) -> None:
        """Hold what was offered against the model, and keep it there."""
        assert (ident is None) == (found is None)
        if ident is None or found is None:
            return
        with reading() as session:
            row = session.get_one(WishOffer, ident)
        assert (row.wish_id, row.practitioner_id, row.starts_at) == (found.wish, self.whose[found.agenda], found.starts_at)
        assert abs(row.expires_at - found.until) < timedelta(seconds=10)
        found.hold, self.offered[ident] = row.hold_id, found
        room = self.room_for(found.starts_at, LENGTH)
        self.visits[row.hold_id] = Visit(found.agenda, found.starts_at, LENGTH, self.wishes[found.wish].patient, room, found.until)

    @precondition(lambda self: self.wishes)
    @rule(choice=numbers, minute=grid_of_day, agenda=st.sampled_from(["own", "colleague"]))
    def pick(self, choice: int, minute: int, agenda: str) -> None:
        """Let staff offer a time to somebody of the list, whatever they wished for."""
        known = list(self.wishes)[choice % len(self.wishes)]
        offers = sorted(self.offers(agenda))
        start = offers[choice % len(offers)] if offers and choice % 3 else self.midnight + MINUTE * minute
        expected: type[DomainError] | None = OfferAwaited if self._awaited(known) else None
        if not self._waits(self.wishes[known]):
            expected = NotFound
        found = None if expected else self._keep(known, agenda, start)
        slot = SlotKey(self.offerings[agenda], start)
        answers = {one: offer.answer for one, offer in self.offered.items()}
        ident = self.do(lambda: offer_by_hand(self.actors["staff"], known, slot), expected or (None if found else PlaceGone))
        if ident:
            self._compare(ident, found)
        else:
            for one, answer in answers.items():
                self.offered[one].answer = answer

    @precondition(lambda self: self.offered)
    @rule(choice=numbers, accepts=st.booleans())
    def answer(self, choice: int, accepts: bool) -> None:
        """Answer some offer, over or not."""
        ident = list(self.offered)[-1 - choice % len(self.offered)]
        offer = self.offered[ident]
        who = self.wishes[offer.wish].patient
        stands = offer.answer == "awaited" and offer.until > self.now
        if not accepts:
            if self.do(lambda: decline_offer(self.actors[who], ident) or True, None if stands else OfferOver):
                self.give_on(offer, "declined")
            return
        expected = self.expected(who, offer.starts_at, LENGTH, agenda=offer.agenda, own=frozenset({who})) if stands else OfferOver
        booked = self.do(lambda: accept_offer(self.actors[who], ident), OfferOver if expected else None)
        if expected and expected not in {SlotTaken, SlotHeld, OfferOver}:
            self.give_on(offer, "passed")  # closed meanwhile, or without a room: it is offered no longer
        if booked:
            offer.answer, self.wishes[offer.wish].active = "accepted", False
            self.note_visit(booked.id, who, offer.starts_at, LENGTH, offer.agenda, own=frozenset({who}))

    def close_wish(self, known: object) -> None:
        """Close a wish, and give on what is kept for it."""
        self.wishes[known].active = False
        for offer in self.offered.values():
            if offer.wish == known and offer.answer == "awaited":
                self.give_on(offer, "declined")

    def give_on(self, offer: Offer, answer: str) -> None:
        """Give a place back for the next."""
        offer.answer = answer
        self.visits[offer.hold].active = False
        self.freed.append((offer.agenda, offer.starts_at, offer.starts_at + MINUTE * LENGTH))

    @invariant()
    def each_wish_has_one_place_at_most(self) -> None:
        """Read every wish and every answer."""
        if not hasattr(self, "wishes"):
            return
        with reading() as session:
            rows = session.connection().execute(text("select id, answer from wish_offer")).all()
            standing = session.connection().execute(text("select id, standing = 'active' from wish")).all()
        assert dict(rows) == {ident: offer.answer for ident, offer in self.offered.items()}
        assert dict(standing) == {ident: wish.active for ident, wish in self.wishes.items()}
        kept_for = [one.wish for one in self.offered.values() if one.answer == "awaited" and self.visits[one.hold].active]
        assert len(kept_for) == len(set(kept_for))
