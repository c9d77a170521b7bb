"""What the launcher says to the person in front of the screen."""

from datetime import datetime


def say(message: str) -> None:
    """Print a line at once."""
    print(message, flush=True)


def log(message: str) -> None:
    """Print a line with the hour of this machine, for what happens after the start."""
    print(f"{datetime.now().astimezone():%d/%m/%Y %H:%M:%S}  {message}", flush=True)
