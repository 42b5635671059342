"""The catalogue: resources, their files, and the pages that show them."""
