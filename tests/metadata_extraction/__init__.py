"""From a file to a draft's form."""
