"""The audit trail as people read it: a practice its own, a patient who saw their file, the operator who did what."""
