"""How slots and visits are written on the patient's screens."""

from datetime import date, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

from maiia_pro.agenda.codes import MODE_LABELS, Mode
from maiia_pro.kernel.french import NBSP, clock_time, day_number, duration, euros, relative_day

WEEKDAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


class SlotLink(TypedDict):
    """A time one may choose: its key, how it is written, where it leads."""

    key: str
    label: str
    href: str


def short_day(day: date) -> str:
    """Write « mar. 24 nov. »."""
    return f"{WEEKDAYS[day.weekday()]}{NBSP}{day_number(day)}{NBSP}{MONTHS[day.month - 1]}"


def near_moment(instant: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Write « Demain, 9 h 30 », else « mar. 24 nov., 9 h 30 », on the site's clock."""
    local, today = instant.astimezone(zone), now.astimezone(zone).date()
    words = relative_day(local.date(), today)
    day = words.capitalize() if words in {"aujourd’hui", "demain"} else short_day(local.date())
    return f"{day}, {clock_time(local)}"


def confirm_href(key: str, moving: str = "") -> str:
    """Give the address of the page where a slot is confirmed, for a new visit or for one that moves."""
    return f"/rendez-vous/confirmer?creneau={key}" + (f"&deplacer={moving}" if moving else "")


def visit_details(minutes: int, mode: Mode, fee_cents: int | None) -> str:
    """Write « 20 min · au cabinet · 30,00 € »."""
    parts = [duration(minutes), MODE_LABELS[mode].lower()]
    if fee_cents is not None:
        parts.append(euros(fee_cents))
    return " · ".join(parts)
