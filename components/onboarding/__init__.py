"""What is seen of a practice's first run."""
