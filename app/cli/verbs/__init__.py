"""The verbs of the command line: a file here is registered by being here (see app/cli/application.py)."""
