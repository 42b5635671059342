"""The public talks back: requests for an accessible format, reports of what is wrong, and what became of them."""
