"""The world that the walls are tried in: a new table, or a new kind of actor, outside it fails."""

import pytest
from sqlmodel import SQLModel

from maiia_pro.kernel.actor import ActorKind
from tests.walls.filling import OF_NOBODY

pytestmark = pytest.mark.integration


def test_every_table_has_a_row_that_somebody_could_be_after(world):
    filled = {name.partition(":")[0] for name in world.theirs.rows}
    assert SQLModel.metadata.tables.keys() - OF_NOBODY.keys() - filled == set()
    assert OF_NOBODY.keys() <= SQLModel.metadata.tables.keys()


def test_every_kind_of_actor_knocks(world):
    assert {persona.actor.kind for persona in world.personas.values()} == set(ActorKind) - {ActorKind.SYSTEM}


def test_those_who_lost_their_rights_have_none(world):
    without = (
        "substitute whose dates are over", "substitute whose dates have not come", "substitute whom nobody has checked",
        "secretary whose rights were taken back",
    )  # fmt: skip
    assert [name for name in without if world.personas[name].actor.rights] == []
    outside = ("secretary who left", "secretary who has not accepted", "secretary as a patient", "practitioner as a patient", *without[:3])
    assert [name for name in outside if world.personas[name].actor.practice_ids or world.personas[name].actor.rights] == []
    assert world.personas["suspended secretary"].actor.kind is ActorKind.ANONYMOUS
