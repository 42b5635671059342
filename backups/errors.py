"""The error of this app, with a message for the person at the command line."""


class BackupError(Exception):
    """Failed backup or restore; the message, in Spanish, says what to do."""
