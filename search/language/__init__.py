"""The Spanish language of the search: stems, spelling, dictionary."""
