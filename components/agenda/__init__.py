"""The agenda on screen: calendar, panels, dialogs, settings."""
