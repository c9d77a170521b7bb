"""The window that a telephone system opens when somebody calls."""
