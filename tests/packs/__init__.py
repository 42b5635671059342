"""Packs: what is in them, and that they are never older than what is published."""
