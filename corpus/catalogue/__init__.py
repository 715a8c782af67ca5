"""Papers, operating points and training recipes, put together from the files."""
