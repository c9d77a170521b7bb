"""What people do every day: book, overbook, move, stretch, cancel, restore, close and open time."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import text

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.changing import MoveRequest, cancel_appointment, move_appointment
from maiia_pro.agenda.codes import ExceptionKind
from maiia_pro.agenda.errors import AlreadyCancelled, LengthIsThePractices, NotCancelled, ResourceTaken, SlotHeld, SlotTaken, TooLate
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.agenda.status import restore_appointment
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import DomainError
from tests.agenda.model.base import AgendaMachine, grid_of_day, minutes_of_day, numbers
from tests.agenda.model.minutes import LENGTH, LENGTHS, MINUTE, VISITORS, Visit


class EverydayActs(AgendaMachine):
    """Acts that every machine mixes with those of its own subject."""

    accounts: tuple[str, ...] = ("patient",)
    """Who books with an account."""

    @rule(minute=minutes_of_day, length=st.sampled_from(LENGTHS))
    def book_by_staff(self, minute: int, length: int | None) -> None:
        """Write down any minute with any length."""
        self.book_at("staff", self.midnight + MINUTE * minute, length)

    @precondition(lambda self: self.offers())
    @rule(who=st.sampled_from(["account", "staff", "program"]), choice=numbers)
    def book_an_offer(self, who: str, choice: int) -> None:
        """Book what is offered: it must succeed."""
        offers = sorted(self.offers())
        actor = self.accounts[choice % len(self.accounts)] if who == "account" else who
        self.book_at(actor, offers[choice % len(offers)], None)

    @rule(minute=grid_of_day, length=st.sampled_from([None, 5, 45, 120]))
    def overbook(self, minute: int, length: int | None) -> None:
        """Write down a visit whatever else is there."""
        self.book_at("staff", self.midnight + MINUTE * minute, length, over=True)

    def book_at(self, who: str, instant, length: int | None, *, over: bool = False, agenda: str = "own", visitor: str = "") -> None:
        """Book in both worlds."""
        minutes, own = length or LENGTH, frozenset({who, visitor}) if who in self.accounts else frozenset()
        request = BookingRequest(
            SlotKey(self.offerings[agenda], instant),
            patient_id=None if who in self.accounts else self.patient_id,
            length_minutes=length,
            overbook=over,
            visitor=VISITORS[visitor].browser if visitor else None,
        )
        expected = self.expected(who, instant, minutes, over=over, agenda=agenda, own=own)
        booked = self.do(lambda: book_slot(self.actors[who], request), expected)
        if booked:
            assert booked.overbooked == self.note_visit(booked.id, who, instant, minutes, agenda, over=over, own=own).over

    def note_visit(self, known: object, who: str, instant, minutes: int, agenda: str, *, over: bool = False, own=frozenset()) -> Visit:
        """Write a visit that was booked into the model; the holds that it takes the place of go."""
        gone = self.held_there(instant, minutes, agenda) if over else self.own_in_the_way(own, instant, minutes, agenda)
        for hold in gone:
            hold.active = False
        visit = Visit(agenda, instant, minutes, who, self.room_for(instant, minutes))
        visit.over = bool(self.there(instant, minutes, agenda=agenda))
        self.visits[known] = visit
        return visit

    @precondition(lambda self: self.booked())
    @rule(
        who=st.sampled_from(["owner", "staff", "program"]),
        choice=numbers,
        minute=grid_of_day,
        over=st.booleans(),
        length=st.sampled_from(LENGTHS),
    )
    def move(self, who: str, choice: int, minute: int, over: bool, length: int | None) -> None:
        """Move some visit, cancelled ones too; staff may stretch it, or insist on a time that is taken."""
        known, visit, actor = self.one(who, choice)
        length = length if actor == "staff" else None
        insists = over and actor == "staff"
        instant, minutes = self.midnight + MINUTE * minute, length or visit.minutes
        kept_length = LengthIsThePractices if actor != "staff" and minutes != LENGTH else None
        may = insists or (visit.over and actor == "staff")
        expected = self._changeable(actor, visit) or kept_length
        own = frozenset({actor}) if actor in self.accounts else frozenset()
        expected = expected or self.expected(actor, instant, minutes, known, over=may, agenda=visit.agenda, own=own, liked=visit.room)
        if actor == "staff" and expected is SlotHeld:
            expected = SlotTaken
        request = MoveRequest(instant, length_minutes=length, overbook=insists)
        if self.do(lambda: move_appointment(self.actors[actor], known, request), expected):
            for hold in self.own_in_the_way(own, instant, minutes, visit.agenda):
                hold.active = False
            self.goes(known, instant, minutes, visit.agenda, may=may)

    @precondition(lambda self: self.booked())
    @rule(who=st.sampled_from(["owner", "staff", "program"]), choice=numbers)
    def cancel(self, who: str, choice: int) -> None:
        """Cancel some visit, cancelled ones too."""
        known, visit, actor = self.one(who, choice)
        if self.do(lambda: cancel_appointment(self.actors[actor], known), self._changeable(actor, visit)):
            self.called_off(known)

    @precondition(lambda self: self.booked())
    @rule(choice=numbers)
    def restore(self, choice: int) -> None:
        """Take some cancellation back, of a visit that stands too."""
        known, visit, _ = self.one("staff", choice)
        there = self.there(visit.starts_at, visit.minutes, known, agenda=visit.agenda)
        room = self.room_for(visit.starts_at, visit.minutes, known)
        expected = NotCancelled if visit.active else SlotTaken if there else None if room else ResourceTaken
        if self.do(lambda: restore_appointment(self.actors["staff"], known), expected):
            visit.active, visit.over, visit.room = True, False, room

    def _changeable(self, actor: str, visit: Visit) -> type[DomainError] | None:
        if not visit.active:
            return AlreadyCancelled
        return TooLate if actor != "staff" and visit.starts_at <= self.now else None

    @rule(minute=grid_of_day, length=st.sampled_from([15, 60, 180]))
    def close(self, minute: int, length: int) -> None:
        """Close some time."""
        begins = self.midnight + MINUTE * minute
        ends = begins + MINUTE * length
        known = self.house.exception(self.practitioner, begins, ends, kind=ExceptionKind.CLOSED)
        self.closed[known] = (begins, ends)

    @precondition(lambda self: self.closed)
    @rule(choice=numbers)
    def open_again(self, choice: int) -> None:
        """Take a closure back."""
        known = list(self.closed)[choice % len(self.closed)]
        del self.closed[known]
        with transaction() as session:
            session.connection().execute(text("delete from opening_exception where id = :id"), {"id": known})
