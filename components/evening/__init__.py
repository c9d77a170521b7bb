"""Tomorrow's list, sent every evening."""
