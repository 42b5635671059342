"""Listing: one request for resources, its facets, cards and highlights."""
