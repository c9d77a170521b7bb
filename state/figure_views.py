"""Figures as drawings: where each bar lies, in units of the drawing, and the words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Final, TypedDict

from maiia_pro.agenda.figure_tables import COLUMNS, HEADS, TITLES, cells, decimal, group_name, share
from maiia_pro.agenda.figures import Figure, Figures, Grouping, Row

WIDTH: Final = 540
_LEFT, _TOP, _HEIGHT = 52, 12, 180
_NAMES: Final = 164
"""Width kept for the names of reasons and practitioners."""
_THICK: Final = {1: 24, 2: 18}
"""Height of a bar, alone or one of two under each other."""
_LONGEST_NAME: Final = 22
_FEWEST_WEEKS: Final = 6
_MOST_LABELS: Final = 9


class MarkView(TypedDict):
    """A bar: its box, its filling (a, b or c), and what it says."""

    x: str
    y: str
    width: str
    height: str
    fill: str
    title: str


class TextView(TypedDict):
    """A word in the drawing; `anchor` is start, middle or end."""

    x: str
    y: str
    anchor: str
    text: str


class CellView(TypedDict):
    """A cell of the table, with the name of its column."""

    name: str
    text: str


class RowView(TypedDict):
    """A row of the table."""

    head: str
    cells: list[CellView]


class LegendView(TypedDict):
    """What a filling stands for."""

    fill: str
    label: str


class ChartView(TypedDict):
    """A figure: its drawing, what it says in words, its table, where to get it as a file."""

    key: str
    title: str
    says: str
    about: str
    empty: bool
    box: str
    marks: list[MarkView]
    texts: list[TextView]
    lines: list[MarkView]
    legend: list[LegendView]
    columns: list[str]
    rows: list[RowView]
    file: str


@dataclass(frozen=True)
class _Drawing:
    """How a figure is drawn: the name of each series of bars, its unit, whether they stand on each other."""

    series: tuple[str, ...]
    unit: str
    stacked: bool = False
    about: str = ""


DRAWINGS: Final = {
    Figure.OCCUPANCY: _Drawing(
        ("Occupation",), "\u00a0%", about="Temps réservé sur temps ouvert, sans les surnombres. Par motif\u00a0: part du temps ouvert."
    ),
    Figure.ABSENCES: _Drawing(("Absences",), "\u00a0%", about="Patients notés absents, parmi les rendez-vous honorés ou manqués."),
    Figure.DELAYS: _Drawing(
        ("Attente", "Retard"),
        "\u00a0min",
        about="Médianes\u00a0: de l’arrivée à la prise en charge, et de l’heure prévue à la prise en charge.",
    ),
    Figure.ORIGIN: _Drawing(
        ("Par le cabinet", "En ligne", "Application reliée"), "", stacked=True, about="Rendez-vous de la période, sans les annulés."
    ),
}
FILLS: Final = "abc"


def values_of(figure: Figure, row: Row) -> tuple[float, ...]:
    """Give the heights of a row's bars; nothing, or seen early, is no bar."""
    if figure in {Figure.OCCUPANCY, Figure.ABSENCES}:
        return (share(*row.numbers[:2]) or 0.0,)
    numbers = row.numbers[1:] if figure is Figure.DELAYS else row.numbers
    return tuple(max(0.0, one or 0.0) for one in numbers)


def chart_views(figures: Figures, grouping: Grouping, address: str) -> list[ChartView]:
    """Draw every figure by a grouping; `address` is where the files are, the figure's name to be added."""
    return [_chart(figure, grouping, figures[figure, grouping], address) for figure in Figure]


def _chart(figure: Figure, grouping: Grouping, rows: Sequence[Row], address: str) -> ChartView:
    drawing, names = DRAWINGS[figure], (HEADS[grouping], *COLUMNS[figure])
    heights = [values_of(figure, row) for row in rows]
    top = nice_top(max((sum(one) if drawing.stacked else max(one) for one in heights), default=0))
    draw = _columns if grouping is Grouping.WEEK else _bars
    marks, texts, lines, height = draw(drawing, rows, heights, top)
    return ChartView(
        key=figure.value,
        title=TITLES[figure],
        says=_says(figure, rows, heights),
        about=drawing.about,
        empty=not any(map(any, heights)),
        box=f"0 0 {WIDTH} {height}",
        marks=marks,
        texts=texts,
        lines=lines,
        legend=[LegendView(fill=fill, label=label) for fill, label in zip(FILLS, drawing.series, strict=False)]
        if len(drawing.series) > 1
        else [],
        columns=list(names),
        rows=[
            RowView(
                head=group_name(row),
                cells=[CellView(name=name, text=text) for name, text in zip(names[1:], cells(figure, row), strict=True)],
            )
            for row in rows
        ],
        file=f"{address}&figure={figure.value}",
    )


