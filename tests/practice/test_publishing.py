"""A page is public by its practitioner's own consent and by nothing else; what is edited afterwards waits; withdrawal hides all of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from threading import Barrier, BrokenBarrierError

import psycopg
import pytest
from PIL import Image
from sqlalchemy import text
from sqlmodel import select
from starlette.requests import Request

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.directory import practitioner_page
from maiia_pro.agenda.errors import NotOffered
from maiia_pro.agenda.offered import FreeSlotQuery, free_slots
from maiia_pro.agenda.search import DirectoryQuery, find_practitioners
from maiia_pro.api import profile_pictures
from maiia_pro.kernel import work
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.clock import now
from maiia_pro.kernel.db import libpq_url, reading, transaction
from maiia_pro.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.practice import licence
from maiia_pro.practice.own_agenda import own_agenda
from maiia_pro.practice.pictures import Picture, picture, set_picture, tidied
from maiia_pro.practice.profile_tables import LicenceConsent, LicenceWithdrawal
from maiia_pro.practice.profile_terms import Payment, Sector
from maiia_pro.practice.profiles import Profile
from maiia_pro.practice.publishing import own_profile, publish, save_draft, withdraw
from maiia_pro.practice.tables import Practitioner
from tests.factories import House, new_patient_account

pytestmark = pytest.mark.integration

VISITOR = Actor.anonymous()


@pytest.fixture
def hidden(clean_database) -> tuple[House, Actor]:
    """A practice open online whose practitioner has not published yet."""
    house = House()
    site = house.site()
    practitioner = house.practitioner(published=False)
    house.hours(practitioner, site)
    house.offering(house.reason(practitioner), site)
    return house, house.practitioner_actor()


def written(presentation: str) -> Profile:
    return Profile.parse({"presentation": presentation, "sector": "sector_1", "paiement-carte_vitale": "oui"}, ())


def seen(actor: Actor) -> tuple[int, int, str | None]:
    """What a visitor meets: results of the search, free slots, what the page says or nothing."""
    slots = free_slots(VISITOR, FreeSlotQuery(now(), now() + timedelta(days=7)))
    try:
        said: str | None = practitioner_page(VISITOR, own_profile(actor).slug).profile.presentation
    except NotFound:
        said = None
    return len(find_practitioners(VISITOR, DirectoryQuery.parse("Vasseur", ""))), min(len(slots), 1), said


def ledger() -> tuple[int, int]:
    with reading() as session:
        return len(session.exec(select(LicenceConsent)).all()), len(session.exec(select(LicenceWithdrawal)).all())


@pytest.mark.requirement(75)
def test_a_page_is_not_public_before_its_practitioner_agreed_to_the_licence(hidden):
    _, actor = hidden
    save_draft(actor, written("Médecin de famille."))
    with pytest.raises(Invalid) as refused:
        publish(actor, agrees=False)
    assert set(refused.value.fields) == {"licence"}
    assert (seen(actor), ledger()) == ((0, 0, None), (0, 0))
    publish(actor, agrees=True)
    assert (seen(actor), ledger()) == ((1, 1, "Médecin de famille."), (1, 0))
    with reading() as session:
        consent = session.exec(select(LicenceConsent)).one()
    assert (consent.licence, consent.account_id, consent.given_by) == (licence.VERSION, actor.account_id, actor.name)


@pytest.mark.requirement(75)
def test_withdrawing_hides_the_page_its_slots_and_its_photo_at_once(hidden):
    house, actor = hidden
    save_draft(actor, written("Médecin de famille."))
    photo = set_picture(actor, Picture.PHOTO, drawing())
    publish(actor, agrees=True)
    assert picture(VISITOR, photo)
    withdraw(actor)
    assert (seen(actor), ledger()) == ((0, 0, None), (1, 1))
    with pytest.raises(NotFound):
        picture(VISITOR, photo)
    assert picture(actor, photo)
    with pytest.raises(NotOffered):
        book_slot(new_patient_account(), BookingRequest(house.slot(9)))
    with pytest.raises(Conflict):
        withdraw(actor)
    publish(actor, agrees=True)
    assert ledger() == (2, 1)


@pytest.mark.requirement(75)
@pytest.mark.parametrize("statement", [
    "update practitioner set published = true",
    "update practitioner set consent_id = gen_random_uuid()",
    "update practitioner set consent_id = (select id from licence_consent limit 1) where consent_id is null",
])  # fmt: skip
def test_the_database_shows_no_page_without_a_consent_of_its_own_practitioner(hidden, statement):
    hidden[0].practitioner("Belkacem")
    with pytest.raises(Exception, match=r"generated column|published_with_consent"), transaction() as session:
        session.connection().execute(text(statement))


@pytest.mark.parametrize(
    "act", ["update licence_consent set licence = 'x'", "delete from licence_consent", "delete from licence_withdrawal"]
)
def test_the_application_cannot_rewrite_the_ledger(clean_database, act):
    with psycopg.connect(libpq_url(clean_database.app)) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(act)


def test_what_is_edited_after_publishing_waits_until_it_is_published(hidden):
    _, actor = hidden
    save_draft(actor, written("Avant."))
    publish(actor, agrees=True)
    save_draft(actor, written("Après."))
    assert seen(actor)[2] == "Avant."
    mine = own_profile(actor)
    assert (mine.draft.presentation, mine.differs, mine.must_agree) == ("Après.", True, False)
    publish(actor, agrees=False)
    assert (seen(actor)[2], own_profile(actor).differs, ledger()) == ("Après.", False, (1, 0))


def test_another_text_of_the_licence_is_agreed_to_anew(hidden, monkeypatch):
    _, actor = hidden
    save_draft(actor, written("Bonjour."))
    publish(actor, agrees=True)
    monkeypatch.setattr(licence, "VERSION", "2027-01")
    with pytest.raises(Invalid):
        publish(actor, agrees=False)
    publish(actor, agrees=True)
    assert ledger() == (2, 1)


def test_only_the_practitioner_publishes_and_it_is_in_the_history(hidden):
    house, actor = hidden
    for other in (house.secretary(), new_patient_account()):
        with pytest.raises(NotAllowed):
            publish(other, agrees=True)
    save_draft(actor, written("Bonjour."))
    publish(actor, agrees=True)
    withdraw(actor)
    with reading() as session:
        told = session.exec(select(AuditEntry.action).where(AuditEntry.action.startswith("profile:")).order_by(AuditEntry.sequence)).all()
        assert session.exec(select(Practitioner.agenda_version)).one() >= 2
    assert told == ["profile:published", "profile:withdrawn"]


def test_whoever_works_in_the_practice_no_more_publishes_nothing_and_may_still_withdraw(hidden):
    _, actor = hidden
    save_draft(actor, written("Bonjour."))
    publish(actor, agrees=True)
    gone = replace(actor, practice_ids=frozenset())
    for act in (own_profile, own_agenda, lambda who: publish(who, agrees=True), lambda who: save_draft(who, written("Après."))):
        with pytest.raises(NotFound):
            act(gone)
    withdraw(gone)
    assert (seen(actor)[2], ledger()) == (None, (1, 1))


def test_a_profile_is_read_back_as_it_was_written(hidden):
    house, _ = hidden
    (site,) = house.sites
    form = {"presentation": "Ligne\nautre", "sector": "sector_2_optam", "paiement-cheque": "oui", "langue-fr": "oui"}
    said = Profile.parse(form | {f"floor-{site.hex}": "2e étage", f"wheelchair-{site.hex}": "yes"}, (site,))
    assert Profile.load(said.kept()) == said
    assert (said.sector, said.payments, said.access[site].floor) == (Sector.TWO_OPTAM, (Payment.CHEQUE,), "2e étage")


def test_everything_wrong_with_a_profile_is_said_at_once(hidden):
    (site,) = hidden[0].sites
    with pytest.raises(Invalid) as refused:
        Profile.parse({"presentation": "x" * 2000, "sector": "secteur 9", f"floor-{site.hex}": "é" * 100}, (site,))
    assert set(refused.value.fields) == {"presentation", "sector", f"floor-{site.hex}"}


def test_a_picture_that_nothing_could_name_is_not_found(hidden):
    with pytest.raises(NotFound):
        picture(VISITOR, "\x00")


def drawing(kind: str = "JPEG", size: tuple[int, int] = (900, 600)) -> bytes:
    """A picture with metadata: who made it, and which way up."""
    image, written = Image.new("RGB", size, "teal"), BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Appareil secret"
    image.save(written, kind, exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_small_and_square_and_loses_its_metadata(kind):
    small = tidied(drawing(kind), Picture.PHOTO)
    with Image.open(BytesIO(small)) as made:
        assert (made.format, made.size, dict(made.getexif())) == ("WEBP", (480, 480), {})
    assert b"Appareil" not in small


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg onload=alert(1)>", drawing()[:300], drawing(size=(60, 60)), drawing(size=(8000, 6000))]
)
def test_what_is_no_usable_photo_is_refused(content):
    with pytest.raises(Invalid):
        tidied(content, Picture.PHOTO)


@pytest.mark.parametrize("size", [(2000, 1), (1, 2000), (3, 10_000)])
def test_a_logo_of_which_nothing_would_be_left_is_refused(size):
    with pytest.raises(Invalid, match="étroite"):
        tidied(drawing("PNG", size), Picture.LOGO)


@pytest.mark.parametrize(("at_a_time", "met"), [(1, []), (2, [True, True])], ids=["as it is", "with two threads"])
def test_pictures_sent_at_once_are_made_small_one_after_the_other(monkeypatch, at_a_time, met):
    both, seen_together = Barrier(2, timeout=0.5), []

    def made(*_):
        try:
            both.wait()
        except BrokenBarrierError:
            both.reset()
        else:
            seen_together.append(True)

    async def sent():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send():
        sending = [Request({"type": "http", "headers": [], "path_params": {"kind": "photo"}}, sent) for _ in range(2)]
        await asyncio.gather(*(profile_pictures.take_picture(one, VISITOR) for one in sending))

    monkeypatch.setattr(profile_pictures, "set_picture", made)
    monkeypatch.setitem(work.ROOMS, "pictures", work.Room("pictures", at_a_time))
    asyncio.run(send())
    assert seen_together == met
