"""What may go wrong with another server's calendar."""


class CaldavFault(Exception):
    """The calendar could not be read or written."""

    code = "unreachable"


class Unreachable(CaldavFault):
    """The server does not answer, or not in time."""


class PasswordRefused(CaldavFault):
    """The server does not let this user in."""

    code = "password"


class AddressRefused(CaldavFault):
    """The address is none that our server may ask."""

    code = "address"


class NoCalendar(CaldavFault):
    """There is no calendar at this address."""

    code = "no-calendar"


class Unreadable(CaldavFault):
    """The server answers what cannot be read, or more than we read."""

    code = "unreadable"


class WriteRefused(CaldavFault):
    """The calendar takes nothing from us."""

    code = "write"
