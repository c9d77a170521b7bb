"""The page « Cabinet », for those who administer a practice."""
