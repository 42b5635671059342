"""Management commands: seed, schedule, files and covers."""
