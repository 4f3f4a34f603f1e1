"""What may a shop beside Takeback look like? Two whole ones, each of them a program of its own."""
