"""Maintenance of the catalogue: check whether its links still work."""
