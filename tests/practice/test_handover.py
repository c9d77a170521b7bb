"""The sheet that goes with a replacement: written by both, read by the other, open during its days alone."""

from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor, Right
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.french import PARIS
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.practice.delegating import Terms, delegate, end_delegation
from maiia_pro.practice.handover import LONGEST, Changed, read_handover, replacements, write_handover
from tests.factories import House, clock_at, new_patient_account, session_token

pytestmark = pytest.mark.integration


def acting(actor: Actor) -> Actor:
    return actor_of_token(session_token(actor))


@pytest.fixture
def week(house: House):
    """The practitioner, who a colleague replaces from today to the day after tomorrow, and the replacement."""
    first = house.practitioner_actor()
    second = house.practitioner_actor(house.practitioner("Zeller"), "Dr Marc Zeller")
    house.let(second.account_id, house.practitioners[0], frozenset())
    given = delegate(
        first, second.account_id, Terms({Right.AGENDA}, substitute=True, last=clock.now().astimezone(PARIS).date() + timedelta(days=2))
    )
    return house, first, second, given


def test_each_writes_their_side_and_reads_the_other_s(week):
    _, first, second, given = week
    write_handover(first, given, "Mme K. attend son INR.", "")
    assert read_handover(acting(second), given).before == "Mme K. attend son INR."
    write_handover(acting(second), given, "INR à 2,5, transmis.", "")
    assert read_handover(first, given).after == "INR à 2,5, transmis."
    (line,) = replacements(first)
    assert (line.mine, line.substitute, bool(line.before_read_at), bool(line.after_read_at)) == (True, "Dr Marc Zeller", True, True)
    (line,) = replacements(acting(second))
    assert (line.mine, line.practitioner) == (False, "Dr Claire Vasseur")


@pytest.mark.requirement(62)
def test_out_of_their_days_a_substitute_opens_no_sheet(week):
    house, first, second, given = week
    write_handover(first, given, "Consignes.", "")
    with clock_at(house.instant(0, 1, days=3)):
        for act in (lambda: read_handover(acting(second), given), lambda: write_handover(acting(second), given, "x", "")):
            with pytest.raises(NotAllowed):
                act()
        assert read_handover(acting(first), given).before == "Consignes."
    end_delegation(first, given)
    with pytest.raises(NotAllowed):
        read_handover(acting(second), given)


def test_a_sheet_is_nobody_else_s(week):
    house, _, _, given = week
    for other in (house.secretary(), House.ready().practitioner_actor()):
        with pytest.raises(NotFound):
            read_handover(other, given)
        with pytest.raises(NotFound):
            write_handover(other, given, "x", "")
    with pytest.raises(NotAllowed):
        read_handover(new_patient_account(), given)


def test_words_written_on_another_screen_meanwhile_are_not_lost(week):
    _, first, _, given = week
    write_handover(first, given, "Une version.", "")
    with pytest.raises(Changed):
        write_handover(first, given, "Une autre.", "")
    with pytest.raises(Invalid):
        write_handover(first, given, "x" * (LONGEST + 1), "Une version.")
    assert read_handover(first, given).before == "Une version."


@pytest.mark.requirement(46)
def test_reading_and_writing_a_sheet_are_traced_without_its_words(week):
    house, first, second, given = week
    write_handover(first, given, "Mme K. attend son INR.", "")
    read_handover(acting(second), given)
    with reading() as session:
        lines = session.exec(select(AuditEntry).where(AuditEntry.subject_id == given, AuditEntry.action != "delegation:granted")).all()
    assert [(one.action, one.actor_id, one.on_behalf_of) for one in sorted(lines, key=lambda one: one.sequence)] == [
        ("handover:written", first.account_id, None),
        ("handover:read", second.account_id, house.practitioners[0]),
    ]
    assert not any("INR" in str(one.details) for one in lines)
