"""Sending events to programs of practices over HTTP, signed (Standard Webhooks)."""
