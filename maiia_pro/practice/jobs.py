"""The job that tells what was decided of a declaration; `maiia_pro.jobs` binds what does it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import Job


@dataclass(frozen=True)
class DeclarationDecided(Job):
    """Tell a practitioner what an operator decided of their declaration."""

    name: ClassVar[str] = "practice.declaration_decided"
    declaration_id: UUID
