"""The demonstration practice, relative to today."""
