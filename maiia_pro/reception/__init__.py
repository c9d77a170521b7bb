"""The front door and the waiting room: arrivals that patients signal themselves, delays told to those who wait."""
