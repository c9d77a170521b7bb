"""What releases brought."""
