"""Commands of the project: `manage.py serve`, `manage.py editor`."""
