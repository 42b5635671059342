"""The tests of resources.inspection; they need neither Django nor a database."""
