"""Visit reasons taken from a template, with what was changed in it, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from maiia_pro.agenda.context import lock_practitioners
from maiia_pro.agenda.reason_rules import reason_key
from maiia_pro.agenda.reasons import ReasonForm, save_reason
from maiia_pro.agenda.setup import reason_views
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor
from maiia_pro.kernel.db import enclosing_transaction
from maiia_pro.kernel.errors import Conflict, Invalid
from maiia_pro.onboarding.progress import note_step
from maiia_pro.onboarding.tables import Step
from maiia_pro.practice.own_agenda import open_sites, own_row


class NoSite(Conflict):
    """Reasons are offered somewhere: the practice has no place yet."""

    code = "no-site"
    message = "Enregistrez d’abord le lieu où vous recevez."


@dataclass(frozen=True, slots=True)
class Taken:
    """How many reasons were made, and which were there under the same name already."""

    made: int
    known: tuple[str, ...]


def take_reasons(actor: Actor, forms: Sequence[ReasonForm]) -> Taken:
    """Make these reasons at every place of the practice; one whose name is there already is left as it is.

    Raises `NoSite`, and `Invalid` where none is chosen.
    """
    require(actor, Permission.PRACTICE_SETUP)
    if not forms:
        raise Invalid(fields={"reasons": "Cochez au moins un motif."})
    with enclosing_transaction() as session:
        own = own_row(session, actor)
        lock_practitioners(session, [own.id])
        sites = tuple(site.id for site in session.exec(open_sites(own.practice_id)))
        if not sites:
            raise NoSite
        names = {reason_key(one.name) for one in reason_views(session, own.id)}
        wanted = {reason_key(form.name): form for form in forms}
        for form in (form for name, form in wanted.items() if name not in names):
            save_reason(actor, own.id, replace(form, site_ids=sites))
        note_step(session, own.id, Step.REASONS)
        return Taken(len(wanted.keys() - names), tuple(form.name for name, form in wanted.items() if name in names))
