"""Telling a practice's programs what happened: subscriptions, what was sent and how it was received."""
