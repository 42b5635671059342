"""The specification: one file per page or behaviour, each test named as a sentence."""
