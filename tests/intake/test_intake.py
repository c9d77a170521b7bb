"""Taking over patients and appointments: every wrong line told, all or nothing, twice like once, and only one's own practice."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.agenda.codes import IdentityMeans, Mode, Origin, Status
from maiia_pro.agenda.resource_tables import ResourceBooking
from maiia_pro.agenda.tables import Appointment
from maiia_pro.intake import importing
from maiia_pro.intake.importing import IntakeFile, LinesRefused, check_intake, preview_intake, refused_lines, run_intake
from maiia_pro.intake.tables import IntakeLine, Kind
from maiia_pro.kernel import audit, clock
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.audit import AuditAction
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotAllowed, NotFound, Unavailable
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.patients.tables import Patient
from tests.factories import House, new_operator, new_patient_account
from tests.intake.files import HEAD, book, csv_of

pytestmark = pytest.mark.integration

PEOPLE = ("Nom", "Prénom", "Date de naissance", "Mobile", "E-mail")
KELLER = ("Martin", "Léa", "12/03/1981", "06 12 34 56 78", "lea.martin@exemple.fr")


@pytest.fixture
def doctor(house: House) -> Actor:
    return house.practitioner_actor()


def patients(*rows: Sequence[str], head: Sequence[str] = PEOPLE) -> IntakeFile:
    return IntakeFile(Kind.PATIENTS, csv_of(rows, head))


def day(house: House, days: int = 1) -> date:
    return clock.now().astimezone(ZoneInfo(house.zone)).date() + timedelta(days=days)


def visit(house: House, at: str = "9h00", *, days: int = 1, **more: str) -> list[str]:
    said = {"Date": f"{day(house, days):%d/%m/%Y}", "Heure": at, "Nom": "Martin", "Prénom": "Léa", "Date de naissance": "12/03/1981"} | more
    return [said.get(name, "") for name in HEAD]


def visits(*rows: Sequence[str]) -> IntakeFile:
    return IntakeFile(Kind.VISITS, csv_of(rows))


def records(house: House) -> list[Patient]:
    with reading() as session:
        return list(session.exec(select(Patient).where(Patient.practice_id == house.practice_id).order_by(col(Patient.id))))


def count(table: str) -> int:
    with reading() as session:
        return int(session.connection().execute(text(f"select count(*) from {table}")).scalar_one())


def sentences(actor: Actor, house: House, file: IntakeFile) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.field, fault.message) for fault in check_intake(actor, house.practice_id, file).faults]


def test_of_a_thousand_visits_exactly_the_fifty_wrong_lines_are_told_and_the_rest_comes_in_once(clean_database):
    house = House.ready(practitioners=0)
    for name in ("Vasseur", "Zeller", "Le Goff"):
        house.offering(house.reason(house.practitioner(name)))
    doctor = house.practitioner_actor()
    asked = book(["Dr Claire Vasseur", "ZELLER Claire", "Le Goff"], day(house))
    file = IntakeFile(Kind.VISITS, asked.content)
    report = check_intake(doctor, house.practice_id, file)
    assert {fault.line: fault.message for fault in report.faults} == asked.faults
    assert (report.total, report.ready, report.refused, len(report.faults)) == (1000, 950, 50, 50)
    with pytest.raises(LinesRefused) as refusal:
        run_intake(doctor, house.practice_id, file)
    assert "50 lignes sont refusées" in refusal.value.message
    assert house.appointments() == []
    done = run_intake(doctor, house.practice_id, IntakeFile(Kind.VISITS, asked.corrected))
    assert (done.imported, done.ready, done.known, len(house.appointments())) == (True, 950, 0, 950)
    again = run_intake(doctor, house.practice_id, IntakeFile(Kind.VISITS, asked.corrected))
    assert (again.ready, again.known, again.new_patients, len(house.appointments())) == (0, 950, 0, 950)


def test_without_the_refused_lines_all_of_the_accepted_come_in_if_one_says_so(house, doctor):
    file = visits(visit(house, "9h00"), visit(house, "26h00"), visit(house, "10h00"))
    done = run_intake(doctor, house.practice_id, file, leave_refused=True)
    assert (done.ready, done.refused, len(house.appointments())) == (2, 1, 2)


def test_a_visit_comes_in_as_it_was_and_says_where_it_is_from(house, doctor):
    run_intake(
        doctor, house.practice_id, visits(visit(house, "14h30", Durée="45", Note="=À rappeler", Statut="Confirmé", Téléphone="0612345678"))
    )
    [came] = house.appointments()
    assert (came.starts_at, came.ends_at - came.starts_at) == (house.instant(14, 30), timedelta(minutes=45))
    assert (came.note, came.status, came.origin, came.mode) == ("=À rappeler", Status.CONFIRMED, Origin.INTAKE, Mode.IN_PERSON)
    [record] = [one for one in records(house) if one.family_name == "Martin"]
    assert (came.patient_id, record.phone, record.birth_date) == (record.id, "+33612345678", date(1981, 3, 12))


def test_visits_to_come_take_a_room_where_one_is_free_and_stay_without_where_none_is(clean_database):
    house = House.ready()
    house.offering(house.reason(colleague := house.practitioner("Belkacem")))
    house.hours(colleague, house.sites[0])
    (room,) = house.rooms(*house.reasons)
    doctor = house.practitioner_actor()
    book_slot(new_patient_account(), BookingRequest(house.slot(9, offering=1)))
    run_intake(doctor, house.practice_id, visits(*(visit(house, at, Praticien="Vasseur") for at in ("9h00", "10h00"))))
    with reading() as session:
        taken = select(Appointment.starts_at).join(ResourceBooking).where(ResourceBooking.resource_id == room)
        assert sorted(session.exec(taken)) == [house.instant(9), house.instant(10)]
    assert len(house.appointments()) == 3


def test_a_check_tells_whose_record_is_here_so_it_leaves_an_entry(house, doctor):
    check_intake(doctor, house.practice_id, patients(KELLER))
    with reading() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.INTAKE_CHECKED)).one()
    assert (found.actor_name, found.details) == (doctor.name, {"kind": "patients", "lines": 1, "known": 0})


def test_nobody_is_mailed_about_what_was_taken_over(house, doctor):
    run_intake(doctor, house.practice_id, visits(visit(house)))
    assert count("jobs.procrastinate_jobs") == 0


def test_the_past_comes_in_as_history_with_how_it_ended(house, doctor):
    rows = [
        visit(house, at, days=-400, Statut=status)
        for at, status in [("9h00", "Honoré"), ("10h00", "Absent"), ("11h00", "Annulé"), ("12h00", "")]
    ]
    run_intake(doctor, house.practice_id, visits(*rows))
    assert [one.status for one in house.appointments()] == [Status.FULFILLED, Status.MISSED, Status.CANCELLED, Status.PLANNED]
    assert house.appointments()[0].identity_means == IdentityMeans.UNRECORDED


def test_a_visit_to_come_has_no_outcome_yet(house, doctor):
    assert sentences(doctor, house, visits(visit(house, Statut="Honoré"))) == [
        (2, "Statut", "Ce rendez-vous est à venir\u00a0: écrivez prévu, confirmé ou annulé.")
    ]


def test_a_visit_that_meets_one_of_the_agenda_is_refused_buffers_included(house, doctor):
    house.offering(house.reason(house.practitioners[0], name="Longue", before=10))
    book_slot(house.secretary(), BookingRequest(house.slot(9), patient_id=house.patients[0]))
    told = "Ce praticien a déjà un rendez-vous à cette heure."
    assert sentences(doctor, house, visits(visit(house, "9h10"), visit(house, "9h20"))) == [(2, "Heure", told)]
    assert sentences(doctor, house, visits(visit(house, "9h20", Motif="Longue"))) == [(2, "Heure", told)]


def test_a_cancelled_visit_takes_no_time(house, doctor):
    run_intake(doctor, house.practice_id, visits(visit(house, Statut="Annulé"), visit(house, Nom="Autre")))
    assert {one.status for one in house.appointments()} == {Status.CANCELLED, Status.PLANNED}


def test_a_time_that_the_clock_skips_is_refused(house, doctor):
    row = visit(house, "2h30", Date="28/03/2027")
    assert sentences(doctor, house, visits(row)) == [
        (2, "Heure", "Cette heure n’existe pas ce jour-là\u00a0: l’horloge passe à l’heure d’été.")
    ]


def test_a_patient_without_a_birth_date_must_be_the_only_one_of_that_name(house, doctor):
    row = visit(house, **{"Nom": "Keller", "Prénom": "Josiane", "Date de naissance": ""})
    assert [message for _, _, message in sentences(doctor, house, visits(row))] == [
        "Plusieurs fiches du cabinet portent ce nom. Ajoutez la date de naissance."
    ]
    row = visit(house, **{"Nom": "Inconnu", "Date de naissance": ""})
    assert [message for _, _, message in sentences(doctor, house, visits(row))] == [
        "Aucune fiche à ce nom\u00a0: ajoutez la date de naissance, la fiche sera créée."
    ]


def test_patients_come_in_once_whatever_the_accents_and_case(house, doctor):
    assert run_intake(doctor, house.practice_id, patients(KELLER)).new_patients == 1
    again = run_intake(doctor, house.practice_id, patients(("MARTIN", "LEA", "1981-03-12", "", "")))
    assert (again.new_patients, again.known) == (0, 1)
    assert [one.phone for one in records(house) if one.family_name == "Martin"] == ["+33612345678"]


def test_a_number_of_the_other_software_says_who_it_is_even_after_a_change_of_name(house, doctor):
    head = (*PEOPLE, "ID")
    run_intake(doctor, house.practice_id, patients((*KELLER, "77"), head=head))
    again = run_intake(doctor, house.practice_id, patients(("Martin-Roux", *KELLER[1:], "77"), head=head))
    assert (again.new_patients, again.known) == (0, 1)


def test_a_visit_may_name_its_patient_by_the_number_taken_over_with_the_patients(house, doctor):
    run_intake(doctor, house.practice_id, patients((*KELLER, "77"), ("Durand", "Paul", "02/07/1950", "", "", "78"), head=(*PEOPLE, "ID")))
    head = ("Date", "Heure", "N° patient")
    rows = [(f"{day(house):%d/%m/%Y}", at, number) for at, number in [("9h00", "77"), ("10h00", "78"), ("11h00", "79")]]
    assert [(line, field) for line, field, _ in sentences(doctor, house, IntakeFile(Kind.VISITS, csv_of(rows, head)))] == [
        (4, "Numéro du patient dans l’ancien logiciel")
    ]
    run_intake(doctor, house.practice_id, IntakeFile(Kind.VISITS, csv_of(rows[:2], head)))
    names = {one.id: one.family_name for one in records(house)}
    assert [names[one.patient_id] for one in house.appointments()] == ["Martin", "Durand"]
    assert run_intake(doctor, house.practice_id, IntakeFile(Kind.VISITS, csv_of(rows[:2], head))).known == 2


@pytest.mark.parametrize(
    ("who", "believed"),
    [(("Martin-Roux", "Léa", "12/03/1981"), True), (("Martin", "Léa", "13/03/1981"), False), (("Autre", "Zoé", ""), False)],
)
def test_a_number_is_believed_unless_the_line_speaks_of_somebody_else(house, doctor, who, believed):
    run_intake(doctor, house.practice_id, patients((*KELLER, "77"), head=(*PEOPLE, "ID")))
    row = visit(house, **dict(zip(("Nom", "Prénom", "Date de naissance"), who, strict=True)))
    file = IntakeFile(Kind.VISITS, csv_of([[*row, "77"]], (*HEAD, "N° patient")))
    assert [field for _, field, _ in sentences(doctor, house, file)] == ([] if believed else ["Numéro du patient dans l’ancien logiciel"])


def test_a_number_of_another_practice_names_nobody_here(house, doctor):
    elsewhere = House.ready()
    run_intake(elsewhere.practitioner_actor(), elsewhere.practice_id, patients((*KELLER, "77"), head=(*PEOPLE, "ID")))
    file = IntakeFile(Kind.VISITS, csv_of([(f"{day(house):%d/%m/%Y}", "9h00", "77")], ("Date", "Heure", "N° patient")))
    assert check_intake(doctor, house.practice_id, file).refused == 1


def test_the_same_person_twice_in_a_file_is_told(house, doctor):
    head = (*PEOPLE, "ID")
    file = patients((*KELLER, "1"), (*KELLER, "2"), ("Autre", *KELLER[1:], "1"), head=head)
    assert sentences(doctor, house, file) == [
        (3, "Nom", "Même nom et même date de naissance qu’à la ligne 2."),
        (4, "Numéro dans l’ancien logiciel", "Cette ligne répète la ligne 2."),
    ]


def test_every_wrong_cell_of_a_line_is_told(house, doctor):
    file = patients(("", "Léa", "31/02/1981", "12", "lea@"))
    assert [field for _, field, _ in sentences(doctor, house, file)] == ["Date de naissance", "Mobile", "Adresse e-mail", "Nom"]
    assert check_intake(doctor, house.practice_id, file).refused == 1


def test_the_report_is_safe_to_open_in_a_spreadsheet(house, doctor):
    table = refused_lines(doctor, house.practice_id, patients(("", "Léa", "12/03/1981", "", ""))).decode("utf-8-sig")
    assert table.splitlines() == ['"Ligne";"Champ";"Problème"', '"2";"Nom";"Écrivez le nom."']


def test_a_preview_shows_the_first_lines_as_they_would_be_read(house, doctor):
    seen = preview_intake(doctor, house.practice_id, patients(KELLER, ("X", "Y", "hier", "", "")))
    assert seen.total == 2
    assert seen.lines[0][1]["birth_date"] == ("12/03/1981", True)
    assert seen.lines[1][1]["birth_date"] == ("hier", False)


def test_a_field_without_which_no_line_can_be_read_is_asked_for(house, doctor):
    with pytest.raises(Invalid) as refusal:
        check_intake(doctor, house.practice_id, patients(("A", "B"), head=("Nom", "Ville")))
    assert refusal.value.fields.keys() == {"given_name", "birth_date"}


def test_killed_half_way_nothing_is_there(house, doctor, monkeypatch):
    written = audit.record

    def dying(session, actor, action, **more):
        if action is AuditAction.INTAKE_DONE:
            assert session.connection().execute(text("select count(*) from appointment")).scalar_one() == 2
            session.connection().execute(text("select pg_terminate_backend(pg_backend_pid())"))
        written(session, actor, action, **more)

    monkeypatch.setattr(importing.audit, "record", dying)
    with pytest.raises(Unavailable):
        run_intake(doctor, house.practice_id, visits(visit(house, "9h00"), visit(house, "10h00")))
    assert (house.appointments(), count("intake_line"), len(records(house))) == ([], 0, 2)


def test_an_import_leaves_one_entry_of_its_own_and_each_visit_its_history(house, doctor):
    run_intake(doctor, house.practice_id, visits(visit(house, "9h00"), visit(house, "10h00")))
    with reading() as session:
        entries = list(session.exec(select(AuditEntry).where(AuditEntry.practice_id == house.practice_id)))
    assert [entry.details for entry in entries if entry.action == AuditAction.INTAKE_DONE] == [
        {"kind": "visits", "imported": 2, "known": 0, "refused": 0, "new_patients": 1}
    ]
    booked = {entry.subject_id for entry in entries if entry.action == AuditAction.APPOINTMENT_BOOKED}
    assert booked == {one.id for one in house.appointments()}


def test_what_is_remembered_of_a_line_names_nobody(house, doctor):
    run_intake(doctor, house.practice_id, patients(KELLER))
    with reading() as session:
        [line] = session.exec(select(IntakeLine)).all()
    assert len(line.key) == 64
    assert int(line.key, 16) > 0


def test_only_a_practitioner_of_the_practice_takes_over(house, doctor):
    file = patients(KELLER)
    for actor, refusal in [(house.secretary(), NotAllowed), (new_operator(), NotAllowed), (new_patient_account(), NotAllowed)]:
        for act in (preview_intake, check_intake, refused_lines, run_intake):
            with pytest.raises(refusal):
                act(actor, house.practice_id, file)
    elsewhere = House.ready()
    for act in (preview_intake, check_intake, refused_lines, run_intake):
        with pytest.raises(NotFound):
            act(doctor, elsewhere.practice_id, file)


def test_a_practitioner_of_another_practice_is_a_stranger(house, doctor):
    elsewhere = House.ready(practitioners=0)
    elsewhere.offering(elsewhere.reason(elsewhere.practitioner("Ailleurs")), elsewhere.site())
    [(_, field, _)] = sentences(doctor, house, visits(visit(house, Praticien="Dr Claire Ailleurs")))
    assert field == "Praticien"
