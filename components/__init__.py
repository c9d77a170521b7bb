"""What people see: widgets, layout and the pages of each feature."""
