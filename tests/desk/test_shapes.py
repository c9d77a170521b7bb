"""What the calendar computes in the browser, tried without one: lanes, free time, what came since."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SHAPES = Path(__file__).parents[2] / "components" / "agenda" / "shapes.js"
pytestmark = pytest.mark.unit


def node() -> str:
    """The Node of this installation."""
    own = Path(sys.executable).parent / "node"
    found = str(own) if own.exists() else shutil.which("node")
    assert found
    return found


def computed(expression: str, **values: Any) -> Any:
    """Evaluate an expression over the functions of the calendar."""
    script = f"import * as s from {json.dumps(SHAPES.as_uri())}; const v = {json.dumps(values)}; console.log(JSON.stringify({expression}))"
    command = [node(), "--input-type=module", "--no-warnings", "-e", script]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def block(ident: str, start: int, length: int = 20, **more: Any) -> dict[str, Any]:
    """A visit as the calendar holds it."""
    return {"id": ident, "start": start, "length": length, "status": "planned", "version": 1} | more


def test_visits_that_overlap_stand_side_by_side():
    blocks = [block("a", 540, 40), block("b", 550), block("c", 570), block("d", 600)]
    lanes = {item["block"]["id"]: (item["lane"], item["lanes"]) for item in computed("s.laid(v.blocks)", blocks=blocks)}
    assert lanes == {"a": (0, 2), "b": (1, 2), "c": (1, 2), "d": (0, 1)}


def test_free_time_is_what_visits_and_the_past_leave():
    spans = [{"start": 480, "end": 720, "site": "x"}]
    blocks = [block("a", 500), block("b", 600, 60), block("c", 520, status="cancelled")]
    free = computed("s.gaps(v.spans, v.blocks, 483)", spans=spans, blocks=blocks)
    assert [(gap["start"], gap["length"]) for gap in free] == [(485, 15), (520, 80), (660, 60)]


def test_only_the_hours_of_a_chosen_place_are_open_there():
    spans = [{"start": 480, "end": 720, "site": "x"}, {"start": 840, "end": 1080, "site": "y"}]
    assert [computed("s.openAt(v.spans, v.site)", spans=spans, site=site) for site in ("", "y", "z")] == [spans, spans[1:], []]


def test_the_band_of_a_day_shows_visits_over_holds_over_free_time():
    spans = [{"start": 480, "end": 720}]
    parts = computed(
        "s.band(v.spans, v.held, v.busy, 420, 780)", spans=spans, held=[block("h", 500, 40)], busy=[block("a", 520), block("b", 540)]
    )
    assert [(part["start"], part["end"], part["kind"]) for part in parts] == [
        (420, 480, "shut"), (480, 500, "free"), (500, 520, "held"), (520, 560, "busy"), (560, 720, "free"), (720, 780, "shut"),
    ]  # fmt: skip


def test_a_column_to_which_nothing_happened_keeps_its_very_list():
    columns = [{"key": name, "practitioner": name, "day": "2027-01-04"} for name in "xy"]
    blocks = [block("a", 540, practitioner="x", day="2027-01-04"), block("b", 540, practitioner="y", day="2027-01-04")]
    same = computed(
        "(() => { const before = s.filed(v.columns, v.blocks);"
        " const after = s.filed(v.columns, [v.blocks[0], {...v.blocks[1], version: 2}], before);"
        " return [after.get('x') === before.get('x'), after.get('y') === before.get('y')]; })()",
        columns=columns, blocks=blocks,
    )  # fmt: skip
    assert same == [True, False]


def test_closed_time_is_the_rest_of_the_day():
    spans = [{"start": 840, "end": 1080}, {"start": 480, "end": 720}]
    shut = computed("s.closedTime(v.spans, 420, 1140)", spans=spans)
    assert [(part["start"], part["length"]) for part in shut] == [(420, 60), (720, 120), (1080, 60)]


def test_of_two_versions_the_later_one_stays():
    loaded = [block("a", 540, version=3), block("b", 600), block("c", 660)]
    changes = [
        {"id": "a", "version": 2, "block": block("a", 900, version=2)},
        {"id": "b", "version": 2, "block": block("b", 610, version=2)},
        {"id": "c", "version": 2, "block": None},
        {"id": "d", "version": 1, "block": block("d", 700)},
    ]
    found = computed("s.merged(v.loaded, new Map(v.changes.map((one) => [one.id, one])))", loaded=loaded, changes=changes)
    assert [(one["id"], one["start"]) for one in found] == [("a", 540), ("b", 610), ("d", 700)]


def test_what_stands_against_a_place_is_said():
    column = {"spans": [{"start": 480, "end": 720}]}
    blocks = [block("a", 540), block("b", 600, status="cancelled")]
    places = [block("x", 550), block("x", 600), block("x", 710), block("a", 545)]
    assert computed("v.places.map((p) => s.against(p, v.column, v.blocks))", places=places, column=column, blocks=blocks) == [
        "taken", "", "closed", "",
    ]  # fmt: skip


def test_a_month_is_made_of_whole_weeks_from_monday():
    weeks = computed("s.weeksOf(2026, 10)")
    assert [weeks[0][0]["iso"], weeks[-1][-1]["iso"], len(weeks)] == ["2026-10-26", "2026-12-06", 6]


def test_hours_are_written_as_clocks_are_read():
    assert computed("[s.clock(485), s.span(20), s.span(60), s.span(90)]") == [
        "8\u00a0h\u00a005",
        "20\u00a0min",
        "1\u00a0h",
        "1\u00a0h\u00a030",
    ]
