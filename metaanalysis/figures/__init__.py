"""One file = one figure: its docstring, `data(corpus)` and `chart(data)`."""
