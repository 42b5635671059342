"""Bulk actions of the catalogue."""
