"""Open data: one record of a resource in every format."""
