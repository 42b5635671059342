"""How far something is, and what it costs."""

import sys
import time
from pathlib import Path


def processor_time() -> float:
    """Return the seconds of processor time of this process, and of its backend where one serves it on this machine."""
    from django.db import connection

    spent = time.process_time()
    if connection.vendor == "postgresql":
        backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        spent += int(backend.read_text().split()[0]) / 1e9 if backend.exists() else 0
    return spent


def progress(what: str, done: int, total: int, start: float) -> None:
    """Draw a bar on the terminal."""
    if not sys.stderr.isatty() and done < total:
        return
    share = done / total
    left = (time.monotonic() - start) * (1 - share) / share
    bar = "█" * round(share * 30)
    sys.stderr.write(f"\r{what} {bar:<30} {done:,}/{total:,}, faltan {left:,.0f} s ")
    if done == total:
        sys.stderr.write("\n")
