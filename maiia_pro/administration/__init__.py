"""What the administrators of a practice see to: its name, its places, its people."""
