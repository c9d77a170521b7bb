"""The agenda on screen and the live channel."""
