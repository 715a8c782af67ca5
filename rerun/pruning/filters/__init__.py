"""Pruning of whole filters: which ones can go, which ones do, and the small dense network that is left."""
