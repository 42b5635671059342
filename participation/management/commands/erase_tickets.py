"""`manage.py erase_tickets`: erase expired personal data of tickets. Each new ticket does the same by itself."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from participation.tickets import erase_old


class Command(BaseCommand):
    """Erase, and print the number of tickets."""

    help = "Borra lo que las personas escribieron en solicitudes y reportes más antiguos que TICKET_DAYS_KEPT días."

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase expired personal data."""
        count = erase_old()
        self.stdout.write(
            f"Se borraron los datos personales de {count} {'solicitud o reporte' if count == 1 else 'solicitudes y reportes'} "
            f"de hace más de {settings.TICKET_DAYS_KEPT} días."
        )
