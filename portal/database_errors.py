"""Distinguish database outages from faults in the code, and explain each in one Spanish sentence."""

import errno
import sys

from django.conf import settings
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError

FULL_OR_READ_ONLY = {errno.ENOSPC, errno.EROFS, errno.EDQUOT}
DAMAGED = ("file is not a database", "malformed", "file is encrypted")
"""Parts of SQLite's messages about a file that it cannot read."""
RESTORE = "Detenga el sitio y restaure el último respaldo (docs/despliegue.md, «Respaldo»)."


def is_outage(error: BaseException | None) -> bool:
    """Return whether an error is an outage of database or disk: locked, full, read-only, damaged, unreachable.

    An error that the SQL itself causes (integrity, a wrong value, a syntax error) is none.
    """
    if isinstance(error, OSError):
        return error.errno in FULL_OR_READ_ONLY
    if error is not None and isinstance(error.__cause__, OSError):  # as XlsxWriter wraps it
        return error.__cause__.errno in FULL_OR_READ_ONLY
    # `DatabaseError` itself is how sqlite3 reports a damaged file; its other subclasses are about the statement.
    return isinstance(error, OperationalError | InterfaceError | InternalError) or (
        type(error) is DatabaseError
    )


def current_outage() -> BaseException | None:
    """Return the exception being handled if it is an outage, for error views, which do not receive it."""
    error = sys.exception()
    return error if is_outage(error) else None


def is_busy(error: BaseException) -> bool:
    """Return whether another transaction holds a lock that a statement waited for in vain."""
    text = str(error).lower()
    return any(part in text for part in ("locked", "lock timeout", "deadlock"))


def explain(error: BaseException) -> str:
    """Return one Spanish sentence for the operator at the command line; "" where the error is no outage."""
    if not is_outage(error):
        return ""
    text = str(error).strip()
    low = text.lower()
    if isinstance(error, OSError) or "is full" in low or "no space left" in low:
        return f"No se puede escribir en el disco ({text}). Libere espacio o revise sus permisos y repita."
    if any(part in low for part in DAMAGED):
        return f"La base de datos está dañada ({text}). {RESTORE}"
    if "readonly" in low or "read-only" in low:
        return f"La base de datos es de solo lectura ({text}). Revise los permisos y el espacio del disco."
    if is_busy(error):
        return "La base de datos está ocupada por otro proceso. Espere a que termine y repita."
    if "no such table" in low or "no such column" in low:
        return f"Faltan tablas en la base de datos ({text}). Ejecute: manage.py migrate"
    return _unreachable(text)


def _unreachable(text: str) -> str:
    """Return the sentence for a database that does not open or answer, without its password."""
    database = settings.DATABASES["default"]
    what = " ".join(text.split())
    if database["ENGINE"].endswith("sqlite3"):
        place = f"«{database['NAME']}»"
        return f"No se puede abrir la base de datos {place} ({what}). Revise que exista su carpeta y sus permisos, o restaure un respaldo."
    return f"La base de datos PostgreSQL no responde ({what}). Compruebe que esté en marcha y que DATABASE_URL sea correcta."
