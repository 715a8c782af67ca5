"""What a paper's file may say: reading with positions, fields, vocabulary, validation."""
