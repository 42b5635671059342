"""The catalogue as open data, read by programs that nobody here wrote."""
