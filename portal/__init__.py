"""The project: settings, addresses, and how the site is served."""

__version__ = "0.2.0"
