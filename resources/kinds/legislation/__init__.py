"""The kind legal instrument."""
