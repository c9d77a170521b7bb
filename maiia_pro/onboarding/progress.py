"""How far the first run of a practitioner has come: what the data says is done, what was passed over, who works in the practice."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from maiia_pro.identity.presence import Presence, presence
from maiia_pro.kernel import clock
from maiia_pro.kernel.access import Permission, require
from maiia_pro.kernel.actor import Actor, ActorKind
from maiia_pro.kernel.db import reading, transaction
from maiia_pro.onboarding.tables import Step, StepNote
from maiia_pro.practice.own_agenda import open_sites, own_row
from maiia_pro.practice.tables import Offer, Practice, Practitioner, Site


@dataclass(frozen=True, slots=True)
class StaffLine:
    """Somebody of the practice."""

    name: str
    email: str
    role: ActorKind
    presence: Presence

    @property
    def waiting(self) -> bool:
        """Whether the link that was sent was not followed."""
        return self.presence is Presence.INVITED


_STAFF = text(f"""
    select case when m.asked_at is null then a.name else m.name end as name, m.role,
           case when m.asked_at is null then a.email else a.email_key end as email,
           {presence("a", "m.role", "m.asked_at is not null")} as presence
    from membership m join account a on a.id = m.account_id where m.practice_id = :id order by m.role, 1
""")  # noqa: S608 - the expression above, nothing that anybody typed


@dataclass(frozen=True, slots=True)
class FirstRun:
    """All that the wizard shows of what is there."""

    practice_id: UUID
    practice_name: str
    has_online_booking: bool
    practitioner: Practitioner
    sites: tuple[Site, ...]
    staff: tuple[StaffLine, ...]
    done: frozenset[Step]
    left: frozenset[Step]
    """Steps that are finished or passed over."""

    @property
    def next_step(self) -> Step | None:
        """The first step that still waits."""
        return next((step for step in Step if step not in self.left), None)

    @property
    def is_open(self) -> bool:
        """Whether somebody can be given an appointment."""
        return {Step.SITE, Step.REASONS, Step.HOURS} <= self.done


_DONE = text("""
    select exists (select from offering o join visit_reason r on r.id = o.reason_id
                   where o.practitioner_id = :id and o.active and r.active) as reasons,
           exists (select from opening_rule where practitioner_id = :id) as hours
""")


def first_run(actor: Actor) -> FirstRun:
    """Read the first run of the actor's own agenda; raises `NotFound` where there is none."""
    require(actor, Permission.PRACTICE_SETUP)
    with reading() as session:
        own = own_row(session, actor)
        practice = session.get_one(Practice, own.practice_id)
        sites = session.exec(open_sites(practice.id)).all()
        notes = {Step(note) for note in session.exec(select(StepNote.step).where(StepNote.practitioner_id == own.id))}
        found = session.connection().execute(_DONE, {"id": own.id}).one()
        told = {Step.SITE: bool(sites), Step.REASONS: found.reasons, Step.HOURS: found.hours, Step.PUBLICATION: own.published}
        done = {step for step, is_done in told.items() if is_done} | (notes - told.keys())
        return FirstRun(
            practice.id, practice.name, practice.offer == Offer.PREMIUM, own, tuple(sites),
            _staff(session, practice.id), frozenset(done), frozenset(done | notes),
        )  # fmt: skip


def _staff(session: Session, practice_id: UUID) -> tuple[StaffLine, ...]:
    """List the people; who was asked in and has not answered looks like who has no account yet."""
    found = session.connection().execute(_STAFF, {"id": practice_id})
    return tuple(StaffLine(row.name, row.email or "", ActorKind(row.role), Presence(row.presence)) for row in found)


def pass_step(actor: Actor, step: Step) -> None:
    """Leave a step behind: it is finished, or not wanted now; each stays open for whoever comes back to it."""
    require(actor, Permission.PRACTICE_SETUP)
    with transaction() as session:
        note_step(session, own_row(session, actor).id, step)


def note_step(session: Session, practitioner_id: UUID, step: Step) -> None:
    """Note that a step is left behind, in the caller's transaction; once is enough."""
    row = {"practitioner_id": practitioner_id, "step": step, "at": clock.now()}
    session.connection().execute(insert(StepNote).values(row).on_conflict_do_nothing())
