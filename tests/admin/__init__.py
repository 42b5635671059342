"""The editors' desk, through its pages."""
