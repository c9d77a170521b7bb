"""Tests of the audit trail as people read it."""
