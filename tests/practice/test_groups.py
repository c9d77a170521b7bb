"""Groups of practitioners: named and ordered by administrators, looked at by everybody within their rights."""

from uuid import UUID

import pytest

from maiia_pro.agenda.desk import desk
from maiia_pro.identity.session_actor import actor_of_token
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid
from maiia_pro.practice.groups import delete_group, move_group, practice_groups, save_group
from state.agenda_views import Asked, asked_people, read_page
from tests.factories import House, session_token


@pytest.fixture
def trio(clean_database) -> tuple[House, Actor]:
    """Three practitioners and who administers the practice."""
    house = House.ready(practitioners=3)
    return house, house.practitioner_actor()


def names(house: House, actor: Actor) -> list[str]:
    return [one.name for one in practice_groups(actor, house.practice_id).groups]


def make(house: House, actor: Actor, name: str, *members: UUID) -> UUID:
    return save_group(actor, house.practice_id, None, name, members or house.practitioners[:1])


def test_groups_are_made_renamed_put_in_order_and_deleted(trio):
    house, actor = trio
    first, second, third = (make(house, actor, name) for name in ("Pédiatrie", "Étage 2", "Garde"))
    save_group(actor, house.practice_id, second, "Étage 1", house.practitioners[1:])
    move_group(actor, house.practice_id, third, earlier=True)
    move_group(actor, house.practice_id, first, earlier=True)
    assert names(house, actor) == ["Pédiatrie", "Garde", "Étage 1"]
    delete_group(actor, house.practice_id, third)
    found = practice_groups(actor, house.practice_id).groups
    assert [(one.name, set(one.practitioner_ids)) for one in found] == [
        ("Pédiatrie", {house.practitioners[0]}),
        ("Étage 1", set(house.practitioners[1:])),
    ]


def test_a_group_that_cannot_be_is_refused_beside_its_field(trio):
    house, actor = trio
    make(house, actor, "Pédiatrie")
    for name, count, field in (("", 1, "name"), ("PÉDIATRIE", 1, "name"), ("x" * 80, 1, "name"), ("Garde", 0, "members")):
        with pytest.raises(Invalid) as refused:
            save_group(actor, house.practice_id, None, name, house.practitioners[:count])
        assert list(refused.value.fields) == [field], name


def test_a_group_shows_its_agendas_in_one_act(trio):
    house, actor = trio
    group = make(house, actor, "Étage 2", *house.practitioners[:2])
    page = read_page(actor, Asked(practitioner=str(group)))
    assert {"id": group.hex, "name": "Groupe\u00a0: Étage 2"} in page.whose
    assert page.practitioner == group.hex
    assert {column["practitioner"] for column in page.window["columns"]} == {one.hex for one in house.practitioners[:2]}


@pytest.mark.requirement(59)
def test_a_group_shows_nobody_an_agenda_that_they_may_not_see(trio):
    house, actor = trio
    shared, others = make(house, actor, "Étage 2", *house.practitioners[:2]), make(house, actor, "Garde", house.practitioners[2])
    secretary = house.secretary()
    for practitioner in house.practitioners[1:]:
        house.let(secretary.account_id, practitioner, frozenset())
    frame = desk(actor_of_token(session_token(secretary)))
    assert [(one.id, one.practitioner_ids) for one in frame.groups] == [(shared, (house.practitioners[0],))]
    assert [one.id for one in asked_people(frame, others.hex)[1]] == [house.practitioners[0]]
