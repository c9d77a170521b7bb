"""Taking over what a practice kept in another software."""
