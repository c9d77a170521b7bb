"""Requests: what a practice has to answer besides its visits, such as calling back or renewing a prescription."""
