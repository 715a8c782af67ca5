"""Pictures, tables as text and the report page."""
