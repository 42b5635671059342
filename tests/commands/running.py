"""How a test runs a command."""

import io

from django.core.management import call_command


def run(*arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and all that it wrote."""
    out = io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()
