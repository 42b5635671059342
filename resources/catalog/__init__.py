"""One description of a resource, many formats of it: what its page, feeds, exports and machines are told."""
