"""The frames of pages: professionals, patients, sign-in."""
