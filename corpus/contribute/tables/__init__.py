"""Reads the tables that authors publish: cells, columns and what they mean, rows and the account of all cells."""
