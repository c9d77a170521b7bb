"""What goes to machines of strangers' choice waits in a queue of its own, and holds up no message to people."""

from collections.abc import Sequence

from alembic import op

revision: str = "0044"
down_revision: str | Sequence[str] | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The queue is the only word in quotes of its kind in the two triggers that enqueue.
MOVE = """
    do $$
    declare trigger_function regprocedure;
    begin
        foreach trigger_function in array array['calendar_link_follow()', 'webhook_tell()']::regprocedure[] loop
            execute replace(pg_get_functiondef(trigger_function), '''{before}''', '''{after}''');
        end loop;
    end $$
"""


def upgrade() -> None:
    op.execute(MOVE.format(before="default", after="outside"))


def downgrade() -> None:
    op.execute(MOVE.format(before="outside", after="default"))
