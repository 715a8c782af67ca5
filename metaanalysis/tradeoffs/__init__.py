"""Operating points as tradeoff curves, and curves set against each other."""
