"""A change of profession or RPPS: declared by the practitioner, decided by an operator, and by no other way."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import constraint_of, reading, transaction
from maiia_pro.kernel.errors import Invalid, NotAllowed
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.kernel.text import FieldErrors
from maiia_pro.onboarding.people import PersonForm
from maiia_pro.onboarding.team import Invitation, ask_in, save_sheet
from maiia_pro.practice.account_details import my_details
from maiia_pro.practice.declaring import (
    AlreadyDecided,
    AlreadyDeclared,
    DeclarationForm,
    decide,
    declare,
    own_declarations,
    waiting_declarations,
)
from maiia_pro.practice.rpps import RppsTaken
from maiia_pro.practice.tables import Practitioner
from tests.factories import House, new_operator
from tests.tools.outbound import Messages, mails_in

pytestmark = pytest.mark.integration

PROOF = "Inscrite au tableau de l’ordre de Maine-et-Loire sous le numéro 1234."
RPPS = {"what": "rpps", "rpps": "100 0000 5479", "proof": PROOF}
CARDIOLOGY = {"what": "specialty", "specialty": "cardiology", "proof": PROOF}


@pytest.fixture
def doctor(house: House) -> Actor:
    return house.practitioner_actor()


def row_of(actor: Actor) -> Practitioner:
    with reading() as session:
        return session.exec(select(Practitioner).where(Practitioner.account_id == actor.account_id)).one()


def sheet_of(actor: Actor, **changes: str) -> PersonForm:
    row = row_of(actor)
    fields = ("title", "given_name", "family_name", "specialty", "rpps", "hue")
    return PersonForm.read({name: getattr(row, name) for name in fields} | changes, FieldErrors())


@pytest.mark.requirement(51)
def test_a_declared_change_waits_for_an_operator_and_the_value_stays_until_then(doctor, tmp_path):
    before = row_of(doctor)
    declare(doctor, DeclarationForm.read(CARDIOLOGY))
    assert row_of(doctor).specialty == before.specialty
    [waiting] = waiting_declarations(new_operator())
    assert (waiting.who, waiting.before, waiting.wanted, waiting.proof) == (before.display_name, "Médecine générale", "Cardiologie", PROOF)
    with Messages(tmp_path) as messages:
        decide(new_operator(), waiting.id, accept=True)
        messages.sent()
        [mail] = mails_in(messages.mails)
    assert "Médecine générale → Cardiologie" in mail.get_content()
    assert row_of(doctor).specialty == "cardiology"
    assert [(one.before, one.after) for one in my_details(doctor).history] == [("Médecine générale", "Cardiologie")]
    assert [one.accepted for one in own_declarations(doctor)] == [True]


@pytest.mark.requirement(51)
def test_a_refusal_has_its_reason_changes_nothing_and_is_told(doctor, tmp_path):
    ident, operator = declare(doctor, DeclarationForm.read(RPPS)), new_operator()
    with pytest.raises(Invalid) as refused:
        decide(operator, ident, accept=False, answer="  ")
    assert set(refused.value.fields) == {"answer"}
    with Messages(tmp_path) as messages:
        decide(operator, ident, accept=False, answer="L’ordre ne connaît pas ce numéro.")
        messages.sent()
        [mail] = mails_in(messages.mails)
    assert "L’ordre ne connaît pas ce numéro." in mail.get_content()
    assert row_of(doctor).rpps != "10000005479"
    with pytest.raises(AlreadyDecided):
        decide(operator, ident, accept=True)


@pytest.mark.requirement(24)
def test_the_number_changes_by_an_accepted_declaration_and_by_no_other_way(doctor):
    with pytest.raises(Invalid) as refused:
        save_sheet(doctor, sheet_of(doctor, rpps="10000005479", specialty="cardiology"))
    assert set(refused.value.fields) == {"rpps", "specialty"}
    with pytest.raises(IntegrityError) as kept, transaction() as session:
        session.connection().execute(text("update practitioner set rpps = '10000005479' where account_id = :id"), {"id": doctor.account_id})
    assert constraint_of(kept.value) == "keep_rpps"
    decide(new_operator(), declare(doctor, DeclarationForm.read(RPPS)), accept=True)
    assert row_of(doctor).rpps == "10000005479"


@pytest.mark.requirement(210)
def test_a_number_that_another_practitioner_has_is_refused_at_every_door(house, doctor, other_house):
    taken = row_of(other_house.practitioner_actor()).rpps
    with pytest.raises(RppsTaken):
        declare(doctor, DeclarationForm.read(RPPS | {"rpps": taken}))
    asked = {
        "role": "practitioner", "given_name": "Bruno", "family_name": "Caron", "specialty": "cardiology", "rpps": taken,
        "email": "bruno@exemple.fr",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        ask_in(doctor, Invitation.read(asked))
    assert set(refused.value.fields) == {"rpps"}
    ident = declare(doctor, DeclarationForm.read(RPPS))
    ask_in(doctor, Invitation.read(asked | {"rpps": "10000005479"}))
    with pytest.raises(RppsTaken):
        decide(new_operator(), ident, accept=True)
    assert [one.id for one in waiting_declarations(new_operator())] == [ident]


def test_one_change_of_a_kind_waits_at_a_time(doctor):
    declare(doctor, DeclarationForm.read(CARDIOLOGY))
    with pytest.raises(AlreadyDeclared):
        declare(doctor, DeclarationForm.read(CARDIOLOGY | {"specialty": "paediatrics"}))
    declare(doctor, DeclarationForm.read(RPPS))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (CARDIOLOGY | {"specialty": "magie"}, "specialty"),
        (CARDIOLOGY | {"proof": " "}, "proof"),
        (RPPS | {"rpps": "123"}, "rpps"),
        (RPPS | {"rpps": None}, "rpps"),
        (RPPS | {"proof": "x" * 1001}, "proof"),
    ],
)
def test_what_is_wrong_with_a_declaration_is_said_beside_its_field(typed, field):
    with pytest.raises(Invalid) as refused:
        DeclarationForm.read(typed)
    assert set(refused.value.fields) == {field}


def test_what_is_already_so_is_not_declared(doctor):
    with pytest.raises(Invalid):
        declare(doctor, DeclarationForm.read(RPPS | {"rpps": row_of(doctor).rpps}))


def test_only_a_practitioner_declares_and_only_an_operator_decides(house, doctor):
    ident = declare(doctor, DeclarationForm.read(RPPS))
    for act in (
        lambda: declare(house.secretary(), DeclarationForm.read(RPPS)), lambda: waiting_declarations(doctor),
        lambda: decide(doctor, ident, accept=True), lambda: decide(house.secretary(), UUID(int=0), accept=True),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.requirement(221)
def test_who_declared_and_who_decided_is_in_the_history(doctor):
    operator = new_operator()
    decide(operator, declare(doctor, DeclarationForm.read(RPPS)), accept=True)
    acts = (AuditAction.IDENTITY_DECLARED, AuditAction.IDENTITY_DECIDED)
    with reading() as session:
        found = {one.action: one.actor_id for one in session.exec(select(AuditEntry)) if one.action in acts}
    assert found == {acts[0]: doctor.account_id, acts[1]: operator.account_id}
