"""What the walls do not hold for, each with its reason: whoever adds a line here says why."""

from typing import Final

PUBLIC: Final = {
    "agenda.booking:book_slot": "patients and programs book what public pages offer",
    "agenda.directory:offer_summary": "a page that everybody reads",
    "agenda.directory:practitioner_page": "a page that everybody reads",
    "agenda.directory:slot_summary": "a page that everybody reads",
    "agenda.holds:hold_slot": "a visitor holds a time that a public page offers",
    "agenda.offered:free_slots": "the free time of public pages",
    "agenda.offered:offering_days": "the free time of public pages",
    "agenda.slot_state:read_slot": "the free time of public pages",
    "agenda.slot_state:slot_end": "the free time of public pages",
    "agenda.slot_state:offering_parts": "names the parts of what a public page offers",
    "agenda.slot_terms:slot_terms": "the rules of what a public page offers",
    "practice.pictures:picture": "the pictures of public pages",
    "reception.door:look_at_door": "the poster at the door, with the name of the practice",
    "reception.door:signal_arrival": "whoever reads the poster at the door holds its secret",
    "reception.door:signal_arrival_by_name": "whoever reads the poster at the door holds its secret",
    "onboarding.sites:save_site": "an identifier that is nobody's makes a place of one's own; that of a place is public",
    "administration.sites:keep_site": "an identifier that is nobody's makes a place of one's own; that of a place is public",
    "waiting.wishing:wish_for_myself": "patients wait for what public pages offer",
}
"""Use cases that show what anybody may see: that it exists is no secret, and nothing else of the practice may come along."""
NOT_ON_THEIR_OWN: Final = {
    "identity.api_clients:register_client": "is given the practice that `let_program_in` found",
    "administration.members:check_may_touch": "compares roles that the use case around it has read",
    "agenda.listing:as_let": "takes away from lines that the use case around it has read",
    "agenda.booking:history_entry": "writes the line of the history of a visit that the use case around it has authorised",
    "agenda.callers:visits_of_callers": "is given records that `find_callers` found for the same actor, never an identifier",
    "agenda.visit:bounds_of": "computes with what the use case around it has read",
    "agenda.visit:check_asked": "computes with what the use case around it has read",
    "agenda.visit:fitted": "computes with what the use case around it has read",
    "agenda.wished:wished_slots": "chooses among what the desk was shown",
    "agenda.looking:tell_look": "is told of a practitioner that `check_watchable` let in; it reads nothing",
    "identity.idempotency:answer_once": "wraps a use case that asks for itself",
    "notifications.outbox:tell_by": "is given the message's writer by the job around it",
    "notifications.text_budget:one_text": "counts around a message that the worker sends",
    "practice.own_agenda:let_to": "gives a condition, and reads nothing",
}
"""Functions that take an actor and stand inside a use case."""

WHOLE_PRACTICE: Final = {
    "intake.calendar:check_calendar": "a practice takes over its old agendas once, for all its practitioners",
    "intake.calendar:refused_events": "a practice takes over its old agendas once, for all its practitioners",
    "intake.calendar:run_calendar": "a practice takes over its old agendas once, for all its practitioners",
    "journal.export:pieces": "practitioners read what was done in their practice; whose visit it was, where they may see it",
    "journal.reading:journal": "practitioners read what was done in their practice; whose visit it was, where they may see it",
}
"""Use cases whose right is the practice's, not a practitioner's: within the practice they may name any of its practitioners."""
OFFICE: Final = {
    "administrator without any right": {
        "administration.leaving:remove_member": "administrators remove whoever works there, with what was let to them or by them",
        "administration.leaving:bring_back": "administrators ask in again whom they removed",
        "practice.groups:delete_group": "administrators say whose agendas are looked at together",
        "practice.groups:save_group": "administrators say whose agendas are looked at together",
    },
    "operator": {
        "practice.declaring:decide": "operators decide on what practitioners declare",
        "practice.declaring:waiting_declarations": "operators decide on what practitioners declare",
        "operations.resetting:reset_factors": "operators take away the second factors of who lost them",
        "operations.restricting:restrict_account": "operators shut accounts",
        "journal.export:pieces": "operators read what was done anywhere, without patients' names",
        "journal.reading:journal": "operators read what was done anywhere, without patients' names",
        "operations.restricting:restore_account": "operators open again what they shut",
    },
}
"""What some are there to do to others, by who they are: rows of theirs change, and that these exist is known to them."""
_ALREADY = "only chooses among what the use case has found for itself"
_SECRET = "the secret of a message or of a cookie, of which only a trace is kept"
_FILE = "looks at the file first; tests/intake sends whole ones"
BLUNT: Final = {
    "agenda.absence:stranded_visits(upset.closing.reasons)": "a closing concerns every reason",
    "agenda.broken_rules:broken_rules(moved)": _ALREADY,
    "agenda.clashes:clash_of_person(*)": "answers nothing, whatever is there, but for a visit that overlaps",
    "agenda.clashes:clash_of_person(leaving_out)": "answers nothing, whatever is there, but for a visit that overlaps",
    "agenda.clashes:clash_of_person(person_id)": "answers nothing, whatever is there, but for a visit that overlaps",
    "agenda.clashes:clash_of_person(slot.offering_id)": "answers nothing, whatever is there, but for a visit that overlaps",
    "agenda.clashes:clash_of_record(*)": "answers nothing, whatever is there, but for a visit with a colleague",
    "agenda.clashes:clash_of_record(patient_id)": "answers nothing, whatever is there, but for a visit with a colleague",
    "agenda.series_changes:cancel_series(also)": _ALREADY,
    "agenda.series_changes:move_series(also)": _ALREADY,
    "agenda.settle:settle(upset.closing.reasons)": "a closing concerns every reason",
    "agenda.settle:settle(upset.only)": _ALREADY,
    "agenda.slot_terms:slot_terms(person_id)": "the terms differ only where first visits last longer",
    **dict.fromkeys(
        ("identity.psc:finish(token)", "identity.recovery:block_by_link(token)", "identity.recovery:reset_password(token)"), _SECRET
    ),
    "identity.consent:check_person(asked.client_id)": "compares the practice that `read_request` found",
    "identity.consent:refuse(asked.client_id)": "compares the practice that `read_request` found",
    "journal.export:note_export(query.practitioner_id)": "writes that it was asked for, whatever was",
    "identity.accounts:activate(token)": "the secret of a message, which no row holds",
    "intake.calendar:check_calendar(file.offering_id)": _FILE,
    "intake.calendar:refused_events(file.offering_id)": _FILE,
    "intake.calendar:run_calendar(file.offering_id)": _FILE,
    "notifications.code_message:code_sending(code_id)": "says « waiting » for a message that has not left, and for none",
    "notifications.code_message:simulated_message(code_id)": "answers in the demonstration only",
    "onboarding.taking:take_reasons(forms.site_ids)": "offers what is taken at all of one's own places",
    "reception.door:signal_arrival(appointment_id)": "lets in the visits of this very day; tests/reception has one",
}
"""Aims that no owner hits in this world."""
