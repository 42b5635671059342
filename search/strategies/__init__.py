"""Strategies: the ways to answer a query."""
