"""Training one network or many at once, on a CPU or a GPU."""
