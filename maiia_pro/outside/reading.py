"""Reading a calendar that somebody gives: refused clearly where it cannot be, and never at the cost of the server."""

import hashlib
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from maiia_pro.kernel.errors import Invalid, Unavailable

LARGEST: Final = 2 * 1024 * 1024
MOST_EVENTS: Final = 5000
SECONDS: Final = 30
"""Longer than the reader's own time on the processor, which is what a heavy file runs into."""
_at_once: Final = threading.BoundedSemaphore(2)

TOO_LARGE: Final = "Ce fichier est trop gros : 2 Mo au plus. Exportez une période plus courte."
_REFUSED: Final = {
    "no-calendar": "Ce fichier n’est pas un calendrier. Choisissez un fichier .ics exporté de votre agenda.",
    "broken": "Ce calendrier est illisible : le fichier est abîmé ou incomplet. Exportez-le à nouveau.",
    "many": f"Ce calendrier contient trop d’événements (plus de {MOST_EVENTS}). Choisissez une période plus courte.",
    "heavy": "Ce calendrier demande trop de calculs : un événement s’y répète sans fin. Choisissez une période plus courte.",
}


@dataclass(frozen=True, slots=True)
class About:
    """What an event says of itself, where that was asked for."""

    description: str = ""
    attendees: tuple[tuple[str, str], ...] = ()
    """Name and address of those who are invited, either may be empty."""
    categories: tuple[str, ...] = ()
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class BusyTime:
    """When an event of the calendar keeps its owner busy; aware UTC, half-open."""

    event_key: str
    occurrence: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    title: str
    about: About = About()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many events or occurrences do not count, by why."""

    cancelled: int
    free: int
    own: int
    """Appointments of ours, come back."""
    empty: int
    """Without any length."""
    broken: int


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """What a calendar holds in a window, in order of time."""

    times: tuple[BusyTime, ...]
    left_out: LeftOut
    events: int


def read_calendar(
    content: bytes, zone: ZoneInfo, begins: datetime, ends: datetime, *, longest: int = LARGEST, about: bool = False
) -> CalendarRead:
    """Read the busy times of a window, what repeats laid out; raises `Invalid` with what to do for a file that cannot be read.

    Days and times without a zone, or with one that nobody knows, are of the practice's clock.
    """
    if len(content) > longest:
        raise Invalid(TOO_LARGE)
    if b"BEGIN:VCALENDAR" not in content.upper():
        raise Invalid(_REFUSED["no-calendar"])
    if content.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise Invalid(_REFUSED["many"])
    asked = {"zone": zone.key, "begins": begins.isoformat(), "ends": ends.isoformat()}
    found = _ask(content, asked | ({"about": "yes"} if about else {}))
    if "refused" in found:
        raise Invalid(_REFUSED[found["refused"]])
    return CalendarRead(tuple(_time(one) for one in found["times"]), LeftOut(**found["left"]), found["events"])


def _ask(content: bytes, asked: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-I", "-m", "maiia_pro.outside.ics_child"]
    if not _at_once.acquire(timeout=SECONDS):
        raise Unavailable
    try:
        # No environment: the reader of a stranger's file holds none of our secrets.
        answer = subprocess.run(  # noqa: S603 - a program of the house with fixed arguments
            command, input=json.dumps(asked).encode() + b"\n" + content, capture_output=True, timeout=SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        return {"refused": "heavy"}
    finally:
        _at_once.release()
    if answer.returncode:
        return {"refused": "heavy" if answer.returncode < 0 else "broken"}
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _time(one: dict[str, Any]) -> BusyTime:
    return BusyTime(
        hashlib.sha256(one["uid"].encode("utf-8", "replace")).hexdigest(),
        one["occurrence"],
        datetime.fromisoformat(one["starts_at"]),
        datetime.fromisoformat(one["ends_at"]),
        one["all_day"],
        one["title"],
        _about(one.get("about")),
    )


def _about(said: dict[str, Any] | None) -> About:
    if said is None:
        return About()
    invited = tuple((name, address) for name, address in said["attendees"])
    return About(said["description"], invited, tuple(said["categories"]), said["repeats"])
