"""Background tasks that mail account owners. They carry ids only: no mail address in the task table."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from resources.lost_tasks import when_lost
from resources.models import SiteSettings

logger = logging.getLogger(__name__)


@when_lost("Un aviso de intentos de entrar pudo no salir", repeats=True, model="auth.user")
@task()
def send_sign_in_notice(user_id: int, count: int, since: str) -> None:
    """Mail the owner of an account about failed sign-in attempts."""
    context = {"count": count, "since": since}
    _send(user_id, "sign_in_notice", context)


@when_lost(
    "Un enlace para elegir la clave pudo no salir: hay que pedirlo otra vez",
    repeats=True,
    model="auth.user",
)
@task()
def send_password_link(user_id: int) -> None:
    """Mail the owner of an account the link to choose a new password."""
    person = get_user_model()._default_manager.filter(pk=user_id).first()
    if person is None:
        return
    context = {
        "uid": urlsafe_base64_encode(force_bytes(person.pk)),
        "token": default_token_generator.make_token(person),
    }
    _send(user_id, "password_reset", context)


def _send(user_id: int, name: str, context: dict[str, Any]) -> None:
    person: AbstractUser | None = (
        get_user_model()._default_manager.filter(pk=user_id, is_active=True).first()
    )
    if person is None or not person.email:
        return
    context |= {"user": person, "site": SiteSettings.load(), "site_url": settings.SITE_URL}
    subject = render_to_string(f"registration/{name}_subject.txt", context)
    body = render_to_string(f"registration/{name}_email.html", context)
    try:
        EmailMessage(" ".join(subject.split()), body, to=[person.email]).send()
    except (SMTPException, OSError) as error:  # its text may hold the address
        logger.error("Mail to account %s failed: %s", person.pk, type(error).__name__)
