"""The series of a visit in the words of its panel: « 3e sur 10 », and the list."""

from datetime import datetime
from typing import Final, TypedDict

from maiia_pro.agenda.codes import STATUS_LABELS, Status
from maiia_pro.agenda.detail import AppointmentDetail
from maiia_pro.agenda.series_reading import Occurrence
from maiia_pro.kernel.french import moment


class OccurrenceView(TypedDict):
    """A visit of the series."""

    id: str
    when: str
    mark: str
    """What sets it apart: cancelled, edited by itself, where it stands."""
    here: bool
    gone: bool


class SeriesView(TypedDict):
    """The series of the visit shown; without a title it is in none."""

    title: str
    visits: list[OccurrenceView]
    following: str
    """« Celui-ci et les suivants (7) »."""
    every: str
    edited: list[OccurrenceView]
    """The visits ahead that a change of all leaves alone unless they are ticked."""


NO_SERIES: Final = SeriesView(title="", visits=[], following="", every="", edited=[])


def series_view(detail: AppointmentDetail, now: datetime) -> SeriesView:
    """Put the series of a visit in words."""
    if not detail.series:
        return NO_SERIES
    number = next(place for place, one in enumerate(detail.series, start=1) if one.id == detail.view.id)
    ahead = [one for one in detail.series if one.starts_at > now and one.status not in {Status.CANCELLED, Status.FULFILLED}]
    whole = [one.starts_at for one in ahead if not one.edited or one.id == detail.view.id]
    return SeriesView(
        title=f"Série\u00a0: {number}{'er' if number == 1 else 'e'} sur {len(detail.series)}",
        visits=[_view(one, detail) for one in detail.series],
        following=f"Celui-ci et les suivants ({sum(one >= detail.view.starts_at for one in whole)})",
        every=f"Tous ceux à venir ({len(whole)})",
        edited=[_view(one, detail) for one in ahead if one.edited and one.id != detail.view.id],
    )


def _view(one: Occurrence, detail: AppointmentDetail) -> OccurrenceView:
    marks = [STATUS_LABELS[one.status]] if one.status is not Status.PLANNED else []
    marks += ["Modifié à part"] if one.edited and one.status is not Status.CANCELLED else []
    return OccurrenceView(
        id=one.id.hex,
        when=moment(one.starts_at, detail.view.zone, year=True),
        mark=", ".join(marks),
        here=one.id == detail.view.id,
        gone=one.status is Status.CANCELLED,
    )
