"""Metadata extraction: suggestions for the form from an inspected file."""
