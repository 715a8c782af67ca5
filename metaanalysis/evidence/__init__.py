"""Evidence synthesis: what papers together say of pruning methods, with which uncertainty, and what they cannot say."""
