"""Masks, filter removal and exact counts of what is left."""
