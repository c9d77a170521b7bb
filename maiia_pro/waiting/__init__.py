"""The waiting list: who would come if a place became free, and to whom it is offered."""
