"""What a change of the corpus changes: numbers, statistics, figures."""
