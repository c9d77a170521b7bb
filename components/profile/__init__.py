"""What is seen of one's own public page."""
