"""Carrying a study out: planning, stacking, stopping and resuming."""
