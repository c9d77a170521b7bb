"""FHIR R4 for programs that a practice lets in: directory, free slots, patients, appointments."""
