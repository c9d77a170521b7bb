"""The demonstration's practice: sites, practitioners, hours, reasons."""

from datetime import time
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, SQLModel, select

from maiia_pro.agenda.codes import Mode
from maiia_pro.agenda.opening_tables import OpeningRule
from maiia_pro.agenda.tables import Offering, VisitReason
from maiia_pro.agenda.terms import SchoolTime, Weeks
from maiia_pro.demo.ids import PRACTICE_ID, demo_id
from maiia_pro.demo.people import INITIAL_OFFER, PRACTICE_NAME, PRACTITIONERS, SITES, DemoPractitioner, DemoReason
from maiia_pro.demo.profiles import profile_of
from maiia_pro.demo.rules import rules_of
from maiia_pro.kernel import clock
from maiia_pro.kernel.french import name_key
from maiia_pro.practice import licence
from maiia_pro.practice.group_tables import GroupPlace, PractitionerGroup
from maiia_pro.practice.profile_tables import LicenceConsent, ProfilePage
from maiia_pro.practice.profiles import Profile
from maiia_pro.practice.tables import Offer, Practice, Practitioner, Site

WORKING_DAYS = range(6)
MORNING = (time(8, 0), time(12, 0))
AFTERNOON = (time(14, 0), time(18, 40))
SATURDAY = 5
EVENINGS: dict[int, tuple[tuple[time, time], dict[str, object]]] = {
    2: ((time(19, 0), time(20, 0)), {"weeks": Weeks.A}),
    3: ((time(19, 0), time(19, 40)), {"school": SchoolTime.OUTSIDE}),
}
"""Late hours every other Wednesday, and on Thursdays while schools are open for the first reason only."""


GROUPS = {"Étage 1": ("vasseur", "belkacem"), "Mères et enfants": ("marchand", "ferrand")}


def add_missing(session: Session, table: type[SQLModel], rows: list[dict[str, object]]) -> None:
    """Insert the rows that are not there yet, many at a time."""
    for begin in range(0, len(rows), 500):
        session.connection().execute(insert(table).values(rows[begin : begin + 500]).on_conflict_do_nothing())


def seed_practice(session: Session) -> None:
    """Add what is missing of the practice."""
    practice = {"id": PRACTICE_ID, "name": PRACTICE_NAME, "offer": Offer.PREMIUM, "is_demo": True, "created_at": clock.now()}
    add_missing(session, Practice, [practice])
    add_missing(session, Site, [_site(index) for index in range(len(SITES))])
    known = set(session.exec(select(Practitioner.id).where(Practitioner.practice_id == PRACTICE_ID)).all())
    add_missing(session, Practitioner, [_practitioner(demo) for demo in PRACTITIONERS])
    for one in PRACTITIONERS:
        if demo_id(f"practitioner:{one.key}") not in known:  # a page that was withdrawn stays so
            _show(session, demo_id(f"practitioner:{one.key}"), profile_of(one.key, one.presentation))
    add_missing(session, VisitReason, [_reason(demo, index) for demo in PRACTITIONERS for index in range(len(demo.reasons))])
    add_missing(session, Offering, [row for demo in PRACTITIONERS for reason in demo.reasons for row in _offerings(demo, reason)])
    rules = [row for demo in PRACTITIONERS for row in _rules(demo)]
    add_missing(session, OpeningRule, [row for row in rules if row["practitioner_id"] not in known])  # saved hours are theirs
    if not known:  # groups that were deleted stay so
        _group(session)
    _seed_initial_offer(session)


def _group(session: Session) -> None:
    """Put the practitioners into groups that the agenda shows in one act."""
    for position, (name, keys) in enumerate(GROUPS.items(), start=1):
        ident = demo_id(f"group:{name}")
        add_missing(session, PractitionerGroup, [{"id": ident, "practice_id": PRACTICE_ID, "name": name, "position": position}])
        places: list[dict[str, object]] = [
            {"group_id": ident, "practitioner_id": demo_id(f"practitioner:{key}"), "practice_id": PRACTICE_ID} for key in keys
        ]
        add_missing(session, GroupPlace, places)


def _seed_initial_offer(session: Session) -> None:
    """Add a second practice, on the initial offer: it is found on the public page and shows no slot (terms of use, article 8.1)."""
    practice_id, site_id, practitioner_id = (demo_id(f"initial:{name}") for name in ("practice", "site", "practitioner"))
    practice = {"id": practice_id, "name": "Cabinet du Port", "offer": Offer.INITIAL, "is_demo": True, "created_at": clock.now()}
    reason = _reason(PRACTITIONERS[0], 0) | {
        "id": demo_id("initial:reason"),
        "practice_id": practice_id,
        "practitioner_id": practitioner_id,
    }
    offering = {"id": demo_id("initial:offering"), "practice_id": practice_id, "practitioner_id": practitioner_id}
    rule = {"id": demo_id("initial:rule"), "practitioner_id": practitioner_id, "weekday": 0, "opens": MORNING[0], "closes": MORNING[1]}
    add_missing(session, Practice, [practice])
    add_missing(session, Site, [_site(0) | {"id": site_id, "practice_id": practice_id, "name": "Cabinet du Port", "phone": "+33240000003"}])
    new = session.get(Practitioner, practitioner_id) is None
    add_missing(session, Practitioner, [_practitioner(INITIAL_OFFER) | {"id": practitioner_id, "practice_id": practice_id}])
    if new:
        _show(session, practitioner_id, Profile(presentation=INITIAL_OFFER.presentation))
    add_missing(session, VisitReason, [reason])
    add_missing(session, Offering, [offering | {"site_id": site_id, "reason_id": reason["id"], "active": True}])
    add_missing(session, OpeningRule, [rule | {"site_id": site_id}])


