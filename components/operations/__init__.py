"""The operator's screens and the public status."""
