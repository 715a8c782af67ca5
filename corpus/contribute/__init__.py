"""Bringing papers and tables in, and correcting numbers."""
