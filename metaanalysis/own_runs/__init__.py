"""Our own runs as curves, arms and intervals, read from their documents."""
