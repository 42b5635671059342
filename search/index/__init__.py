"""The index: documents made, written and rebuilt."""
