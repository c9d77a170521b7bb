"""Reads iCalendar (RFC 5545) in a process of its own, which may be stopped: a rule that repeats without end costs nobody but itself.

Standard input is a line of JSON (zone, window) and the file; standard output is what was found, as JSON. Knows nothing of the software.
"""

import json
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component, Event

CPU_SECONDS: Final = 4
MEMORY: Final = 1 << 30
MOST_TIMES: Final = 5000
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 1000
MOST_NAMED: Final = 20
REPEATS: Final = frozenset({"RRULE", "RDATE", "RECURRENCE-ID"})
OUR_UIDS: Final = "@maiia-pro"
EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(2200, 12, 31, tzinfo=UTC)


def main() -> None:
    """Read what is asked, within bounds that the system itself holds."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(ValueError, OSError):  # not every system bounds memory
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked = json.loads(sys.stdin.buffer.readline())
    zone = ZoneInfo(asked["zone"])
    window = (datetime.fromisoformat(asked["begins"]).astimezone(zone), datetime.fromisoformat(asked["ends"]).astimezone(zone))
    try:
        found = read(sys.stdin.buffer.read(), zone, window, about="about" in asked)
    except MemoryError:
        found = {"refused": "heavy"}
    except Exception:  # noqa: BLE001 - whatever a broken file does to its reader, it is a broken file
        found = {"refused": "broken"}
    sys.stdout.write(json.dumps(found))


def read(content: bytes, zone: ZoneInfo, window: tuple[datetime, datetime], *, about: bool = False) -> dict[str, Any]:
    """List the busy times of the window, with what each is about if asked, and count what is left out, by why."""
    calendars = [one for one in Calendar.from_ical(content.removeprefix(b"\xef\xbb\xbf"), multiple=True) if one.name == "VCALENDAR"]
    if not calendars:
        return {"refused": "no-calendar"}
    times: list[dict[str, Any]] = []
    left = {"cancelled": 0, "free": 0, "own": 0, "empty": 0, "broken": 0}
    for calendar in calendars:
        cancelled = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        for uid, events in _by_uid(calendar).items():
            if cancelled or uid.endswith(OUR_UIDS):
                left["cancelled" if cancelled else "own"] += 1
                continue
            try:
                for occurrence in _occurrences(events, window):
                    time_or_why = _time(uid, occurrence, zone, window)
                    if isinstance(time_or_why, str):
                        left[time_or_why] += time_or_why != ""
                    else:
                        times.append(time_or_why | ({"about": _about(occurrence, repeats=not _is_once(events))} if about else {}))
                    if len(times) > MOST_TIMES:
                        return {"refused": "many"}
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - one event that cannot be read leaves the others readable
                left["broken"] += 1
    times.sort(key=lambda one: (one["starts_at"], one["ends_at"]))
    return {"times": times, "left": left, "events": sum(len(one.walk("VEVENT")) for one in calendars)}


def _by_uid(calendar: Component) -> dict[str, list[Component]]:
    groups: dict[str, list[Component]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        uid = str(event.get("UID", "")) or f"sans-uid-{number}-{event.get('DTSTART')}-{event.get('SUMMARY', '')}"
        groups.setdefault(uid, []).append(event)
    return groups


def _occurrences(events: list[Component], window: tuple[datetime, datetime]) -> Iterator[Event]:
    alone = Calendar()
    for event in events:
        if "DTSTART" not in event:
            raise ValueError("no start")
        alone.add_component(event)
    once = _is_once(events)
    for occurrence in recurring_ical_events.of(alone).between(*window):
        if once:
            occurrence.pop("RECURRENCE-ID", None)  # so that it is the same event once it has moved
        yield occurrence


def _is_once(events: list[Component]) -> bool:
    return len(events) == 1 and not REPEATS & set(events[0])


def _time(uid: str, event: Event, zone: ZoneInfo, window: tuple[datetime, datetime]) -> dict[str, Any] | str:
    """Tell when an event keeps somebody busy, or why it does not ("" where it lies outside the window after all)."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return "cancelled"
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return "free"
    begins, ends = event.start, event.end
    starts_at, ends_at = _instant(begins, zone), _instant(ends, zone)
    if not isinstance(begins, datetime) and ends_at <= starts_at:
        ends_at = _instant(begins + timedelta(days=1), zone)
    if ends_at <= starts_at:
        return "empty"
    if ends_at <= window[0] or starts_at >= window[1]:
        return ""
    if starts_at < EARLIEST or ends_at > LATEST:
        return "broken"
    marked = event.get("RECURRENCE-ID")
    return {
        "uid": uid,
        "occurrence": _instant(marked.dt, zone).isoformat() if marked is not None else "",
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "all_day": not isinstance(begins, datetime),
        "title": _line(event.get("SUMMARY", ""))[:LONGEST_TITLE],
    }


def _about(event: Event, *, repeats: bool) -> dict[str, Any]:
    """Tell what an event says of itself, in plain text: whom it invites is an address and a name."""
    invited = _listed(event.get("ATTENDEE"))[:MOST_NAMED]
    named = [(_line(one.params.get("CN", "")), _line(one)) for one in invited]
    text = str(event.get("DESCRIPTION", ""))[:LONGEST_TEXT]
    words = [_line(word) for one in _listed(event.get("CATEGORIES"))[:MOST_NAMED] for word in getattr(one, "cats", [one])]
    return {
        "description": "\n".join(_line(line) for line in text.splitlines()).strip(),
        "attendees": [(name[:LONGEST_TITLE], address[:LONGEST_TITLE]) for name, address in named],
        "categories": [word[:LONGEST_TITLE] for word in words[:MOST_NAMED]],
        "repeats": repeats,
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _line(value: object) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())


def _instant(moment: date, zone: ZoneInfo) -> datetime:
    """Place a moment; a day begins, and a time without zone is read, by the clock of the practice."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), zone)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


if __name__ == "__main__":
    main()
