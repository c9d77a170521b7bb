"""Widgets: values and handlers in, a component out; they know no feature."""
