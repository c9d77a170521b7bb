"""Jobs that codes enqueue; `maiia_pro.jobs` binds what does them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from maiia_pro.kernel.queue import Job


@dataclass(frozen=True)
class CodeAsked(Job):
    """Send a code to where it was asked for; the job names the row, never the code."""

    name: ClassVar[str] = "identity.code_asked"
    code_id: UUID


@dataclass(frozen=True)
class ContactChanged(Job):
    """Tell the old address or number of an account that it was changed; the job names the code that proved the new one."""

    name: ClassVar[str] = "identity.contact_changed"
    code_id: UUID