def _show(session: Session, practitioner_id: UUID, written: Profile) -> None:
    """Publish a page as its practitioner would: what it says, and the consent to the licence."""
    said = written.kept()
    add_missing(session, ProfilePage, [
        {"practitioner_id": practitioner_id, "draft": said, "shown": said, "changed_at": clock.now(), "published_at": clock.now()}
    ])  # fmt: skip
    practitioner = session.get_one(Practitioner, practitioner_id)
    consent = LicenceConsent(practitioner_id=practitioner_id, licence=licence.VERSION, given_by=practitioner.display_name)
    session.add(consent)
    session.flush()
    practitioner.consent_id = consent.id


def _site(index: int) -> dict[str, object]:
    site = SITES[index]
    return {
        "id": demo_id(f"site:{site.key}"),
        "practice_id": PRACTICE_ID,
        "name": site.name,
        "street": site.street,
        "postal_code": site.postal_code,
        "city": site.city,
        "place_key": name_key(f"{site.city} {site.postal_code} {site.street}"),
        "phone": site.phone,
        "zone": "Europe/Paris",
    }


def _practitioner(demo: DemoPractitioner) -> dict[str, object]:
    return {
        "id": demo_id(f"practitioner:{demo.key}"),
        "practice_id": PRACTICE_ID,
        "title": demo.title,
        "given_name": demo.given_name,
        "family_name": demo.family_name,
        "sort_key": name_key(f"{demo.family_name} {demo.given_name}"),
        "specialty": demo.specialty,
        "rpps": demo.rpps,
        "slug": name_key(f"{demo.given_name} {demo.family_name}").replace(" ", "-"),
        "hue": demo.hue,
    }


def reason_id(demo: DemoPractitioner, reason: DemoReason) -> object:
    """Name the row of a practitioner's reason."""
    return demo_id(f"reason:{demo.key}:{reason.name}")


def _reason(demo: DemoPractitioner, index: int) -> dict[str, object]:
    reason = demo.reasons[index]
    return {
        "id": reason_id(demo, reason),
        "practice_id": PRACTICE_ID,
        "practitioner_id": demo_id(f"practitioner:{demo.key}"),
        "name": reason.name,
        "duration_minutes": reason.minutes,
        "step_minutes": 20,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
        "mode": Mode.VIDEO if reason.video else Mode.IN_PERSON,
        "hue": reason.hue,
        "online": reason.online,
        "fee_cents": reason.fee_cents,
        "position": index,
        "active": True,
        **rules_of(demo.key, reason.name),
    }


def _offerings(demo: DemoPractitioner, reason: DemoReason) -> list[dict[str, object]]:
    return [
        {
            "id": demo_id(f"offering:{demo.key}:{reason.name}:{site.key}"),
            "practice_id": PRACTICE_ID,
            "practitioner_id": demo_id(f"practitioner:{demo.key}"),
            "site_id": demo_id(f"site:{site.key}"),
            "reason_id": reason_id(demo, reason),
            "active": True,
        }
        for site in SITES
    ]


def site_of_day(demo: DemoPractitioner, weekday: int) -> str:
    """Tell at which site a practitioner works on a weekday."""
    return SITES[0].key if weekday in demo.weekdays else SITES[1].key


def _rules(demo: DemoPractitioner) -> list[dict[str, object]]:
    usual = [
        _rule(demo, weekday, hours) for weekday in WORKING_DAYS for hours in ((MORNING,) if weekday == SATURDAY else (MORNING, AFTERNOON))
    ]
    first = [reason_id(demo, demo.reasons[0])]
    late = [
        _rule(demo, weekday, hours) | terms | ({"reason_ids": first} if "school" in terms else {})
        for weekday, (hours, terms) in EVENINGS.items()
    ]
    return usual + late


def _rule(demo: DemoPractitioner, weekday: int, hours: tuple[time, time]) -> dict[str, object]:
    opens, closes = hours
    return {
        "id": demo_id(f"rule:{demo.key}:{weekday}:{opens.hour}"),
        "practitioner_id": demo_id(f"practitioner:{demo.key}"),
        "site_id": demo_id(f"site:{site_of_day(demo, weekday)}"),
        "weekday": weekday,
        "opens": opens,
        "closes": closes,
        "weeks": Weeks.EVERY,
        "school": SchoolTime.ALWAYS,
        "reason_ids": [],
    }
