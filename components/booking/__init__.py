"""The patient's door: find, choose, book, cancel, move."""
