"""Several people take the same request at once: one has it, the others are told who."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
import pytest
from sqlalchemy import true

from maiia_pro.kernel.db import libpq_url
from maiia_pro.kernel.errors import DomainError
from maiia_pro.requests import changing
from maiia_pro.requests.changing import take_request
from tests.concurrency.racing import race, until_somebody_waits
from tests.requests.asking import asked, detail

pytestmark = [pytest.mark.integration, pytest.mark.concurrency]

MANY = 6
HOLD = "select from practice_request where id = %s for update"


@pytest.fixture
def people(house):
    return [house.secretary(f"Personne {number}") for number in range(MANY)]


def taken_together(people, request, database) -> list[str]:
    """Let everybody read the request before anybody has written it, then all at once; give what each was answered."""

    def take(actor) -> str:
        try:
            return f"done {take_request(actor, request, 1)}"
        except DomainError as refusal:
            return refusal.message

    with ThreadPoolExecutor(MANY) as pool, psycopg.connect(libpq_url(database.owner)) as holder:
        holder.execute(HOLD, [request])
        answers = [pool.submit(take, actor) for actor in people]
        until_somebody_waits(people=MANY)
        holder.commit()
        return [answer.result() for answer in answers]


@pytest.mark.proof
def test_one_takes_it_and_the_others_are_told_who(house, people, counting):
    rounds, held = counting.of(5, 300), 0
    for _ in range(rounds):
        request = asked(house, people[0])
        outcomes = race([partial(take_request, actor, request, 1) for actor in people])
        held += outcomes == {"done": 1, "RequestTaken": MANY - 1}
    counting.found("une demande, six personnes qui la prennent : une l’a", tried=rounds, held=held)


def test_of_those_who_all_saw_it_free_one_has_it_and_is_named_to_the_others(house, people, clean_database):
    request = asked(house, people[0])
    answers = taken_together(people, request, clean_database)
    owner = detail(people[0], request).line.owner
    told = f"{owner} s’occupe déjà de cette demande. Choisissez-en une autre, ou voyez ensemble qui la garde."
    assert sorted(answers) == sorted(["done 2", *[told] * (MANY - 1)])


def test_without_the_version_everybody_believes_to_have_it(house, people, clean_database, monkeypatch):
    monkeypatch.setattr(changing, "_still", lambda _version: true())
    assert taken_together(people, asked(house, people[0]), clean_database) == ["done 2"] * MANY
