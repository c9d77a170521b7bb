"""The screens of the waiting list."""
