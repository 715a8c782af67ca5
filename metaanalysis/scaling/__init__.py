"""The scaling law of pruned networks by Rosenfeld et al. (2021), and what it predicts."""
