"""What the pages of somebody remind them of: mail that does not arrive, details to check, a profession that is not checked yet."""

import reflex as rx

from maiia_pro.identity.health import Notices, my_notices
from maiia_pro.kernel.errors import DomainError
from maiia_pro.kernel.work import run_blocking
from state.rules import Anyone, allow
from state.session import current_actor


class AccountNotices(rx.State):
    """Whether there is something to be reminded of."""

    unreached: bool = False
    """Mail does not arrive at the account's address."""
    check_due: bool = False
    """The details of the account want checking."""
    unchecked: bool = False
    """The operator has not checked what they practise: they cannot work yet."""

    @rx.event
    @allow(Anyone)
    async def look(self) -> None:
        """Ask when a page opens; a visitor has nothing to be reminded of."""
        try:
            actor = await current_actor(self)
            found = await run_blocking(my_notices, actor) if actor.account_id else Notices()
        except DomainError:
            return  # the page itself says that nobody answers
        self.unreached, self.check_due, self.unchecked = found.unreached, found.check_due, found.unchecked
