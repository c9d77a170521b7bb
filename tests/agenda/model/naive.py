"""What an agenda must answer, found by trying every minute; knows nothing of the product but the names of its refusals."""

from collections.abc import Iterable
from copy import copy
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maiia_pro.agenda.errors import InThePast, NotOffered, ResourceTaken, SlotHeld, SlotTaken
from maiia_pro.kernel.errors import DomainError
from tests.agenda.model.minutes import AFTER, BEFORE, HOLIDAYS, LENGTH, MINUTE, STEP, Visit, meets, runs_of

NOBODY: frozenset[str] = frozenset()


class NaiveAgenda:
    """The visits, holds, rooms and openings of a practitioner and a colleague who receives in the same rooms at the same hours."""

    place: str
    zone: ZoneInfo
    day: date
    now: datetime
    midnight: datetime
    rooms: list
    visits: dict[object, Visit]
    closed: dict[object, tuple[datetime, datetime]]
    rests: bool
    """Whether weekly hours stop on public holidays."""
    worked: set[date]
    """Holidays that have hours of their own."""
    freed: list[tuple[str, datetime, datetime]]
    """What was left, with its buffers, and was not yet offered to those who wait."""

    def open_minutes(self, agenda: str = "own", days: tuple[int, int] = (-1, 1)) -> list[list[datetime]]:
        """Cut closed time out of the runs; what is left on each side of it is an opening with a grid of its own."""
        pieces: list[list[datetime]] = []
        for day, run in runs_of(self.place, *days):
            if agenda != "own":
                pieces.append(run)
                continue
            if self.rests and day in HOLIDAYS[str(self.zone)] and day not in self.worked:
                continue
            piece: list[datetime] = []
            for instant in run:
                if any(begins <= instant < ends for begins, ends in self.closed.values()):
                    pieces.append(piece)
                    piece = []
                else:
                    piece.append(instant)
            pieces.append(piece)
        return [piece for piece in pieces if piece]

    def open_starts(self, agenda: str = "own", days: tuple[int, int] = (-1, 1), minutes: int = LENGTH) -> set[datetime]:
        """Try every minute of every opening, whoever is there."""
        found = set()
        for piece in self.open_minutes(agenda, days):
            for number in range(0, len(piece), STEP):
                if number + minutes <= len(piece) and piece[number] > self.now:
                    found.add(piece[number])
        return found

    def offers(self, agenda: str = "own") -> set[datetime]:
        """Keep of these what is free and has a room."""
        starts = self.open_starts(agenda)
        return {one for one in starts if not self.there(one, LENGTH, agenda=agenda) and self.room_for(one, LENGTH)}

    def there(
        self, starts_at: datetime, minutes: int, leaving_out: object = None, *, agenda: str = "own", own: frozenset[str] = NOBODY
    ) -> list[Visit]:
        """List what keeps a minute of it: active visits and the holds of others."""
        return [
            visit
            for known, visit in self.visits.items()
            if known != leaving_out
            and visit.agenda == agenda
            and visit.blocks(starts_at, minutes)
            and not (visit.until and visit.owner in own)
        ]

    def room_for(
        self, starts_at: datetime, minutes: int, leaving_out: object = None, *, without: Iterable[Visit] = (), liked: object = None
    ) -> object:
        """Give a room that is free for the whole time: the one that is liked, else the lowest; nothing where there is none."""
        others = [visit for known, visit in self.visits.items() if known != leaving_out and visit not in without]
        free = [room for room in self.rooms if not any(one.room == room and one.blocks(starts_at, minutes) for one in others)]
        return liked if liked in free else min(free, default=None)

    def today(self) -> datetime:
        """Give the midnight that began this day at the place."""
        return datetime.combine(self.now.astimezone(self.zone).date(), time(), self.zone).astimezone(UTC)

    def in_the_past(self, who: str, instant: datetime) -> bool:
        """Tell whether it is too late to ask for a time; staff may write down what was today."""
        return instant < (self.today() if who == "staff" else self.now + timedelta(seconds=1))

    def own_in_the_way(self, own: frozenset[str], instant: datetime, minutes: int, agenda: str = "own") -> list[Visit]:
        """List the holds of somebody that what they take now would overlap."""
        return [
            one for one in self.visits.values() if one.until and one.owner in own and one.agenda == agenda and one.blocks(instant, minutes)
        ]

    def held_there(self, instant: datetime, minutes: int, agenda: str = "own") -> list[Visit]:
        """List the holds, whosoever, at a time of an agenda."""
        return [one for one in self.there(instant, minutes, agenda=agenda) if one.until]

    def expected(
        self,
        who: str,
        instant: datetime,
        minutes: int,
        leaving_out: object = None,
        *,
        over: bool = False,
        agenda: str = "own",
        own: frozenset[str] = NOBODY,
        liked: object = None,
    ) -> type[DomainError] | None:
        """Tell how a booking or a move must end; `over` where staff insist on a time that is taken."""
        if self.in_the_past(who, instant):
            return InThePast
        there = self.there(instant, minutes, leaving_out, agenda=agenda, own=own)
        if there and not over:
            return SlotHeld if all(one.until for one in there) else SlotTaken
        if who != "staff" and instant not in self.open_starts(agenda):
            return NotOffered
        gone = self.held_there(instant, minutes, agenda) if over else self.own_in_the_way(own, instant, minutes, agenda)
        return None if self.room_for(instant, minutes, leaving_out, without=gone, liked=liked) else ResourceTaken

    def goes(self, known: object, instant: datetime, minutes: int, agenda: str, *, may: bool, alone: bool = True) -> None:
        """Move a visit; `may` lie over another one, `alone` or with its whole series."""
        visit = self.visits[known]
        left = copy(visit)
        if may:
            for hold in self.held_there(instant, minutes, agenda):
                hold.active = False
        visit.room = self.room_for(instant, minutes, known, liked=visit.room)
        visit.starts_at, visit.minutes, visit.agenda = instant, minutes, agenda
        visit.over = bool(self.there(instant, minutes, known, agenda=agenda))
        if alone:
            visit.edited = visit.series is not None
            self.left(left)

    def called_off(self, known: object) -> None:
        """Cancel one visit."""
        visit = self.visits[known]
        visit.active, visit.edited = False, visit.series is not None
        self.left(visit)

    def left(self, visit: Visit) -> None:
        """Let an ordinary visit go from a time: those put over it become ordinary where nothing ordinary overlaps them, earliest first."""
        self.freed.append((visit.agenda, visit.starts_at - MINUTE * BEFORE, visit.starts_at + MINUTE * (visit.minutes + AFTER)))
        if visit.over:
            return
        under = [
            (one.starts_at, known, one)
            for known, one in self.visits.items()
            if one.over and one.active and one.agenda == visit.agenda and meets(one.starts_at, one.minutes, visit.starts_at, visit.minutes)
        ]
        for begins, known, one in sorted(under, key=lambda entry: entry[:2]):
            others = [other for ident, other in self.visits.items() if ident != known and not other.over and other.agenda == one.agenda]
            one.over = any(other.blocks(begins, one.minutes) for other in others)

    def later(self, minutes: int) -> None:
        """Go on in time; no hold ends on the very minute of an act."""
        ends = {visit.until for visit in self.visits.values() if visit.until}
        while self.now + MINUTE * minutes in ends:
            minutes += 1
        self.now += MINUTE * minutes
        for visit in self.visits.values():
            visit.active = visit.active and not (visit.until and visit.until <= self.now)
