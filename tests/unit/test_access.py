"""The one table of rights: deny by default, practices kept apart."""

from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest

from maiia_pro.kernel.access import ADMINISTERED, GRANTED, NEEDS, SCOPES, UNCHECKED, Permission, allowed, for_whom, require
from maiia_pro.kernel.actor import EVERY_RIGHT, STAFF, Actor, ActorKind, Right
from maiia_pro.kernel.errors import NotAdministrator, NotAllowed, NotChecked, NotDelegated, NotFound, NotSignedIn

pytestmark = pytest.mark.unit

HERE, THERE, WHOSE, OTHER = (UUID(int=number) for number in range(1, 5))
DESK = {Permission.AGENDA_VIEW, Permission.APPOINTMENT_MANAGE, Permission.PATIENT_VIEW, Permission.PATIENT_EDIT}


def actor(kind: ActorKind, *scopes: str) -> Actor:
    mine = {WHOSE: EVERY_RIGHT}
    return Actor(kind, "Essai", account_id=UUID(int=9), practice_ids=frozenset({HERE}), rights=mine, scopes=frozenset(scopes))


def test_every_kind_of_actor_is_in_the_table():
    assert set(GRANTED) == set(ActorKind)


@pytest.mark.parametrize(("kind", "permission"), [*product([ActorKind.ANONYMOUS, ActorKind.PATIENT, ActorKind.OPERATOR], sorted(DESK))])
def test_who_does_not_work_in_a_practice_has_nothing_of_the_desk(kind, permission):
    assert not allowed(actor(kind), permission, HERE)


def test_only_people_of_practices_and_the_system_change_opening_hours():
    assert [kind for kind in ActorKind if allowed(actor(kind, *SCOPES.values()), Permission.AGENDA_SETUP)] == [
        ActorKind.SECRETARY, ActorKind.PRACTITIONER, ActorKind.SUBSTITUTE, ActorKind.SYSTEM,
    ]  # fmt: skip


@pytest.mark.requirement(59)
@pytest.mark.parametrize("kind", sorted(STAFF))
@pytest.mark.parametrize("permission", sorted(NEEDS))
def test_each_right_lets_do_what_needs_it_for_that_practitioner_and_nothing_else(kind, permission):
    for right in Right:
        one = replace(actor(kind), rights={WHOSE: frozenset({right})})
        assert allowed(one, permission, HERE, WHOSE) is (right in NEEDS[permission])
        assert not allowed(one, permission, HERE, OTHER)
        assert for_whom(one, permission) == ([WHOSE] if right in NEEDS[permission] else [])
    with pytest.raises(NotDelegated):
        require(replace(actor(kind), rights={}), permission, HERE, WHOSE)


@pytest.mark.parametrize("kind", sorted(STAFF))
@pytest.mark.parametrize("permission", sorted(ADMINISTERED))
def test_what_is_the_practice_s_affair_is_its_administrators_and_no_right_over_an_agenda_lets_do_it(kind, permission):
    if permission not in GRANTED[kind]:
        assert not allowed(replace(actor(kind), administers=frozenset({HERE})), permission, HERE)
        return
    with pytest.raises(NotAdministrator):
        require(actor(kind), permission, HERE)
    elsewhere = replace(actor(kind), practice_ids=frozenset({HERE, THERE}), administers=frozenset({THERE}))
    with pytest.raises(NotAdministrator):
        require(elsewhere, permission, HERE)
    require(elsewhere, permission, THERE)
    with pytest.raises(NotFound):
        require(replace(actor(kind), administers=frozenset({HERE})), permission, THERE)


@pytest.mark.parametrize("kind", sorted(STAFF))
def test_administering_a_practice_opens_nobody_s_agenda(kind):
    manager = replace(actor(kind), rights={}, administers=frozenset({HERE}))
    assert not any(allowed(manager, permission, HERE) for permission in NEEDS)


@pytest.mark.parametrize("kind", sorted(STAFF))
def test_staff_stay_in_their_practices(kind):
    require(actor(kind), Permission.APPOINTMENT_BOOK, HERE)
    with pytest.raises(NotFound):
        require(actor(kind), Permission.APPOINTMENT_BOOK, THERE)


def test_who_follows_a_link_may_act_on_the_visit_of_that_link_and_nothing_else():
    assert {permission for permission in Permission if allowed(actor(ActorKind.LINK, *SCOPES.values()), permission)} == {
        Permission.SIGN_IN, Permission.DIRECTORY_SEARCH, Permission.APPOINTMENT_LINKED,
    }  # fmt: skip
    assert [kind for kind in ActorKind if allowed(actor(kind, *SCOPES.values()), Permission.APPOINTMENT_LINKED)] == [
        ActorKind.LINK, ActorKind.SYSTEM,
    ]  # fmt: skip


def test_a_visitor_is_asked_to_sign_in():
    with pytest.raises(NotSignedIn):
        require(Actor.anonymous(), Permission.APPOINTMENT_BOOK)


def test_who_never_may_is_told_so():
    with pytest.raises(NotAllowed):
        require(actor(ActorKind.PATIENT), Permission.PATIENT_VIEW, HERE)


@pytest.mark.parametrize("permission", sorted(Permission))
def test_a_program_without_a_scope_may_nothing(permission):
    assert not allowed(actor(ActorKind.API_CLIENT), permission, HERE)


@pytest.mark.parametrize(("permission", "scope"), sorted(SCOPES.items()))
def test_a_program_may_what_its_scope_says_and_only_in_its_practice(permission, scope):
    client = actor(ActorKind.API_CLIENT, scope)
    assert allowed(client, permission, HERE)
    assert not allowed(client, permission, THERE)
    assert {other for other in Permission if allowed(client, other)} == {other for other, needed in SCOPES.items() if needed == scope}


@pytest.mark.parametrize("permission", [Permission.OPERATION, Permission.SYSTEM, Permission.AGENDA_SETUP, Permission.ACCOUNT_OWN])
def test_no_scope_opens_what_is_for_people(permission):
    assert not allowed(actor(ActorKind.API_CLIENT, *SCOPES.values()), permission)


@pytest.mark.parametrize("kind", [ActorKind.SUBSTITUTE, ActorKind.AIDANT])
@pytest.mark.parametrize("permission", sorted(Permission))
def test_who_waits_for_the_operator_has_their_own_account_and_nothing_else(kind, permission):
    waiting = replace(actor(kind), checked=False)
    assert allowed(waiting, permission, HERE, WHOSE) is (permission in UNCHECKED)
    if permission in GRANTED[kind] - UNCHECKED:
        with pytest.raises(NotChecked):
            require(waiting, permission, HERE, WHOSE)
