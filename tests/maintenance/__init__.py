"""Tests of the site's own care for itself."""
