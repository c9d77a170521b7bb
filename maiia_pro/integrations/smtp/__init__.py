"""Sending e-mail: the client (RFC 5321), and a server that keeps what it gets for the demonstration and the tests."""
