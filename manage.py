#!/usr/bin/env python
"""Django's command line for this project: `python manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Run one management command with the project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, InterfaceError
    from environs import EnvError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        sys.exit(f"recursos: {wrong}")
    except EnvError as wrong:
        sys.exit(
            f"recursos: una variable de entorno no sirve ({wrong}); docs/despliegue.md dice qué admite cada una"
        )
    except (DatabaseError, InterfaceError, OSError) as error:
        from portal.database_errors import explain

        sentence = explain(error)
        if not sentence or "--traceback" in sys.argv:
            raise
        sys.exit(f"recursos: {sentence}")


if __name__ == "__main__":
    main()
