"""What a practitioner's other calendars say, and what they are told: files brought in, and a calendar linked both ways."""
