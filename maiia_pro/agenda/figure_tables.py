"""Figures as tables: their columns and cells in French, and the file that spreadsheets read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from maiia_pro.agenda.export import ExportFile, table_file
from maiia_pro.agenda.figures import Figure, FiguresQuery, Grouping, Row, read_figures
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.french import short_date

HEADS: Final = {Grouping.WEEK: "Semaine du", Grouping.REASON: "Motif", Grouping.PRACTITIONER: "Praticien"}
COLUMNS: Final = {
    Figure.OCCUPANCY: ("Réservé (h)", "Ouvert (h)", "Occupation (%)"),
    Figure.ABSENCES: ("Absences", "Rendez-vous passés", "Absences (%)"),
    Figure.DELAYS: ("Patients reçus", "Attente médiane (min)", "Retard médian (min)"),
    Figure.ORIGIN: ("Par le cabinet", "En ligne", "Par un logiciel relié"),
}
TITLES: Final = {
    Figure.OCCUPANCY: "Occupation",
    Figure.ABSENCES: "Absences",
    Figure.DELAYS: "Attente et retard",
    Figure.ORIGIN: "Origine des rendez-vous",
}


def group_name(row: Row) -> str:
    """Name a row: the Monday of a week, or the name itself."""
    return short_date(row.group) if isinstance(row.group, date) else row.group


def share(part: float | None, whole: float | None) -> float | None:
    """Give a part in percent; nothing where there is no whole."""
    return 100 * (part or 0) / whole if whole else None


def decimal(number: float | None, places: int = 1) -> str:
    """Write a number as French reads it; a dash for none."""
    return "–" if number is None else f"{number:.{places}f}".replace(".", ",")


def cells(figure: Figure, row: Row) -> tuple[str, ...]:
    """Write the numbers of a row, one a column."""
    first, second, *more = row.numbers
    if figure is Figure.OCCUPANCY:
        return decimal((first or 0) / 60), decimal((second or 0) / 60), decimal(share(first, second))
    if figure is Figure.ABSENCES:
        return decimal(first, 0), decimal(second, 0), decimal(share(first, second))
    if figure is Figure.DELAYS:
        return decimal(first, 0), decimal(second, 0), decimal(more[0], 0)
    return tuple(decimal(one, 0) for one in row.numbers)


def figures_file(actor: Actor, query: FiguresQuery, figure: Figure, grouping: Grouping) -> ExportFile:
    """Write a figure as a table for spreadsheets; what it needs is asked by `read_figures`."""
    rows: Sequence[Row] = read_figures(actor, query)[figure, grouping]
    content = table_file((HEADS[grouping], *COLUMNS[figure]), ((group_name(row), *cells(figure, row)) for row in rows))
    name = f"{figure}_{grouping}_{query.first.isoformat()}_{query.last.isoformat()}.csv"
    return ExportFile(name, content, len(rows))


def period_shown_first(today: date) -> tuple[date, date]:
    """Give the eight weeks up to today, this one included."""
    return today - timedelta(days=today.weekday(), weeks=7), today
