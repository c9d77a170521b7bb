"""Pro Santé Connect, the national sign-in of health professionals: its client, and a provider that simulates it."""
