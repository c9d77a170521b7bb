"""What people type to find free time means what they meant."""

from datetime import date
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.desk import Desk, DeskPractitioner, DeskReason, DeskSite
from maiia_pro.agenda.slot_words import Wish, fitting, wish_of

pytestmark = pytest.mark.unit
TODAY = date(2026, 11, 25)  # a Wednesday
SITE, VASSEUR, NGUYEN, MOREL = (uuid4() for _ in range(4))


def offered(who: UUID, name: str, mode: Mode = Mode.IN_PERSON) -> DeskReason:
    return DeskReason(uuid4(), who, SITE, name, 20, mode, "teal", True)


def practitioner(who: UUID, name: str, specialty: str) -> DeskPractitioner:
    return DeskPractitioner(who, SITE, name, "XX", specialty, "teal", False)


FRAME = Desk(
    SITE, True,
    (
        practitioner(VASSEUR, "Dr Claire Vasseur", "Médecine générale"), practitioner(NGUYEN, "Dr Minh Nguyen", "Dermatologie"),
        practitioner(MOREL, "Dr Anne Morel", "Pédiatrie"),
    ),
    (DeskSite(SITE, "Centre", "Angers", ZoneInfo("Europe/Paris")),),
    (
        offered(VASSEUR, "Consultation"), offered(VASSEUR, "Consultation de suivi"), offered(VASSEUR, "Téléconsultation", Mode.VIDEO),
        offered(NGUYEN, "Dépistage"), offered(NGUYEN, "Consultation de suivi"), offered(MOREL, "Consultation"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "first", "last", "begins", "ends"),
    [
        ("dermato demain matin", (26, 11), (26, 11), 0, 720),
        ("vasseur jeudi après-midi", (26, 11), (26, 11), 720, 1440),
        ("lundi", (30, 11), (30, 11), 0, 1440),
        ("consultation de suivi la semaine prochaine", (30, 11), (6, 12), 0, 1440),
        ("après-demain avant 10h", (27, 11), (27, 11), 0, 600),
        ("aujourd’hui soir", (25, 11), (25, 11), 1020, 1440),
        ("dans 2 semaines", (9, 12), (15, 12), 0, 1440),
        ("aller au 12 mars", (12, 3), (12, 3), 0, 1440),
        ("lundi 14h30", (30, 11), (30, 11), 870, 1440),
    ],
)
def test_days_and_hours_are_read(typed: str, first: tuple[int, int], last: tuple[int, int], begins: int, ends: int):
    wish = wish_of(typed, TODAY)
    assert wish.said
    assert wish.first is not None
    assert wish.last is not None
    assert ((wish.first.day, wish.first.month), (wish.last.day, wish.last.month)) == (first, last)
    assert (wish.begins, wish.ends) == (begins, ends)
    assert wish.first >= TODAY


def test_on_a_monday_the_next_one_is_a_week_away_and_monday_is_today():
    monday = date(2026, 11, 23)
    assert [wish_of(typed, monday).first for typed in ("lundi", "lundi prochain", "mardi prochain")] == [
        monday, date(2026, 11, 30), date(2026, 11, 24),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dermato demain matin", {(NGUYEN, "Dépistage")}),
        ("premier créneau pédiatre", {(MOREL, "Consultation")}),
        ("vasseur jeudi", {(VASSEUR, "Consultation")}),
        ("consultation de suivi la semaine prochaine", {(VASSEUR, "Consultation de suivi"), (NGUYEN, "Consultation de suivi")}),
        ("vasseur vidéo", {(VASSEUR, "Téléconsultation")}),
        ("lundi 14h30", {(VASSEUR, "Consultation"), (NGUYEN, "Dépistage"), (MOREL, "Consultation")}),
        ("keller demain", set()),
    ],
)
def test_words_name_reasons_specialties_and_practitioners(typed: str, found: set[tuple[UUID, str]]):
    assert {(one.practitioner_id, one.name) for one in fitting(wish_of(typed, TODAY), FRAME)} == found


def test_a_name_alone_is_no_wish_for_a_time():
    assert wish_of("keller josiane", TODAY) == Wish(words=("keller", "josiane"))
    assert wish_of("docteur vasseur", TODAY).whose
    assert wish_of("aller à lundi", TODAY).going


@given(
    st.text(max_size=60)
    | st.from_regex(r"([a-zé]{0,8}|\d{1,4}|h|lundi|demain|dans|mars|apres)( ([a-z]{0,4}|\d{1,4}|h|mois|matin)){0,5}", fullmatch=True)
)
def test_whatever_is_typed_is_read(typed: str):
    wish = wish_of(typed, TODAY)
    assert 0 <= wish.begins <= 1440
    assert (wish.first is None) == (wish.last is None)
    fitting(wish, FRAME)
