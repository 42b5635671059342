"""The views: each gets, decides and renders. Access is decided in access.py alone."""
