"""Sharing pictures: what a chat or a social network shows beside the link to a resource or a section."""
