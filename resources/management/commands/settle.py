"""`manage.py settle`: run the schedule now. Requests run it by themselves; no cron is needed."""

from typing import Any

from django.core.management.base import BaseCommand

from resources.models import SiteSettings
from resources.workflow.schedule import apply_due


class Command(BaseCommand):
    """Settle and say when the next change is due."""

    help = "Aplica ahora las publicaciones, retiros y cambios de vigencia que hayan llegado a su fecha."

    def handle(self, *args: Any, **options: Any) -> None:
        """Settle, due or not."""
        apply_due(force=True)
        due = SiteSettings.load().next_due_at
        self.stdout.write(
            f"Al día. Próximo cambio: {due:%Y-%m-%d %H:%M %Z}."
            if due
            else "Al día. No hay cambios previstos."
        )
