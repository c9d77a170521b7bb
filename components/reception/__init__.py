"""The door and the waiting room: the poster, the page it leads to, delays."""
