"""Mail notifications of transitions to the people concerned, if mail is configured."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django_tasks import task

from resources.lost_tasks import when_lost
from resources.models import Resource, Revision, SiteSettings

logger = logging.getLogger(__name__)

Action = Revision.Action
BACKEND = "django.contrib.auth.backends.ModelBackend"
SUBJECTS: dict[str, str] = {
    Action.SUBMITTED: "Para revisar: {title}",
    Action.RETURNED: "Devuelto con una nota: {title}",
    Action.PUBLISHED: "Publicado: {title}",
    Action.SCHEDULED: "Programado: {title}",
    Action.WITHDRAWN: "Retirado: {title}",
}
"""Actions that are notified → the mail's subject."""


def notify(resource: Resource, step: str, user: Any, note: str = "") -> None:
    """Enqueue the notifications of `step`; without mail configured, do nothing."""
    if settings.EMAIL_IS_CONFIGURED and step in SUBJECTS:
        send_notifications.enqueue(resource.pk, str(step), user.pk if user else None, note.strip())


# Not again: whoever has the letter already would get a second one.
@when_lost(
    "Un aviso por correo pudo no llegar: avise usted a su equipo",
    repeats=False,
    model="resources.resource",
)
@task()
def send_notifications(resource_id: int, step: str, user_id: int | None, note: str) -> None:
    """Send one mail to each person concerned, so that nobody sees another's address.

    A mailbox that refuses its letter keeps nobody else from theirs.
    """
    resource = Resource.objects.filter(pk=resource_id).first()
    if resource is None:
        return
    people = get_user_model().objects
    site = SiteSettings.load()
    context = {
        "resource": resource,
        "site": site,
        "person": people.filter(pk=user_id).first() if user_id else None,
        "step": step,
        "note": note,
        "form_url": settings.SITE_URL
        + reverse(f"admin:resources_{resource.kind}_change", args=[resource.pk]),
        "page_url": settings.SITE_URL + resource.get_absolute_url(),
    }
    body = render_to_string("admin/resources/notifications/transition.txt", context)
    subject = " ".join(SUBJECTS[step].format(title=resource.title).split())[:150]
    for address in addresses(resource, step, user_id):
        try:
            EmailMessage(f"[{site.name}] {subject}", body, to=[address]).send()
        except (SMTPException, OSError) as error:  # its text may hold the address: it is not kept
            logger.warning(
                "A letter about resource %d did not go out: %s", resource.pk, type(error).__name__
            )


def addresses(resource: Resource, step: str, user_id: int | None) -> list[str]:
    """Return the recipients of a notification: publishers for a submission, otherwise those who prepared it."""
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    if step == Action.SUBMITTED:
        concerned = get_user_model().objects.with_perm(
            "resources.publish_resource", backend=BACKEND
        )
    else:
        prepared = Revision.objects.of(resource).filter(
            action__in=[Action.CREATED, Action.SUBMITTED]
        )
        concerned = people.filter(pk__in=prepared.values("by"))
    others = people.exclude(pk=user_id) if user_id else people
    chosen = others.filter(pk__in=concerned.values("pk")).exclude(email="")
    return list(chosen.order_by("email").values_list("email", flat=True).distinct())
