"""Import and export of the catalogue as a table."""
