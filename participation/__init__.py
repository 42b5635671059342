"""Tickets of the public: requests for an accessible format, reports of errors, and their answers."""
