"""A practice's programs are let in and turned away by a command, and do what they were let in for."""

import pytest

from maiia_pro import cli
from maiia_pro.identity.api_clients import BadClient, BadToken, authenticate_client, bearer_of, issue_token
from maiia_pro.kernel.db import transaction
from maiia_pro.kernel.errors import NotAllowed
from maiia_pro.operations.programs import let_program_in, turn_program_away
from maiia_pro.patients.calling import find_callers
from maiia_pro.practice.tables import Practice
from tests.factories import House

pytestmark = pytest.mark.integration


@pytest.fixture
def house(clean_database) -> House:
    """A practice with a patient who may call."""
    house = House.ready(patients=0)
    house.patient("Keller", "Josiane", phone="+33639985714")
    named(house)
    return house


def named(house: House) -> None:
    with transaction() as session:
        session.get_one(Practice, house.practice_id).name = "Cabinet des Lices"


def registered(capsys, *arguments: str) -> tuple[str, str]:
    """Let a program in by the command; gives what it is told to sign in with."""
    assert cli.main(["create-client", *arguments]) == 0
    told = dict(line.split("=", 1) for line in capsys.readouterr().out.splitlines() if "=" in line)
    return told["client_id"], told["client_secret"]


def test_a_telephone_system_that_a_command_let_in_names_callers_until_a_command_turns_it_away(house, capsys):
    client_id, secret = registered(capsys, "Standard", "cabinet des LICES", "callers.read")
    token, _ = issue_token(authenticate_client(client_id, secret))
    assert [one.display_name for one in find_callers(bearer_of(token).actor, "06 39 98 57 14")] == ["Josiane Keller"]
    assert cli.main(["revoke-client", client_id]) == 0
    assert "Standard n’entre plus" in capsys.readouterr().out
    with pytest.raises(BadClient):
        authenticate_client(client_id, secret)
    with pytest.raises(BadToken):
        bearer_of(token)
    assert cli.main(["revoke-client", client_id]) == 1


def test_a_command_that_names_no_program_no_practice_several_or_no_such_right_says_so(house, capsys):
    other = House()
    named(other)
    asked = (("Inconnu", "callers.read"), (str(house.practice_id), "tout"), ("Cabinet des Lices", "callers.read"))
    assert [cli.main(["create-client", "Standard", *one]) for one in asked] == [1, 1, 1]
    assert cli.main(["create-client", " ", str(house.practice_id), "callers.read"]) == 1
    said = capsys.readouterr().err
    assert "Aucun cabinet" in said
    assert "callers.read" in said
    assert "Nommez le logiciel" in said
    assert str(other.practice_id) in said


def test_only_the_operator_lets_programs_in_and_turns_them_away(house):
    for act in (lambda who: let_program_in(who, "X", str(house.practice_id), ["callers.read"]), lambda who: turn_program_away(who, "x")):
        for actor in (house.secretary(), house.practitioner_actor()):
            with pytest.raises(NotAllowed):
                act(actor)
