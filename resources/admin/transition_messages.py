"""Messages of transitions and the label of the publish button."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from resources.admin.forms import ResourceForm
from resources.models import Resource

PUBLISH_LABEL, SCHEDULE_LABEL = "Publicar ahora", "Programar para el"


def step_message(resource: Resource, action: str, *, was_scheduled: bool = False) -> str:
    """Return the success message of a transition, with its address or scheduled date."""
    address = f"{settings.SITE_URL}{resource.get_absolute_url()}"
    context = {"resource": resource, "action": action, "address": address}
    context["was_scheduled"] = was_scheduled
    return render_to_string("admin/resources/messages/transition.html", context)


def publish_label(form: ResourceForm) -> str:
    """Return the caption of the button that publishes: a future date in the form schedules."""
    if "published_at" not in form.fields:
        return PUBLISH_LABEL
    try:
        at = form.fields["published_at"].clean(form["published_at"].value())
    except ValidationError:
        return PUBLISH_LABEL
    if not at or at <= timezone.now():
        return PUBLISH_LABEL
    return f"{SCHEDULE_LABEL} {date_format(timezone.localtime(at), 'j/n/Y H:i')}"


def publication_in_words(resource: Resource) -> str:
    """Return the result of a publication: its address or scheduled date."""
    if resource.is_scheduled:
        at = date_format(timezone.localtime(resource.published_at), "j/n/Y H:i")
        return f"Programado para el {at}: «{resource}»."
    return f"Publicado: «{resource}». {settings.SITE_URL}{resource.get_absolute_url()}"
