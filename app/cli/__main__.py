"""`python -m app.cli` is `prunebase`."""

from app.cli import main

main()
