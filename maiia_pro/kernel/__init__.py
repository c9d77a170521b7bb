"""What every feature stands on: actor, access, audit, clock, database, errors, French, queue, live channel."""
