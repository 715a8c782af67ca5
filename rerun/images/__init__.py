"""Images in memory and in folders, and their batches."""
