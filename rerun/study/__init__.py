"""What a study asks for: its file, recipes and arms."""
