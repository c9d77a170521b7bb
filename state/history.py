"""The history of an appointment in words: what was done, when, by whom and for whom."""

from typing import Final, TypedDict

from maiia_pro.agenda.codes import IDENTITY_LABELS, STATUS_LABELS, IdentityMeans, Status
from maiia_pro.agenda.detail import AppointmentDetail, HistoryLine
from maiia_pro.kernel.actor import ActorKind
from maiia_pro.kernel.french import moment

ACTS: Final = {
    "appointment:booked": "Rendez-vous pris",
    "appointment:moved": "Rendez-vous déplacé",
    "appointment:cancelled": "Rendez-vous annulé",
    "appointment:restored": "Rendez-vous rétabli",
    "appointment:promoted": "N’est plus en surnombre",
    "appointment:noted": "Note modifiée",
}
KINDS: Final = {
    ActorKind.PATIENT: "patient",
    ActorKind.SECRETARY: "secrétariat",
    ActorKind.SUBSTITUTE: "en remplacement",
    ActorKind.PRACTITIONER: "praticien",
    ActorKind.API_CLIENT: "application reliée",
}


class HistoryView(TypedDict):
    """One act: what, when, by whom."""

    title: str
    when: str
    detail: str


def history_views(detail: AppointmentDetail) -> list[HistoryView]:
    """Tell the history, the latest first: who really acted, and for whom."""
    return [_history(line, detail) for line in reversed(detail.history)]


def _history(line: HistoryLine, detail: AppointmentDetail) -> HistoryView:
    kind = KINDS.get(ActorKind(line.actor_kind), "")
    by = f"Par {line.actor_name}" + (f", {kind}" if kind else "")
    behalf = f", pour le compte de {line.on_behalf_of}" if line.on_behalf_of else ""
    return HistoryView(title=_act(line), when=moment(line.at, detail.view.zone), detail=f"{by}{behalf}")


def _act(line: HistoryLine) -> str:
    """Name an act; of a move, tell whether the time, the length or both changed."""
    if line.action == "appointment:marked":
        return f"Statut\u00a0: {STATUS_LABELS[Status(line.details['to'])].lower()}"
    if line.action == "appointment:identity_checked":
        return f"Identité vérifiée\u00a0: {IDENTITY_LABELS[IdentityMeans(line.details['means'])].lower()}"
    act = ACTS.get(line.action, "Rendez-vous changé")
    if line.minutes is None or line.minutes_before is None or line.minutes == line.minutes_before:
        return act
    length = f"urée changée\u00a0: {line.minutes_before} → {line.minutes}\u00a0min"
    return f"{act}, d{length}" if line.moved else f"D{length}"
