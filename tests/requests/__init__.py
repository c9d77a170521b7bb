"""Tests of the practice's requests."""
