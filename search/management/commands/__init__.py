"""Commands of the catalogue: the seed, what falls due, files and covers."""
