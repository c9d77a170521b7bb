"""Exporting appointments: what the dialog asks for, checked before the file is fetched."""

from typing import Any, Final
from urllib.parse import urlencode

import reflex as rx
from reflex.event import EventSpec

from maiia_pro.agenda.export import ExportRequest
from maiia_pro.kernel.errors import DomainError
from state.agenda import STAFF
from state.announcements import field_errors, refusal
from state.rules import allow

FIELDS: Final = {"praticien": "whose", "du": "first", "au": "last", "format": "kind"}
"""Parameters of the address, and the field that fills each."""


class Export(rx.State):
    """What is wrong with the export that is asked for."""

    errors: dict[str, str] = {}

    @rx.event
    @allow(*STAFF)
    async def fetch(self, form: dict[str, Any]) -> EventSpec | None:
        """Have the browser download the file; refused, the dialog stays as it was filled in."""
        asked = {name: str(form.get(field, "")) for name, field in FIELDS.items()}
        try:
            ExportRequest.parse(*asked.values())
        except DomainError as error:
            self.errors = field_errors(error)
            return None if self.errors else refusal(error)
        self.errors = {}
        return rx.download(url=f"/api/agenda/export?{urlencode(asked)}", filename="")
