"""Tomorrow's list, sent encrypted to the practice every evening, so that it can work on paper when the software is down."""
