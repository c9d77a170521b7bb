"""Stranded visits in words: a line each, what came of every choice, and whom to call."""

from collections.abc import Mapping, Sequence
from typing import Final, TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from maiia_pro.agenda.absence import Choice, Stranded
from maiia_pro.agenda.settle import InTheWay, Settlement, Wish
from maiia_pro.kernel.french import moment, phone
from state.announcements import FieldError

DONE_LABELS: Final = {
    Choice.KEEP: "Gardés",
    Choice.COLLEAGUE: "Confiés à un autre praticien",
    Choice.LATER: "Reportés",
    Choice.CANCEL: "Annulés",
}


class LineView(TypedDict):
    """A stranded visit with what is chosen for it; `who`, `day` and `time` are where it would go."""

    id: str
    version: int
    when: str
    patient: str
    detail: str
    phone: str
    tel: str
    told: bool
    choice: str
    who: str
    day: str
    time: str
    zone: str
    places: dict[str, dict[str, str]]
    """What is suggested for each choice that moves it."""


class WayView(TypedDict):
    """A visit that stood in the way."""

    name: str
    why: str


class ResultView(TypedDict):
    """What came of a choice."""

    label: str
    done: bool
    words: str
    ways: list[WayView]


class CallView(TypedDict):
    """A patient whom no message reaches, with what to say on the phone."""

    name: str
    words: str
    phone: str
    tel: str


def line_view(one: Stranded) -> LineView:
    """Write a visit for the list; it is kept until something else is chosen."""
    places: dict[str, dict[str, str]] = {}
    for choice, place in ((Choice.COLLEAGUE, one.colleague), (Choice.LATER, one.later)):
        if place:
            local = place.starts_at.astimezone(one.zone)
            at = f"{local.hour}h{local.minute:02d}"
            places[choice] = {"who": place.practitioner_id.hex, "day": local.date().isoformat(), "time": at}
    return LineView(
        id=one.id.hex,
        version=one.version,
        when=moment(one.starts_at, one.zone),
        patient=one.patient,
        detail=f"{one.reason} · {one.site}",
        phone=phone(one.phone) if one.phone else "",
        tel=one.phone,
        told=one.told,
        choice=Choice.KEEP,
        who="",
        day="",
        time="",
        zone=one.zone.key,
        places=places,
    )


def chosen(line: LineView, choice: str) -> LineView:
    """Put a choice and its place on a line."""
    if choice not in set(Choice):
        return line
    place = line["places"].get(choice, {"who": "", "day": "", "time": ""})
    return LineView(**{**line, "choice": choice, **place})  # type: ignore[typeddict-item]


def error_lines(errors: Mapping[str, str], lines: Sequence[LineView]) -> list[FieldError]:
    """Sum up what must be corrected: the visit, then what is wrong with its field."""
    visits = {line["id"]: f"{line['when']}\u00a0: " for line in lines}
    return [FieldError(field=f"champ-{name}", message=visits.get(name.partition("-")[2], "") + words) for name, words in errors.items()]


def left_words(left: int, choice: str) -> str:
    """Say how many visits keep what was chosen before, since nothing free was found for them."""
    where = "chez un collègue" if choice == Choice.COLLEAGUE else "plus tard"
    return f"{left} rendez-vous {'laissé tel quel' if left == 1 else 'laissés tels quels'}\u00a0: aucune place libre trouvée {where}."


def result_views(done: Settlement) -> list[ResultView]:
    """Write what came of each choice, what failed first."""
    failed = [
        ResultView(label=DONE_LABELS[choice], done=False, words=_none(len(ways)), ways=[_way(way) for way in ways])
        for choice, ways in done.in_the_way.items()
    ]
    late = [
        WayView(name=f"{line.patient}, {moment(line.starts_at, line.zone)}", why="Pris pendant que vous choisissiez.")
        for line in done.unasked
    ]
    if late:
        failed.append(ResultView(label="Arrivés entre-temps", done=False, words="Aucun choix n’est fait pour eux.", ways=late))
    return failed + [
        ResultView(label=DONE_LABELS[choice], done=True, words=str(count), ways=[]) for choice, count in done.settled.items() if count
    ]


def call_views(lines: Sequence[LineView], wishes: Sequence[Wish], left: frozenset[UUID], names: Mapping[str, str]) -> list[CallView]:
    """Name the patients whom no message reaches and whose visit changed; `left` are the visits that did not."""
    changed = {one.appointment_id.hex: one for one in wishes if one.choice is not Choice.KEEP and one.appointment_id not in left}
    return [
        CallView(name=line["patient"], words=_change(line, changed[line["id"]], names), phone=line["phone"], tel=line["tel"])
        for line in lines
        if line["id"] in changed and not line["told"]
    ]


def _change(line: LineView, wish: Wish, names: Mapping[str, str]) -> str:
    if wish.starts_at is None:
        return f"{line['when']}\u00a0: annulé."
    name = names.get(wish.practitioner_id.hex, "") if wish.practitioner_id else ""
    return f"{line['when']}\u00a0: déplacé au {moment(wish.starts_at, ZoneInfo(line['zone']))}" + (f", {name}." if name else ".")


def _none(count: int) -> str:
    standing = "un rendez-vous l’empêche" if count == 1 else f"{count} rendez-vous l’empêchent"
    return f"Aucun changement pour ce choix\u00a0: {standing}."


def _way(way: InTheWay) -> WayView:
    return WayView(name=f"{way.patient}, {moment(way.starts_at, way.zone)}", why=way.why)
