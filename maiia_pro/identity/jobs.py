"""The job that asking for a code enqueues; `maiia_pro.jobs` binds what does it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import Job


@dataclass(frozen=True)
class CodeAsked(Job):
    """Send a code to where it was asked for; the job names the row, never the code."""

    name: ClassVar[str] = "identity.code_asked"
    code_id: UUID
