"""Patients' records and the persons behind an account."""
