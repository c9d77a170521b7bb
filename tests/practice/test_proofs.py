"""Documents by which professionals show who they are: shown to the operator who decides, and to nobody else, until the decision."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import select

from maiia_pro.administration.leaving import remove_member
from maiia_pro.jobs.handlers import WORKER
from maiia_pro.kernel import clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound
from maiia_pro.kernel.ids import uuid7
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.onboarding.team import Invitation, ask_in
from maiia_pro.practice.declared_tables import IdentityProof, ProofKind
from maiia_pro.practice.declaring import DeclarationForm, ProofMissing, decide, declare, waiting_declarations
from maiia_pro.practice.proofs import (
    MOST,
    EnoughProofs,
    add_proof,
    forget_unused_proofs,
    own_proofs,
    read_proof,
    remove_proof,
)  # fmt: skip
from tests.concurrency.racing import race
from tests.factories import House, new_operator, new_patient_account
from tests.onboarding.conftest import activated
from tests.onboarding.test_asking_in import form

pytestmark = pytest.mark.integration

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
ADDRESS = "nour.benali@exemple.fr"


@pytest.fixture
def nour(house: House) -> Actor:
    """A care assistant, who has no number, asked in and come."""
    ask_in(house.practitioner_actor(), Invitation.read(form("aidant", profession="care_assistant", rpps="")))
    return activated(ADDRESS)


def declared(what: str, wanted: str) -> DeclarationForm:
    return DeclarationForm.read({"what": what, what: wanted, "proof": "Diplôme de 2014."})


def picture(kind: str = "JPEG", size: tuple[int, int] = (3000, 1500)) -> bytes:
    """A photo that says where it was taken."""
    written, tags = BytesIO(), Image.Exif()
    tags[0x010E] = "47.4784, -0.5632"
    Image.new("RGB", size, "white").save(written, kind, exif=tags)
    return written.getvalue()


@pytest.mark.requirement(210)
def test_an_operator_reads_the_documents_of_who_is_looked_at_and_it_is_in_the_journal(nour):
    ident = add_proof(nour, PDF)
    operator = new_operator()
    [waiting] = waiting_declarations(operator)
    assert [(one.id, one.kind, one.size) for one in waiting.proofs] == [(ident, ProofKind.PDF, len(PDF))]
    assert read_proof(operator, ident) == (ProofKind.PDF, PDF)
    with reading() as session:
        acts = session.exec(select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.action.like("proof:%"))).all()  # type: ignore[attr-defined]
    assert sorted(acts) == [("proof:added", nour.account_id), ("proof:read", nour.account_id)]


@pytest.mark.requirement(210)
def test_nobody_without_a_number_is_let_in_before_they_have_shown_a_document(nour):
    operator = new_operator()
    [waiting] = waiting_declarations(operator)
    with pytest.raises(ProofMissing):
        decide(operator, waiting.id, accept=True)
    add_proof(nour, PDF)
    decide(operator, waiting.id, accept=True)


def test_documents_go_with_the_last_decision_that_needs_them(nour):
    ident, operator = add_proof(nour, PDF), new_operator()
    number = declare(nour, declared("rpps", "10000005495"))
    [first] = [one.id for one in waiting_declarations(operator) if one.id != number]
    decide(operator, first, accept=True)
    assert read_proof(operator, ident)[1] == PDF
    decide(operator, number, accept=False, answer="Ce numéro n’est pas le vôtre.")
    with pytest.raises(NotFound):
        read_proof(operator, ident)
    assert own_proofs(nour) == []


def test_others_do_not_read_a_document_and_the_operator_none_that_waits_for_nothing(house, nour):
    ident, owner = add_proof(nour, PDF), house.practitioner_actor()
    unused = add_proof(owner, PDF)
    for actor, one in ((owner, ident), (nour, unused), (new_operator(), unused), (new_operator(), uuid7())):
        with pytest.raises(NotFound):
            read_proof(actor, one)
    with pytest.raises(NotFound):
        remove_proof(owner, ident)
    for actor in (house.secretary(), new_patient_account()):
        with pytest.raises(NotAllowed):
            read_proof(actor, ident)
        with pytest.raises(NotAllowed):
            add_proof(actor, PDF)


def test_a_photo_is_written_anew_without_where_it_was_taken_and_no_larger_than_is_read(nour):
    kind, kept = read_proof(nour, add_proof(nour, picture()))
    with Image.open(BytesIO(kept)) as seen:
        assert (kind, seen.format, seen.size, dict(seen.getexif())) == (ProofKind.IMAGE, "JPEG", (2000, 1000), {})


def test_what_is_clear_in_a_picture_is_white_and_does_not_hide_black_words(nour):
    written = BytesIO()
    Image.new("RGBA", (20, 20)).save(written, "PNG")
    with Image.open(BytesIO(read_proof(nour, add_proof(nour, written.getvalue()))[1])) as seen:
        assert seen.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "Choisissez un PDF"), (b"<svg/>", "Choisissez un PDF"), (b"MZ\x90", "Choisissez un PDF"), (b"%PDF-" + bytes(5_000_000), "5 Mo")],
)
def test_what_is_no_document_or_too_heavy_is_refused(nour, content, why):
    with pytest.raises(Invalid, match=why):
        add_proof(nour, content)


def test_of_two_documents_sent_at_once_no_more_are_kept_than_may_be(nour):
    for _ in range(MOST - 1):
        add_proof(nour, PDF)
    assert race([lambda: add_proof(nour, PDF)] * 2) == {"done": 1, EnoughProofs.__name__: 1}
    remove_proof(nour, own_proofs(nour)[0].id)
    add_proof(nour, PDF)


def test_a_document_is_sealed_where_it_is_kept(nour):
    add_proof(nour, PDF)
    with reading() as session:
        [kept] = session.exec(select(IdentityProof.content)).all()
    assert PDF[:8] not in kept


def test_a_document_that_nothing_waiting_needs_is_gone_the_day_after(house, nour):
    add_proof(nour, PDF)
    owner = house.practitioner_actor()
    add_proof(owner, PDF)
    assert forget_unused_proofs(WORKER) == 0
    with clock.shifted(timedelta(days=1, minutes=1)):
        assert forget_unused_proofs(WORKER) == 1
    assert (len(own_proofs(nour)), own_proofs(owner)) == (1, [])


def test_the_documents_of_who_was_removed_before_the_first_look_are_kept_no_longer(house, nour):
    administrator = house.practitioner_actor(None, "Dr Paul Roy")
    document = add_proof(nour, PDF)
    remove_member(administrator, house.practice_id, nour.account_id)
    with pytest.raises(NotFound):
        read_proof(new_operator(), document)
    with clock.shifted(timedelta(days=1, minutes=1)):
        assert forget_unused_proofs(WORKER) == 1
