"""The project: settings, addresses, middleware, commands."""

__version__ = "0.2.0"
