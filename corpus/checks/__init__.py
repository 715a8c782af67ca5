"""What is wrong or doubtful in a corpus, told all at once."""
