"""Kinds of resources."""
