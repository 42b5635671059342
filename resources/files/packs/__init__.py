"""Packs: the ZIP of a section or a resource."""
