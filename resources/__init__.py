"""The catalogue: resources, their files, what is known of them, and the pages that show them."""
