"""How often a calendar elsewhere may be tried by whoever presses."""

import pytest

from maiia_pro.kernel.errors import TooMany
from maiia_pro.outside.linking import ASKED_A_MINUTE, connect, disconnect, own_link, sync_now
from tests.factories import House

pytestmark = pytest.mark.integration

ADDRESS = "https://agenda.exemple.fr/"


def test_who_has_a_calendar_tried_again_and_again_is_asked_to_wait_and_may_still_unlink_it(clean_database):
    house = House.ready(practitioners=2)
    owners = [house.practitioner_actor(one) for one in house.practitioners]
    for _ in range(ASKED_A_MINUTE // 2):
        connect(owners[0], house.practitioners[0], ADDRESS, "claire", "secret")
        sync_now(owners[0], house.practitioners[0])
    for act in (sync_now, lambda *whose: connect(*whose, ADDRESS, "claire", "autre")):
        with pytest.raises(TooMany, match="Attendez une minute"):
            act(owners[0], house.practitioners[0])
    connect(owners[1], house.practitioners[1], ADDRESS, "paul", "secret")
    disconnect(owners[0], house.practitioners[0], remove_ours=True)
    assert own_link(owners[0], house.practitioners[0]) is None
