"""The editors' desk: Django's admin, one module for each thing that is edited."""

from resources.admin import accounts, catalogue, kinds, law, search, site, vocabulary

__all__ = ["accounts", "catalogue", "kinds", "law", "search", "site", "vocabulary"]
