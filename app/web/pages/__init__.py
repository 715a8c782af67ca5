"""The pages of the web app: one file is one page."""
