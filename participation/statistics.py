"""The public statistics of /accesibilidad/, stored in the site settings, which every page reads anyway."""

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from participation.models import Ticket
from resources.models import SiteSettings

Status = Ticket.Status


def refresh_statistics() -> None:
    """Count received and punctually answered tickets by kind and store the counts, dismissed ones excluded."""
    with transaction.atomic():
        SiteSettings.objects.select_for_update().filter(pk=1).first()  # whoever comes at once waits
        rows = (
            Ticket.objects.exclude(status=Status.DISMISSED)
            .order_by()
            .values("kind")
            .annotate(
                received=Count("pk"),
                answered=Count("pk", filter=Q(status=Status.ANSWERED)),
                in_time=Count("pk", filter=Q(status=Status.ANSWERED, in_time=True)),
                waiting=Count("pk", filter=Q(status=Status.OPEN)),
            )
        )
        figures = {
            row["kind"]: {name: count for name, count in row.items() if name != "kind"}
            for row in rows
        }
        QuerySet(SiteSettings).filter(pk=1).update(help_figures=figures)
        SiteSettings.content_changed()  # a page shows them; the packs that hang on other changes do not
