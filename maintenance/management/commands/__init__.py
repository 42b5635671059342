"""Commands of the site's care for itself."""
