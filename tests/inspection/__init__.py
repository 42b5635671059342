"""The tests of inspection; they need neither Django nor a database."""
