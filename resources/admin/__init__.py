"""The editors' desk: Django's admin, one module for each thing that is edited."""

from resources.admin import catalogue, kinds, legislation, site_settings, synonyms, taxonomy, users

__all__ = [
    "catalogue",
    "kinds",
    "legislation",
    "site_settings",
    "synonyms",
    "taxonomy",
    "users",
]
