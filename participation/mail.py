"""Background task that mails an answer. It carries the ticket's number only: no mail address in the task table."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from participation.models import Ticket
from resources.lost_tasks import when_lost
from resources.models import SiteSettings


# Again: a second letter in the rare case that the first had just left is better than none.
@when_lost(
    "Una respuesta por correo pudo no salir: ábrala y envíela otra vez",
    repeats=True,
    model="participation.ticket",
)
@task()
def send_answer(ticket_id: int) -> None:
    """Mail the answer of a ticket to its sender, and store on the ticket whether that succeeded."""
    ticket = (
        Ticket.objects.select_related("resource", "attached__resource")
        .filter(pk=ticket_id, status=Ticket.Status.ANSWERED)
        .exclude(email="")
        .first()
    )
    if ticket is None:
        return
    site = SiteSettings.load()
    context = {"ticket": ticket, "site": site, "site_url": settings.SITE_URL}
    message = EmailMessage(
        subject=f"{ticket}: respuesta de {site.name}",
        body=render_to_string("participation/answer.txt", context),
        to=[ticket.email],
        reply_to=[site.contact] if site.contact else None,
    )
    try:
        message.send()
    except (SMTPException, OSError):  # its text may hold the address: it is not kept
        Ticket.objects.filter(pk=ticket_id).update(mail_failed=True)
    else:
        Ticket.objects.filter(pk=ticket_id).update(mailed_on=timezone.now(), mail_failed=False)
