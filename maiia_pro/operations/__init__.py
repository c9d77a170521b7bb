"""The operator's view of the whole service."""