def nice_top(highest: float) -> float:
    """Find a round number that the highest bar does not pass."""
    step = 1.0
    while step * 10 < highest:
        step *= 10
    return next((step * factor for factor in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * factor >= highest), step * 10)


def _says(figure: Figure, rows: Sequence[Row], heights: Sequence[tuple[float, ...]]) -> str:
    """Say the drawing in a sentence, the lowest and the highest of what is known."""
    drawing, known = DRAWINGS[figure], 0 if figure is Figure.DELAYS else 1
    sums = [
        (sum(one) if drawing.stacked else one[0], group_name(row))
        for one, row in zip(heights, rows, strict=True)
        if drawing.stacked or row.numbers[known]
    ]
    if not sums:
        return "Aucune donnée."
    (low, lowest), (high, highest) = min(sums, key=itemgetter(0)), max(sums, key=itemgetter(0))
    what = "Rendez-vous" if drawing.stacked else drawing.series[0]
    return f"{what}\u00a0: de {decimal(low, 0)}{drawing.unit} ({lowest}) à {decimal(high, 0)}{drawing.unit} ({highest})."


def _title(drawing: _Drawing, row: Row, series: int, value: float) -> str:
    return f"{group_name(row)}, {drawing.series[series].lower()}\u00a0: {decimal(value, 0)}{drawing.unit}"


def _box(at: tuple[float, float], width: float, height: float, fill: str, title: str = "") -> MarkView:
    x, y = at
    return MarkView(x=f"{x:.1f}", y=f"{y:.1f}", width=f"{width:.1f}", height=f"{height:.1f}", fill=fill, title=title)


def _text(x: float, y: float, text: str, anchor: str = "middle") -> TextView:
    return TextView(x=f"{x:.1f}", y=f"{y:.1f}", anchor=anchor, text=text)


Drawn = tuple[list[MarkView], list[TextView], list[MarkView], int]


def _columns(drawing: _Drawing, rows: Sequence[Row], heights: Sequence[tuple[float, ...]], top: float) -> Drawn:
    """Stand the weeks side by side, with lines at nothing, half and all."""
    floor, room = _TOP + _HEIGHT, WIDTH - _LEFT - 8
    slot = room / max(len(rows), _FEWEST_WEEKS)
    parts = 1 if drawing.stacked else len(drawing.series)
    width = slot * 0.7 / parts
    marks: list[MarkView] = []
    for place, (row, values) in enumerate(zip(rows, heights, strict=True)):
        base = float(floor)
        for series, value in enumerate(values):
            tall = value / top * _HEIGHT
            x = _LEFT + slot * (place + 0.15) + (0 if drawing.stacked else width * series)
            y = base - tall if drawing.stacked else floor - tall
            base = y if drawing.stacked else base
            marks.append(_box((x, y), width, tall, FILLS[series], _title(drawing, row, series, value)))
    levels = [(_TOP + _HEIGHT * (1 - part), top * part) for part in (0, 0.5, 1)]
    lines = [_box((_LEFT, y), room, 0, "line") for y, _ in levels]
    places = 0 if top / 2 == int(top / 2) else 1
    texts = [_text(_LEFT - 6, y + 4, decimal(value, places) + drawing.unit.replace("\u00a0min", ""), "end") for y, value in levels]
    every = -(-len(rows) // _MOST_LABELS)
    for place, row in enumerate(rows):
        if place % max(every, 1) == 0 and isinstance(row.group, date):
            texts.append(_text(_LEFT + slot * (place + 0.5), floor + 18, f"{row.group:%d/%m}"))
    return marks, texts, lines, floor + 26


def _bars(drawing: _Drawing, rows: Sequence[Row], heights: Sequence[tuple[float, ...]], top: float) -> Drawn:
    """Lay reasons or practitioners one under another, each with its number at the end of its bar."""
    room = WIDTH - _NAMES - 70
    parts = 1 if drawing.stacked else len(drawing.series)
    thick = _THICK[parts]
    row_height = thick * parts + 10
    marks: list[MarkView] = []
    texts: list[TextView] = []
    for place, (row, values) in enumerate(zip(rows, heights, strict=True)):
        y, x = _TOP + row_height * place, float(_NAMES)
        name = group_name(row)
        short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
        texts.append(_text(_NAMES - 10, y + thick * parts / 2 + 4, short, "end"))
        for series, value in enumerate(values):
            wide = value / top * room
            line = y if drawing.stacked else y + thick * series
            marks.append(_box((x, line), wide, thick, FILLS[series], _title(drawing, row, series, value)))
            x = x + wide if drawing.stacked else x
            if not drawing.stacked:
                texts.append(_text(_NAMES + wide + 6, line + thick / 2 + 4, f"{decimal(value, 0)}{drawing.unit}", "start"))
        if drawing.stacked:
            texts.append(_text(x + 6, y + 16, decimal(sum(values), 0), "start"))
    return marks, texts, [], _TOP + row_height * len(rows) + 4
