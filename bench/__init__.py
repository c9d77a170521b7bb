"""Measures of speed; each writes its figures to bench/out/<name>.json."""
