"""Calendars of other servers, by CalDAV (RFC 4791)."""
