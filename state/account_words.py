"""Accounts and the operator's decisions in words."""

from typing import Final

from maiia_pro.identity.factor_tables import IDENTITY_CHECK_LABELS
from maiia_pro.identity.leftovers import OPENED_LABELS, Leftover
from maiia_pro.identity.restriction_tables import Ground, RestrictionKind
from maiia_pro.identity.restrictions import GROUND_LABELS
from maiia_pro.identity.second_factors import Held
from maiia_pro.identity.tables import AccountStatus
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.french import PARIS, moment
from maiia_pro.operations.accounts import AccountLine, DecisionLine, ResetLine, Shown
from state.session import DETAILS

KINDS: Final = DETAILS | {ActorKind.SUBSTITUTE: "Remplaçant"}
STATES: Final = {
    Shown.ANY: "Tous les états",
    Shown.ACTIVE: "Actifs",
    Shown.PENDING: "Pas encore activés",
    Shown.SUSPENDED: "Suspendus",
    Shown.DEACTIVATED: "Désactivés",
    Shown.REFUSED: "Activation refusée",
}
SHUT: Final = {
    RestrictionKind.SUSPENDED: "Suspendu",
    RestrictionKind.DEACTIVATED: "Désactivé",
    RestrictionKind.REFUSED: "Activation refusée",
}
DONE: Final = {
    RestrictionKind.SUSPENDED: "Compte suspendu",
    RestrictionKind.DEACTIVATED: "Compte désactivé",
    RestrictionKind.REFUSED: "Activation refusée",
}
RESET_DONE: Final = "Seconde étape réinitialisée"
SOFTWARE: Final = "le logiciel"
"""Who acted where nobody did."""


def state_of(line: AccountLine) -> tuple[str, str]:
    """Name an account's state, and the tone it is shown in."""
    if line.decision:
        return SHUT[line.decision], "warning" if line.decision is RestrictionKind.SUSPENDED else "danger"
    if line.status is AccountStatus.SUSPENDED:
        return SHUT[RestrictionKind.SUSPENDED], "warning"
    if line.blocked:
        return "Bloqué par son titulaire", "warning"
    return ("Actif", "success") if line.status is AccountStatus.ACTIVE else ("Pas encore activé", "neutral")


def ground_words(ground: Ground) -> str:
    """Write a reason as a sentence begins."""
    label = GROUND_LABELS[ground]
    return label[:1].upper() + label[1:]


def decision_words(one: DecisionLine) -> tuple[str, str, list[str]]:
    """Tell a decision: what, when and by whom, and the lines that say more."""
    until = f" jusqu’au {moment(one.ends_at, PARIS, year=True)}" if one.ends_at else ""
    when = f"{moment(one.at, PARIS, year=True)}, par {one.by or SOFTWARE}"
    more = [f"Motif\u00a0: {GROUND_LABELS[one.ground]}."]
    if one.note:
        more.append(f"Note ({'lue par la personne' if one.note_shown else 'interne'})\u00a0: {one.note}")
    if one.lifted_at:
        said = f" {one.lifted_note}" if one.lifted_note else ""
        more.append(f"Terminé {moment(one.lifted_at, PARIS, year=True)}, par {one.lifted_by or SOFTWARE}.{said}")
    return DONE[one.kind] + until, when, more


def reset_words(one: ResetLine) -> tuple[str, str, list[str]]:
    """Tell a reset of second factors: what, when and by whom, and the lines that say more."""
    reference = [f"Référence\u00a0: {one.reference}"] if one.reference else []
    more = [f"Identité vérifiée {IDENTITY_CHECK_LABELS[one.checked_by]}.", *reference]
    return RESET_DONE, f"{moment(one.at, PARIS, year=True)}, par {one.by}", more


def opened_words(one: Leftover) -> str:
    """Tell what an account opened for a practice, and when."""
    return f"{OPENED_LABELS[one.what]}\u00a0: {one.name} ({one.practice}), {moment(one.at, PARIS, year=True)}"


def factor_words(held: Held) -> str:
    """List what an account has besides its password."""
    if not held.any:
        return "Aucune"
    keys = [f"{held.passkeys}\u00a0clés d’accès" if held.passkeys > 1 else "une clé d’accès"] if held.passkeys else []
    codes = {0: "aucun code de secours", 1: "un code de secours"}.get(held.codes, f"{held.codes}\u00a0codes de secours")
    words = ", ".join([*(["application"] if held.app else []), *keys, codes])
    return words[:1].upper() + words[1:]
