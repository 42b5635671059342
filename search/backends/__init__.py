"""Backends: the full-text index on SQLite and on PostgreSQL."""
