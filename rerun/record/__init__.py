"""The record of a study: rows, documents, status."""
