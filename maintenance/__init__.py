"""The site's care for itself: whether the addresses that the catalogue points to still answer."""
