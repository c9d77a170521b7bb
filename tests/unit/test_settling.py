"""What is chosen for stranded visits, read from the form: every field that is wrong is named, and none is a crash."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from maiia_pro.agenda.absence import Choice
from maiia_pro.agenda.settle import Wish
from maiia_pro.kernel.errors import Invalid
from state.settling import read_wishes
from state.settling_views import LineView, call_views, error_lines, left_words

OWN, VISIT = UUID(int=1), "0" * 31 + "2"
LINE = LineView(
    id=VISIT, version=1, when="", patient="", detail="", phone="", tel="", told=True, choice=Choice.LATER, who="", day="", time="",
    zone="America/Martinique", places={},
)  # fmt: skip


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1999-12-31", "2200-01-01", "", "x", None])
def test_a_day_that_no_agenda_has_is_said_beside_its_field(day: Any):
    with pytest.raises(Invalid) as refused:
        read_wishes([LINE], {f"day-{VISIT}": day, f"time-{VISIT}": "23h59"}, OWN)
    assert set(refused.value.fields) == {f"day-{VISIT}"}


def test_a_day_and_an_hour_are_read_by_the_clock_of_the_site():
    (wish,) = read_wishes([LINE], {f"day-{VISIT}": "2026-12-01", f"time-{VISIT}": "9h"}, OWN)
    assert wish.starts_at is not None
    assert wish.starts_at.isoformat() == "2026-12-01T13:00:00+00:00"


def test_those_without_an_address_are_named_with_what_to_tell_them_and_only_where_something_changed():
    colleague = UUID(int=9)
    (told, _kept, failed, moved, cancelled) = idents = [UUID(int=number) for number in range(11, 16)]
    choices = [Choice.CANCEL, Choice.KEEP, Choice.COLLEAGUE, Choice.COLLEAGUE, Choice.CANCEL]
    lines = [LINE | {"id": one.hex, "patient": one.hex[-1], "when": "lundi", "told": one == told} for one in idents]
    at = datetime(2026, 12, 1, 13, tzinfo=UTC)
    wishes = [
        Wish(one, 1, choice, colleague, at if choice is Choice.COLLEAGUE else None) for one, choice in zip(idents, choices, strict=True)
    ]
    calls = call_views(lines, wishes, frozenset({failed}), {colleague.hex: "Dr Roy"})  # type: ignore[arg-type]
    assert [(one["name"], one["words"]) for one in calls] == [
        (moved.hex[-1], "lundi\u00a0: déplacé au mardi 1er décembre, 9\u00a0h\u00a000, Dr Roy."),
        (cancelled.hex[-1], "lundi\u00a0: annulé."),
    ]


@pytest.mark.parametrize(
    ("left", "choice", "words"),
    [
        (1, Choice.COLLEAGUE, "1 rendez-vous laissé tel quel\u00a0: aucune place libre trouvée chez un collègue."),
        (3, Choice.LATER, "3 rendez-vous laissés tels quels\u00a0: aucune place libre trouvée plus tard."),
    ],
)
def test_those_for_whom_no_place_is_found_are_counted_with_the_reason(left: int, choice: Choice, words: str):
    assert left_words(left, choice) == words


def test_the_summary_names_the_visit_and_leads_to_its_field():
    (line,) = error_lines({f"time-{VISIT}": "Écrivez une heure."}, [LINE | {"when": "lundi, 9\u00a0h\u00a000"}])  # type: ignore[list-item]
    assert line == {"field": f"champ-time-{VISIT}", "message": "lundi, 9\u00a0h\u00a000\u00a0: Écrivez une heure."}
