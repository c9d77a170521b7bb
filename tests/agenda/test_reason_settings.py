"""Writing a reason's rules, taking reasons over from a colleague, and keeping the rooms of a practice."""

import pytest
from sqlmodel import Session

from maiia_pro.agenda.codes import Audience, Mode
from maiia_pro.agenda.reason_copies import Copied, colleagues_reasons, copy_reasons
from maiia_pro.agenda.reasons import ReasonForm, save_reason
from maiia_pro.agenda.resources import ResourceForm, practice_resources, retire_resource, save_resource
from maiia_pro.agenda.setup import opening_week
from maiia_pro.agenda.slot_terms import slot_terms
from maiia_pro.agenda.slots import SlotKey
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.errors import Invalid, NotAdministrator, NotAllowed, NotFound
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration

RULES = {
    "new_patient_minutes": 40,
    "audience": Audience.KNOWN,
    "notice_minutes": 120,
    "horizon_days": 60,
    "same_day": True,
    "cancel_hours": 48,
    "new_patients_a_day": 3,
    "open_bookings": 1,
    "instructions": "Venez à jeun.",
    "bring": ("Carte Vitale", "Courrier du médecin traitant"),
}


def form(house: House, **changes) -> ReasonForm:
    values = {"name": "Suivi", "duration_minutes": 15, "mode": Mode.IN_PERSON, "hue": "teal", "online": True, "site_ids": (house.sites[0],)}
    return ReasonForm(**values | changes)


def test_rules_and_needs_are_read_again_as_they_were_written(house):
    owner, kind = house.practitioner_actor(), house.rooms() and practice_resources(house.secretary()).kinds[0].id
    reason = save_reason(owner, house.practitioners[0], form(house, **RULES, needs=(kind,)))
    view = next(one for one in opening_week(owner, house.practitioners[0]).reasons if one.id == reason)
    assert {name: getattr(view, name) for name in RULES} == RULES
    assert view.needs == (kind,)
    save_reason(owner, house.practitioners[0], form(house), reason)
    assert next(one for one in opening_week(owner, house.practitioners[0]).reasons if one.id == reason).needs == ()


def test_a_kind_of_another_practice_is_refused(house, other_house):
    other_house.rooms()
    kind = practice_resources(other_house.secretary()).kinds[0].id
    with pytest.raises(NotFound):
        save_reason(house.practitioner_actor(), house.practitioners[0], form(house, needs=(kind,)))


def test_reasons_are_copied_with_their_rules_and_those_one_has_are_left(clean_database):
    house = House.ready(practitioners=2)
    house.rooms(house.reasons[1])
    mine, colleague = house.practitioner_actor(), house.practitioner_actor(house.practitioners[1])
    theirs = save_reason(colleague, house.practitioners[1], form(house, **RULES))
    (found,) = colleagues_reasons(mine, house.practitioners[0])
    assert {one.id for one in found.reasons} == {theirs, house.reasons[1]}
    copied = copy_reasons(mine, house.practitioners[0], house.practitioners[1], [theirs, house.reasons[1]])
    assert copied == Copied(("Suivi",), ("Consultation",))
    view = next(one for one in opening_week(mine, house.practitioners[0]).reasons if one.name == "Suivi")
    assert {name: getattr(view, name) for name in RULES} == RULES
    assert view.site_ids == (house.sites[0],)


def test_the_reasons_of_five_colleagues_are_read_in_as_many_questions_as_those_of_one(clean_database, monkeypatch):
    house = House.ready(practitioners=2)
    mine, asked = house.practitioner_actor(), []
    monkeypatch.setattr(Session, "exec", lambda *one, ask=Session.exec, **more: asked.append(one) or ask(*one, **more))
    colleagues_reasons(mine, house.practitioners[0])
    few = len(asked)
    for _ in range(4):
        house.offering(house.reason(house.practitioner()), house.sites[0])
    asked.clear()
    assert [len(one.reasons) for one in colleagues_reasons(mine, house.practitioners[0])] == [1] * 5
    assert len(asked) == few


def test_nothing_is_copied_from_another_practice_or_into_a_colleague_s_agenda(clean_database):
    house, elsewhere = House.ready(practitioners=2), House.ready()
    mine = house.practitioner_actor()
    with pytest.raises(NotFound):
        copy_reasons(mine, house.practitioners[0], elsewhere.practitioners[0], elsewhere.reasons)
    with pytest.raises(NotAllowed):
        copy_reasons(mine, house.practitioners[1], house.practitioners[0], house.reasons[:1])
    with pytest.raises(Invalid):
        copy_reasons(mine, house.practitioners[0], house.practitioners[1], [])


def test_an_administrator_adds_renames_and_retires_rooms(house):
    secretary, site = house.secretary(administers=True), house.sites[0]
    room = save_resource(secretary, ResourceForm("Salle 1", "Salle d’examen", site))
    save_resource(secretary, ResourceForm("Salle 2", "SALLE D’EXAMEN", site))
    save_resource(secretary, ResourceForm("Salle bleue", "", site), room)
    retire_resource(secretary, room)
    found = practice_resources(house.practitioner_actor())
    assert [kind.name for kind in found.kinds] == ["Salle d’examen"]
    assert [(one.name, one.retired) for one in found.resources] == [("Salle 2", False), ("Salle bleue", True)]
    retire_resource(secretary, room, retired=False)
    assert not any(one.retired for one in practice_resources(secretary).resources)


def test_a_room_without_name_or_kind_is_refused_beside_its_fields(house):
    with pytest.raises(Invalid) as refusal:
        save_resource(house.practitioner_actor(), ResourceForm(" ", "", house.sites[0]))
    assert set(refusal.value.fields) == {"name", "kind"}


def test_rooms_are_their_own_practice_s(house, other_house):
    (room,), stranger = house.rooms(), other_house.practitioner_actor()
    for act in (
        lambda: retire_resource(stranger, room),
        lambda: save_resource(stranger, ResourceForm("Salle", "Salle", house.sites[0])),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        practice_resources(new_patient_account())


def test_who_does_not_administer_the_practice_sees_its_rooms_and_changes_none(house):
    secretary, (room,) = house.secretary(), house.rooms()
    assert [one.id for one in practice_resources(secretary).resources] == [room]
    with pytest.raises(NotAdministrator):
        retire_resource(secretary, room)
    with pytest.raises(NotAdministrator):
        save_resource(secretary, ResourceForm("Salle 2", "Salle", house.sites[0]))


def test_a_patient_is_told_the_terms_of_a_slot_before_booking_it(house, patient):
    house.rule(house.reasons[0], new_patient_minutes=40)
    early, late = house.slot(9), SlotKey(house.offerings[0], house.instant(11, 40))
    told = slot_terms(patient, early)
    assert (told.minutes, told.free, told.refusal) == (40, True, "")
    told = slot_terms(patient, late)
    assert not told.free
    assert "première consultation" in told.refusal
    assert slot_terms(Actor.anonymous(), late).free
    house.rule(house.reasons[0], audience="known")
    assert "déjà suivis" in slot_terms(patient, early).refusal
