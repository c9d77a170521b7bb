"""How much of anything a search takes and gives."""

from typing import Final

DEFAULT_COUNT: Final = 100
MOST: Final = 1000
"""Resources on a page."""
LONGEST_VALUE: Final = 1000
"""Characters of a parameter's value."""
