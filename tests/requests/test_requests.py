"""What may be asked of a practice, and each act on it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from maiia_pro.agenda.booking import BookingRequest, book_slot
from maiia_pro.kernel import clock
from maiia_pro.kernel.db import reading
from maiia_pro.kernel.errors import Invalid, NotFound
from maiia_pro.kernel.tables import AuditEntry
from maiia_pro.requests.changing import (
    assign_request,
    close_request,
    comment_request,
    reopen_request,
    reschedule_request,
    take_request,
)
from maiia_pro.requests.creating import NewRequest
from maiia_pro.requests.errors import RequestChanged, RequestClosed, RequestOpen, RequestTaken
from maiia_pro.requests.listing import Which, count_requests
from maiia_pro.requests.tables import Kind, Priority, Progress
from tests.requests.asking import FORM, asked, detail, lines

pytestmark = pytest.mark.integration
HUGE = "x" * 1_000_000


@pytest.fixture
def secretary(house):
    return house.secretary()


@pytest.fixture
def doctor(house):
    return house.practitioner_actor()


def test_a_request_is_read_as_it_was_noted(house, secretary, doctor):
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    request = asked(
        house, secretary, kind="renewal", priority="urgent", words="Trois mois.\nMerci.", patient=house.patients[0].hex,
        caller_name="Sa fille", caller_phone="06 12 34 56 78",
        practitioner=house.practitioners[0].hex, owner=doctor.account_id.hex, appointment=booked.id.hex,
    )  # fmt: skip
    found = detail(doctor, request)
    line = found.line
    assert (line.kind, line.priority, line.progress, line.version) == (Kind.RENEWAL, Priority.URGENT, Progress.TODO, 1)
    assert (line.subject, found.words) == ("Rappeler pour les résultats", "Trois mois.\nMerci.")
    assert (line.patient, line.caller, found.phone) == ("Josiane Keller", "Sa fille", "+33612345678")
    assert (line.practitioner, line.owner, found.created_by) == ("Dr Claire Vasseur", "Dr Claire Vasseur", "Sylvie Moreau")
    assert (line.due_at, found.appointment_at) == (house.instant(9), booked.starts_at)
    assert (line.overdue, line.comments, found.comments) == (False, 0, ())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "  "}, "subject"),
        ({"subject": HUGE}, "subject"),
        ({"subject": "a\x00b"}, "subject"),
        ({"words": HUGE}, "words"),
        ({"words": "a\ud800b"}, "words"),
        ({"words": 3}, "words"),
        ({"due": ""}, "due"),
        ({"due": HUGE}, "due"),
        ({"caller_name": ""}, "caller_name"),
        ({"caller_name": "a\x00"}, "caller_name"),
        ({"caller_phone": "12"}, "caller_phone"),
        ({"caller_phone": HUGE}, "caller_phone"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_naming_the_field(wrong, field):
    with pytest.raises(Invalid) as refused:
        NewRequest.parse(FORM | wrong)
    assert list(refused.value.fields) == [field]


def test_every_wrong_field_is_named_at_once():
    with pytest.raises(Invalid) as refused:
        NewRequest.parse({"words": HUGE, "caller_phone": "12"})
    assert set(refused.value.fields) == {"subject", "words", "due", "caller_name", "caller_phone"}


@pytest.mark.parametrize("due", ["31 février", "31/02/2027 9h", "demain 25h", "jamais"])
def test_a_day_that_does_not_exist_is_refused_naming_the_field(house, secretary, due):
    with pytest.raises(Invalid) as refused:
        asked(house, secretary, due=due)
    assert list(refused.value.fields) == ["due"]
    assert lines(house, secretary) == []


@pytest.mark.parametrize("value", ["autre chose", None, [], 3])
def test_a_choice_that_is_none_falls_back_to_the_usual_one(house, secretary, value):
    line = detail(secretary, asked(house, secretary, kind=value, priority=value)).line
    assert (line.kind, line.priority) == (Kind.OTHER, Priority.NORMAL)


def test_what_is_due_in_the_past_is_noted_and_late(house, secretary):
    assert detail(secretary, asked(house, secretary, due="1/1/2020 9h")).line.overdue


def test_what_is_not_late_becomes_it_by_the_clock(house, secretary):
    request = asked(house, secretary, due="demain 9h")
    assert not detail(secretary, request).line.overdue
    with clock.shifted(timedelta(days=2)):
        assert detail(secretary, request).line.overdue
        assert count_requests(secretary, house.practice_id).overdue == 1


def test_the_visit_of_another_patient_is_not_linked(house, secretary):
    booked = book_slot(secretary, BookingRequest(house.slot(9), patient_id=house.patients[0]))
    with pytest.raises(NotFound):
        asked(house, secretary, patient=house.patients[1].hex, appointment=booked.id.hex)


def test_the_list_begins_with_what_is_late_then_goes_by_when_it_is_due(house, secretary):
    for due, subject in {"demain 9h": "C", "1/1/2020 9h": "A", "demain 8h": "B"}.items():
        asked(house, secretary, due=due, subject=subject)
    assert [line.subject for line in lines(house, secretary)] == ["A", "B", "C"]


def test_filters_show_mine_what_nobody_took_what_is_closed_and_one_practitioners(house, secretary, doctor):
    mine = asked(house, secretary, owner=secretary.account_id.hex)
    theirs = asked(house, secretary, owner=doctor.account_id.hex, practitioner=house.practitioners[0].hex)
    free = asked(house, secretary)
    closed = asked(house, secretary, owner=secretary.account_id.hex)
    close_request(secretary, closed, 1)

    def ids(which, **more):
        return {line.id for line in lines(house, secretary, which, **more)}

    assert ids(Which.OPEN) == {mine, theirs, free}
    assert ids(Which.MINE) == {mine}
    assert ids(Which.UNASSIGNED) == {free}
    assert ids(Which.CLOSED) == {closed}
    assert ids(Which.OPEN, practitioner_id=house.practitioners[0]) == {theirs}


def test_the_counts_are_of_what_is_open(house, secretary, doctor):
    asked(house, secretary, owner=secretary.account_id.hex, due="1/1/2020")
    asked(house, secretary, owner=doctor.account_id.hex)
    asked(house, secretary, due="1/1/2020")
    asked(house, secretary)
    close_request(secretary, asked(house, secretary, owner=secretary.account_id.hex), 1)
    counts = count_requests(secretary, house.practice_id)
    assert (counts.open, counts.mine, counts.unassigned, counts.overdue, counts.pressing) == (4, 1, 2, 2, 2)


def test_who_takes_a_request_has_it_and_it_is_in_progress(house, secretary):
    request = asked(house, secretary)
    assert take_request(secretary, request, 1) == 2
    line = detail(secretary, request).line
    assert (line.owner_id, line.progress) == (secretary.account_id, Progress.IN_PROGRESS)


def test_what_somebody_has_is_not_taken_from_them_and_their_name_is_said(house, secretary, doctor):
    request = asked(house, secretary)
    take_request(secretary, request, 1)
    with pytest.raises(RequestTaken, match="Sylvie Moreau s’occupe déjà"):
        take_request(doctor, request, 2)


def test_what_was_handed_to_one_is_taken_by_one(house, secretary, doctor):
    request = asked(house, secretary, owner=doctor.account_id.hex)
    take_request(doctor, request, 1)
    assert detail(doctor, request).line.progress is Progress.IN_PROGRESS


def test_a_request_is_handed_over_and_back_to_everybody(house, secretary, doctor):
    request = asked(house, secretary)
    take_request(secretary, request, 1)
    assign_request(secretary, request, 2, doctor.account_id)
    assert (detail(secretary, request).line.owner, detail(secretary, request).line.progress) == ("Dr Claire Vasseur", Progress.TODO)
    assign_request(secretary, request, 3, None)
    assert detail(secretary, request).line.owner == ""


def test_only_somebody_of_the_practice_is_given_a_request(house, other_house, secretary):
    stranger = other_house.secretary()
    request = asked(house, secretary)
    with pytest.raises(NotFound):
        assign_request(secretary, request, 1, stranger.account_id)
    with pytest.raises(NotFound):
        asked(house, secretary, owner=stranger.account_id.hex)


def test_a_due_time_and_a_priority_are_changed(house, secretary):
    request = asked(house, secretary)
    reschedule_request(secretary, request, 1, "demain 11h30", Priority.URGENT)
    line = detail(secretary, request).line
    assert (line.due_at, line.priority) == (house.instant(11, 30), Priority.URGENT)


@pytest.mark.parametrize("due", ["", "31/02", HUGE, "\x00"])
def test_a_due_time_that_is_none_changes_nothing(house, secretary, due):
    request = asked(house, secretary)
    with pytest.raises(Invalid) as refused:
        reschedule_request(secretary, request, 1, due, Priority.URGENT)
    assert list(refused.value.fields) == ["due"]
    assert detail(secretary, request).line.version == 1


def test_comments_add_up_in_order_even_on_what_is_closed(house, secretary, doctor):
    request = asked(house, secretary)
    comment_request(secretary, request, "Occupé.")
    close_request(secretary, request, 2)
    comment_request(doctor, request, "Joint hier soir.")
    found = detail(secretary, request)
    assert [(one.author, one.words) for one in found.comments] == [("Sylvie Moreau", "Occupé."), ("Dr Claire Vasseur", "Joint hier soir.")]
    assert (found.line.comments, found.line.progress) == (2, Progress.DONE)


@pytest.mark.parametrize("words", ["", " \n ", None, HUGE, "a\x00", 4])
def test_a_comment_that_says_nothing_is_refused(house, secretary, words):
    request = asked(house, secretary)
    with pytest.raises(Invalid) as refused:
        comment_request(secretary, request, words)
    assert list(refused.value.fields) == ["comment"]


@pytest.mark.parametrize(("done", "progress"), [(True, Progress.DONE), (False, Progress.DROPPED)])
def test_what_is_closed_leaves_the_open_list_and_comes_back_when_opened_again(house, secretary, done, progress):
    request = asked(house, secretary)
    take_request(secretary, request, 1)
    close_request(secretary, request, 2, done=done)
    assert lines(house, secretary) == []
    assert [line.progress for line in lines(house, secretary, Which.CLOSED)] == [progress]
    reopen_request(secretary, request, 3)
    assert [(line.progress, line.owner) for line in lines(house, secretary)] == [(Progress.IN_PROGRESS, "Sylvie Moreau")]


CLOSED_ACTS = {
    "take": lambda actor, request: take_request(actor, request, 2),
    "assign": lambda actor, request: assign_request(actor, request, 2, None),
    "reschedule": lambda actor, request: reschedule_request(actor, request, 2, "demain", Priority.NORMAL),
    "close": lambda actor, request: close_request(actor, request, 2),
}


@pytest.mark.parametrize("act", CLOSED_ACTS)
def test_what_is_closed_waits_for_nothing_any_more(house, secretary, act):
    request = asked(house, secretary)
    close_request(secretary, request, 1)
    with pytest.raises(RequestClosed):
        CLOSED_ACTS[act](secretary, request)


def test_what_is_open_is_not_opened(house, secretary):
    with pytest.raises(RequestOpen):
        reopen_request(secretary, asked(house, secretary), 1)


STALE_ACTS = {
    "assign": lambda actor, request: assign_request(actor, request, 1, None),
    "reschedule": lambda actor, request: reschedule_request(actor, request, 1, "demain", Priority.NORMAL),
    "close": lambda actor, request: close_request(actor, request, 1),
    "take": lambda actor, request: take_request(actor, request, 1),
}


@pytest.mark.parametrize("act", STALE_ACTS)
def test_an_act_on_what_somebody_changed_meanwhile_is_refused_with_their_name(house, secretary, doctor, act):
    request = asked(house, secretary)
    comment_request(doctor, request, "Attendez.")
    with pytest.raises(RequestChanged, match="Dr Claire Vasseur vient de changer"):
        STALE_ACTS[act](secretary, request)
    assert detail(secretary, request).line.version == 2


def test_every_act_and_every_reading_is_in_the_history_without_a_word_of_the_request(house, secretary, doctor):
    words = "Mot très reconnaissable"
    request = asked(house, secretary, subject=words, words=words, practitioner=house.practitioners[0].hex)
    take_request(secretary, request, 1)
    assign_request(secretary, request, 2, doctor.account_id)
    reschedule_request(secretary, request, 3, "demain", Priority.URGENT)
    comment_request(secretary, request, words)
    close_request(doctor, request, 5)
    reopen_request(doctor, request, 6)
    detail(doctor, request)
    with reading() as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.subject_id == request).order_by(AuditEntry.sequence)).all()
    said = ["created", "taken", "assigned", "rescheduled", "commented", "closed", "reopened", "read"]
    assert [entry.action for entry in entries] == [f"request:{act}" for act in said]
    assert {entry.practice_id for entry in entries} == {house.practice_id}
    assert [entry.on_behalf_of for entry in entries[:5]] == [house.practitioners[0]] * 5
    assert "reconnaissable" not in str([entry.model_dump() for entry in entries])


def test_reading_the_request_of_a_patient_says_whose_file_was_seen(house, secretary):
    request = asked(house, secretary, patient=house.patients[0].hex)
    detail(secretary, request)
    with reading() as session:
        read = session.exec(select(AuditEntry.details).where(AuditEntry.action == "request:read")).one()
    assert read == {"patient_id": str(house.patients[0])}
