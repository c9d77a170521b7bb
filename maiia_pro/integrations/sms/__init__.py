"""Sending SMS: the client of Brevo's API, and a server that keeps what it gets for the demonstration and the tests."""
