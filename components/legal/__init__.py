"""What the law and fairness want published."""
