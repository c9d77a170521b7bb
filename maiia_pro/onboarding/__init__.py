"""The first run of a practice: opened by the operator, then led by its first practitioner from nothing to an open agenda."""
