"""What an act leaves behind, in one exchange with the database: its line of history, the job it asks for, the word to open screens."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from maiia_pro.kernel import audit, live, queue
from maiia_pro.kernel.exchange import exchange

_LEAVE = f"with noted as ({audit.ADD}) select {live.NOTIFY}, {queue.DEFER}"


@dataclass(frozen=True, slots=True)
class Traces:
    """What is left: `entry` is made by `audit.entry_values`; jobs of one `lock` run one after another."""

    entry: dict[str, Any]
    job: queue.Job
    change: live.Change
    lock: str | None = None

    def values(self) -> dict[str, Any]:
        """Give the values of the statements here."""
        return self.entry | queue.job_values(self.job, self.lock) | live.notice_values(self.change)


def leave(session: Session, traces: Traces) -> None:
    """Do at once what `audit.record`, `queue.enqueue` and `live.announce` do."""
    exchange(session, _LEAVE, traces.values())


def left_by(act: str) -> str:
    """Compose the statement that acts, and leaves traces and gives what the act returned, if it returned a row."""
    return f"with done as ({act}), noted as ({audit.ADD} from done) select done.*, {live.NOTIFY}, {queue.DEFER} from done"  # noqa: S608 - composed once, of constants


def noted_by(act: str) -> str:
    """Compose the statement that acts and leaves the same traces but the job."""
    return f"with done as ({act}), noted as ({audit.ADD} from done) select done.*, {live.NOTIFY} from done"  # noqa: S608 - composed once, of constants
