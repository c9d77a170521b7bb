"""Maiia Pro: the software a French medical practice lives in, and the patients' door to it."""
