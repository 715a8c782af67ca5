"""One file = one table: its docstring and `table(corpus)`."""
