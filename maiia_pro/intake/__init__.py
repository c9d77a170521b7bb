"""Taking over what a practice kept in another software: its patients and its appointments, from a CSV file."""
