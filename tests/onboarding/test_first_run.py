"""From nothing to an open agenda: the use cases, their rights, and that nothing comes twice."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from maiia_pro.agenda.directory import practitioner_page
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.opening_tables import OpeningRule
from maiia_pro.agenda.setup import opening_week
from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.agenda.week_rules import DayRange
from maiia_pro.identity.accounts import EmailTaken, LinkExpired, activate
from maiia_pro.integrations.smtp.client import MailServer
from maiia_pro.integrations.smtp.sink import MailSink
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.clock import now
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotAdministrator, NotAllowed, NotFound, TooMany
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.notifications.outbox import deliver, outbox
from maiia_pro.notifications.tables import OutgoingEmail
from maiia_pro.onboarding.inviting import LINKS_A_MINUTE, AlreadyActive, send_links_again
from maiia_pro.onboarding.people import PersonForm
from maiia_pro.onboarding.practices import NewPractice, open_practice
from maiia_pro.onboarding.progress import first_run, pass_step
from maiia_pro.onboarding.sites import SiteForm, first_site_id, save_site
from maiia_pro.onboarding.tables import Step
from maiia_pro.onboarding.taking import NoSite, take_reasons
from maiia_pro.onboarding.team import Invitation, ask_in, save_sheet
from maiia_pro.onboarding.template_reasons import TEMPLATES
from maiia_pro.onboarding.week import booking_window, save_first_week
from maiia_pro.practice.rpps import key_holds
from maiia_pro.practice.tables import Practice, Practitioner, Site, Specialty
from maiia_pro.settings import get_settings
from tests.concurrency.racing import race
from tests.factories import House, new_operator, new_patient_account, publish_page
from tests.onboarding.conftest import PRACTICE, SITE, Opened, account_of, activated, link_of

pytestmark = pytest.mark.integration

COLLEAGUE = {
    "role": "practitioner", "title": "Dr", "given_name": "Bruno", "family_name": "Caron", "specialty": "cardiology",
    "rpps": "10000001916", "email": "bruno.caron@exemple.fr",
}  # fmt: skip
SECRETARY = {"role": "secretary", "given_name": "Odile", "family_name": "Faure", "email": "odile.faure@exemple.fr"}
WEEK = [DayRange(day, opens, closes) for day in range(5) for opens, closes in ((time(9), time(12)), (time(14), time(18)))]
GENERAL = TEMPLATES[Specialty.GENERAL_MEDICINE]


def rows(table: type) -> list:
    with reading() as session:
        return list(session.exec(select(table)))


def place(opened: Opened, **changes: str) -> UUID:
    return save_site(opened.actor, first_site_id(opened.practice_id), SiteForm.read(SITE | changes))


# --- the operator ------------------------------------------------------------------------------------------------------


def test_a_practice_that_is_opened_has_its_practitioner_who_comes_in_by_the_link(opened):
    assert opened.actor.practice_ids == {opened.practice_id}
    own = first_run(opened.actor).practitioner
    assert (own.display_name, own.slug, own.published) == ("Dr Aline Perrot", "aline-perrot", False)


@pytest.mark.requirement(39)
def test_the_message_brings_a_link_and_no_password(clean_database):
    open_practice(new_operator(), NewPractice.read(PRACTICE))
    assert account_of(PRACTICE["email"]).password_hash is None
    assert "/activation#" in link_of(PRACTICE["email"])


def test_a_practice_asked_for_twice_is_opened_once(clean_database):
    operator = new_operator()
    first, second = (open_practice(operator, NewPractice.read(PRACTICE)) for _ in range(2))
    assert first == second
    assert len(rows(Practice)) == len(rows(OutgoingEmail)) == 1


def test_a_practice_asked_for_by_two_clicks_at_once_is_opened_once(clean_database):
    operator = new_operator()
    assert race([lambda: open_practice(operator, NewPractice.read(PRACTICE))] * 2) == {"done": 2}
    assert len(rows(Practice)) == len(rows(OutgoingEmail)) == 1


def test_an_address_that_somebody_has_opens_no_practice(opened):
    with pytest.raises(EmailTaken):
        open_practice(new_operator(), NewPractice.read(PRACTICE))
    assert len(rows(Practice)) == 1


def test_only_the_operator_opens_a_practice(opened):
    for actor in (opened.actor, new_patient_account()):
        with pytest.raises(NotAllowed):
            open_practice(actor, NewPractice.read(PRACTICE | {"email": "autre@exemple.fr"}))


def test_everything_wrong_with_a_new_practice_is_said_at_once():
    with pytest.raises(Invalid) as refused:
        NewPractice.read({"rpps": "123", "email": "nulle part", "specialty": "magie"})
    assert set(refused.value.fields) == {"practice_name", "offer", "given_name", "family_name", "specialty", "rpps", "email"}


def test_two_practitioners_of_one_name_have_two_addresses(opened):
    open_practice(new_operator(), NewPractice.read(PRACTICE | {"email": "autre@exemple.fr", "rpps": "10000001916"}))
    assert {one.slug for one in rows(Practitioner)} == {"aline-perrot", "aline-perrot-2"}


def test_the_longest_name_has_an_address_that_is_read(clean_database):
    long = {"given_name": "Marie " * 19, "family_name": "de la Tour " * 10}
    open_practice(new_operator(), NewPractice.read(PRACTICE | long))
    (one,) = rows(Practitioner)
    publish_page(one.id)
    assert practitioner_page(Actor.anonymous(), one.slug).card.slug == one.slug


@pytest.mark.parametrize(("number", "holds"), [("10000005479", True), ("10000005478", False)])
def test_the_key_of_an_rpps_number_is_told(number, holds):
    assert key_holds(number) is holds


def test_a_fresh_link_takes_the_place_of_the_first(clean_database):
    operator = new_operator()
    practice_id = open_practice(operator, NewPractice.read(PRACTICE))
    with reading() as session:
        first = session.exec(select(OutgoingEmail.body)).one()
    assert send_links_again(operator, practice_id) == 1
    with pytest.raises(LinkExpired):
        activate(Actor.anonymous(), first.partition("#")[2].split()[0], "une longue phrase pour entrer")
    assert activated(PRACTICE["email"])
    with pytest.raises(AlreadyActive):
        send_links_again(operator, practice_id)


def test_a_link_is_shown_to_nobody_but_the_operator_of_a_demonstration(opened):
    ask_in(opened.actor, Invitation.read(SECRETARY))
    assert outbox(opened.actor) == []
    assert len(outbox(new_operator())) == 2


def test_elsewhere_a_link_that_has_left_is_kept_nowhere(clean_database, monkeypatch, tmp_path):
    monkeypatch.setenv("DEMO", "0")
    get_settings.cache_clear()
    try:
        open_practice(new_operator(), NewPractice.read(PRACTICE))
        sink = MailSink(tmp_path)
        deliver(WORKER, rows(OutgoingEmail)[0].id, MailServer.from_url(sink.start()))
        sink.stop()
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    assert [mail.body for mail in rows(OutgoingEmail)] == [""]
    assert [practice.is_demo for practice in rows(Practice)] == [False]


# --- the steps -----------------------------------------------------------------------------------------------------------


def test_a_practitioner_comes_from_nothing_to_slots_that_a_visitor_sees(opened):
    assert first_run(opened.actor).next_step is Step.SITE
    place(opened)
    save_sheet(opened.actor, PersonForm.read(PRACTICE | {"hue": "plum"}, FieldErrors()))
    take_reasons(opened.actor, GENERAL)
    save_first_week(opened.actor, first_site_id(opened.practice_id), WEEK, 60, 183)
    pass_step(opened.actor, Step.INTAKE)
    found = first_run(opened.actor)
    assert (found.next_step, found.is_open) == (Step.PUBLICATION, True)
    assert booking_window(opened.actor) == (60, 183)
    visitor, asked = new_patient_account(), FreeSlotQuery(now(), now() + timedelta(days=14))
    assert free_slots(visitor, asked) == []
    publish_page(found.practitioner.id)
    assert free_slots(visitor, asked) != []


@pytest.mark.parametrize("specialty", Specialty)
def test_every_reason_of_a_template_passes_the_checks_of_one_made_by_hand(specialty):
    names = [replace(form, site_ids=(UUID(int=1),)).check().name for form in TEMPLATES[specialty]]
    assert len(names) >= 6
    assert len({name.casefold() for name in names}) == len(names)


def test_the_reasons_of_all_templates_are_saved(opened):
    place(opened)
    for forms in TEMPLATES.values():
        take_reasons(opened.actor, forms)
    saved = {reason.name.casefold() for reason in rows(VisitReason)}
    assert saved == {form.name.casefold() for forms in TEMPLATES.values() for form in forms}


def test_reasons_wait_for_a_place(opened):
    with pytest.raises(NoSite):
        take_reasons(opened.actor, GENERAL)
    assert rows(VisitReason) == []


def test_a_week_that_is_refused_leaves_the_reasons_as_they_were(opened):
    place(opened)
    take_reasons(opened.actor, GENERAL)
    before = booking_window(opened.actor)
    with pytest.raises(Invalid):
        save_first_week(opened.actor, first_site_id(opened.practice_id), WEEK + WEEK, 60, 183)
    assert booking_window(opened.actor) == before
    assert opening_week(opened.actor, first_run(opened.actor).practitioner.id).hours[first_site_id(opened.practice_id)] == ()


def test_the_clock_of_a_place_is_that_of_its_postal_code(opened):
    place(opened, postal_code="97400", city="Saint-Denis", phone="0262 12 34 56")
    assert [site.zone for site in rows(Site)] == ["Indian/Reunion"]


def test_a_step_passed_over_is_passed_over_on_every_device_and_stays_open(opened):
    pass_step(opened.actor, Step.SITE)
    assert first_run(opened.actor).next_step is Step.PRACTITIONER
    place(opened)
    assert Step.SITE in first_run(opened.actor).done


def test_a_colleague_and_a_secretary_come_in_by_their_links(opened):
    for new in (COLLEAGUE, SECRETARY):
        ask_in(opened.actor, Invitation.read(new))
        assert activated(new["email"]).practice_ids == {opened.practice_id}
    assert [one.waiting for one in first_run(opened.actor).staff] == [False] * 3


def test_whom_a_practice_is_opened_for_administers_it_and_nobody_who_is_asked_in_does(opened):
    assert opened.actor.administers == {opened.practice_id}
    place(opened)
    for new in (COLLEAGUE, SECRETARY):
        ask_in(opened.actor, Invitation.read(new))
    colleague, secretary = activated(COLLEAGUE["email"]), activated(SECRETARY["email"])
    assert (colleague.administers, secretary.administers) == (frozenset(), frozenset())
    with pytest.raises(NotAdministrator):
        place(replace(opened, actor=colleague), site_name="Pris")
    with pytest.raises(NotAdministrator):
        ask_in(colleague, Invitation.read(COLLEAGUE | {"email": "autre@exemple.fr", "rpps": "10000548254"}))
    assert ask_in(colleague, Invitation.read(SECRETARY | {"email": "autre@exemple.fr"}))
    assert first_run(colleague).sites != ()


def test_a_practice_sends_ten_links_a_minute_to_whom_it_asks_in(opened):
    def ask(number):
        return ask_in(opened.actor, Invitation.read(SECRETARY | {"email": f"secretaire{number}@exemple.fr"}))

    with pytest.raises(TooMany):
        [ask(number) for number in range(LINKS_A_MINUTE + 1)]
    assert len(first_run(opened.actor).staff) == LINKS_A_MINUTE + 1


# --- nothing twice, nobody else ------------------------------------------------------------------------------------------


def test_two_screens_that_save_every_step_at_once_make_nothing_twice(opened):
    steps = (
        lambda: place(opened),
        lambda: take_reasons(opened.actor, GENERAL),
        lambda: save_first_week(opened.actor, first_site_id(opened.practice_id), WEEK, 60, 183),
    )
    for step in steps:
        assert race([step, step]) == {"done": 2}
    assert (len(rows(Site)), len(rows(VisitReason)), len(rows(Offering))) == (1, len(GENERAL), len(GENERAL))
    assert len(rows(OpeningRule)) == len(WEEK)


def test_somebody_asked_in_from_two_screens_has_one_account_and_one_link(opened):
    outcomes = race([lambda: ask_in(opened.actor, Invitation.read(COLLEAGUE))] * 2)
    assert outcomes == {"done": 2}
    assert len([one for one in rows(Practitioner) if one.family_name == "Caron"]) == 1
    assert len([one for one in rows(OutgoingEmail) if one.recipient == COLLEAGUE["email"]]) == 1


def test_a_secretary_sets_nothing_up(opened):
    ask_in(opened.actor, Invitation.read(SECRETARY))
    secretary = activated(SECRETARY["email"])
    site, form = first_site_id(opened.practice_id), SiteForm.read(SITE)
    acts = (
        lambda: first_run(secretary), lambda: pass_step(secretary, Step.SITE), lambda: save_site(secretary, site, form),
        lambda: ask_in(secretary, Invitation.read(COLLEAGUE)), lambda: take_reasons(secretary, GENERAL),
        lambda: save_first_week(secretary, site, WEEK, None, None), lambda: send_links_again(secretary, opened.practice_id),
    )  # fmt: skip
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_practitioner_of_another_practice_touches_nothing(opened, other_house: House):
    place(opened)
    stranger, site = other_house.practitioner_actor(), first_site_id(opened.practice_id)
    acts = (
        lambda: save_site(stranger, site, SiteForm.read(SITE | {"site_name": "Pris"})),
        lambda: save_first_week(stranger, site, WEEK, None, None),
        lambda: send_links_again(stranger, opened.practice_id),
    )
    for act in acts:
        with pytest.raises(NotFound):
            act()
    assert "Pris" not in {one.name for one in rows(Site)}
