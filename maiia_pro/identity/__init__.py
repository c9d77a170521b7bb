"""Who one is: accounts, sessions, activation links, memberships of practices, API clients."""
