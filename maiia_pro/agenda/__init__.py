"""Visit reasons, opening hours, free time, bookings."""
