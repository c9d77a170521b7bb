"""The trail in words: what a patient reads of each act, and what the operator reads of the chain."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from maiia_pro.identity.tables import ACCOUNT_KINDS
from maiia_pro.journal.export import KINDS
from maiia_pro.journal.own import OwnLine
from maiia_pro.kernel.actor import STAFF, ActorKind
from maiia_pro.kernel.audit_watch import ChainState
from state import account_words
from state.journal import file_of
from state.operations import chain_words
from state.own_journal import ROLES, seen_view

pytestmark = pytest.mark.unit
AT = datetime(2026, 11, 26, 13, 5, tzinfo=UTC)


def line(action: str, *, mine: bool = False) -> OwnLine:
    kind = ActorKind.PATIENT if mine else ActorKind.SECRETARY
    return OwnLine(1, AT, action, "Sylvie Moreau", kind, mine, "Dr Claire Vasseur", "Cabinet", "Léo Keller", ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("action", "mine", "title"),
    [
        ("appointment:read", False, "Sylvie Moreau a ouvert votre rendez-vous"),
        ("appointment:booked", True, "Vous avez pris votre rendez-vous"),
        ("wish:added", False, "Sylvie Moreau vous a inscrit en liste d’attente"),
        ("wish:added", True, "Vous vous êtes inscrit en liste d’attente"),
        ("request:closed", False, "Sylvie Moreau a traité votre demande"),
        ("door:issued", False, "Sylvie Moreau a fait quelque chose dans votre dossier"),
    ],
)
def test_an_act_is_a_sentence_to_the_patient(action, mine, title):
    assert seen_view(line(action, mine=mine))["title"] == title


def test_a_patient_reads_when_for_whom_where_and_whose_file():
    shown = seen_view(line("patient:read"))
    assert shown["when"] == "jeudi 26 novembre 2026, 14\u00a0h\u00a005"
    assert shown["detail"] == "Secrétariat · pour le compte de Dr Claire Vasseur · Cabinet · Dossier de Léo Keller"


def test_everybody_who_works_at_agendas_is_named_by_their_role():
    assert ROLES.keys() >= STAFF


def test_the_file_is_asked_for_by_what_the_screen_asks():
    asked = {"first": "2026-01-01", "last": "", "practitioner": "ab", "for_them": "1"}
    assert {one["name"]: one["value"] for one in file_of(asked)} == {"du": "2026-01-01", "praticien": "ab", "pour": "1"}


def test_the_operator_reads_whether_the_chain_is_whole():
    whole = ChainState(AT, 12, 10, 0, "", None)
    assert "Intact\u00a0: 10 actes vérifiés sur 12" in chain_words(whole)
    broken = ChainState(AT, 12, 10, 2, "7\u00a0: entrée supprimée", AT)
    assert "Intact" not in chain_words(replace(whole, checked=0))
    assert "2\u00a0anomalies depuis" in chain_words(broken)
    assert "audit-check" in chain_words(broken)
    assert "pas encore" in chain_words(None)


def test_whoever_may_act_has_a_name_in_the_journal_and_in_the_list_of_accounts():
    assert KINDS.keys() == set(ActorKind)
    assert account_words.KINDS.keys() == set(ACCOUNT_KINDS)
