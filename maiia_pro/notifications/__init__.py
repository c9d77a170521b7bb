"""What people are told by e-mail, and the outbox a person can look at."""
