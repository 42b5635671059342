"""The error of this app, with a message for the person at the command line."""


class BackupError(Exception):
    """A backup or restore cannot go on; the message, in Spanish, says what to do."""
