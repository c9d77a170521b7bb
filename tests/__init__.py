"""Tests of Maiia Pro; their names are sentences."""
