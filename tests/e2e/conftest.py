"""What the journeys share with those of the desk: a practice in the database, and one browser a person."""

from tests.desk.conftest import browsers, world

__all__ = ["browsers", "world"]
