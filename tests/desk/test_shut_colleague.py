"""The open desk of a practice whose practitioner the operator shuts out."""

import pytest
from playwright.sync_api import expect

from maiia_pro.identity.restriction_tables import Ground, RestrictionKind
from maiia_pro.operations.restricting import Decision, restore_account, restrict_account
from tests.desk.agenda_page import watching
from tests.desk.world import World
from tests.factories import new_operator

pytestmark = pytest.mark.e2e

SHUT = "Compte désactivé : pas de nouveau rendez-vous"


@pytest.mark.requirement(49)
def test_the_open_desk_stops_offering_who_is_shut_out_and_says_so_at_once(desk, world: World):
    watching(desk, world)
    head = desk.locator(".agenda-head", has_text="Dr Claire Vasseur")
    free = desk.locator("[aria-label^='Donner un rendez-vous'][aria-label$='Vasseur']")
    free.first.click()
    dialog = desk.get_by_role("dialog", name="Nouveau rendez-vous")
    dialog.get_by_label("Chercher un patient").fill("kel")
    doctor = world.practitioner.actor.account_id
    decided = restrict_account(new_operator(), doctor, Decision(RestrictionKind.DEACTIVATED, Ground.FRAUD), None)
    expect(head).to_contain_text(SHUT)
    expect(dialog).to_contain_text("préparé pour Dr Claire Zeller")
    expect(dialog.get_by_label("Chercher un patient")).to_have_value("kel")
    expect(dialog.get_by_label("Praticien")).not_to_contain_text("Vasseur")
    expect(desk.locator(".slot-line", has_text="Vasseur")).to_have_count(0)
    expect(free).to_have_count(0)
    restore_account(new_operator(), doctor, decided)
    expect(head).not_to_contain_text(SHUT)
    expect(desk.locator(".slot-line", has_text="Vasseur").first).to_be_attached()
