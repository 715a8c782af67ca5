"""The command line: every verb is a thin layer over a library call."""


def main() -> None:
    """Runs the verb that the arguments name, and exits with its code."""
    from app.cli.main import main as run

    run()
