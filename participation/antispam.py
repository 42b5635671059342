"""Signed form tokens instead of a cookie, and the daily quota per network: rate limits of the public forms."""

import hashlib
import secrets
from enum import Enum

from django.conf import settings
from django.core import signing
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from participation.models import DailySalt, SendCount
from resources.throttling import network_of

SALT = "participation.form"
FASTEST = 3  # seconds in which nobody reads and fills in a form
LONGEST = 24 * 60 * 60  # seconds that a form may lie open


class TokenError(Enum):
    """What is odd about a form token: FAST is told to the desk, the others refuse the form with a message to the visitor."""

    FAST = "Se envió a los pocos segundos de abrir el formulario, como lo haría un programa."
    OLD = "El formulario estuvo abierto más de un día. Revise lo que escribió y pulse «Enviar» otra vez."
    BROKEN = "No pudimos comprobar que el formulario salió de esta página. Revise lo que escribió y pulse «Enviar» otra vez."


def issue_token() -> str:
    """Return a signed token for one form."""
    return signing.dumps([secrets.token_urlsafe(16), timezone.now().timestamp()], salt=SALT)


def token_error(token: str) -> TokenError | None:
    """Return the error of a form token, or None."""
    try:
        _, made = signing.loads(token, salt=SALT)
        age = timezone.now().timestamp() - made
    except (signing.BadSignature, ValueError, TypeError):
        return TokenError.BROKEN
    if age < FASTEST:
        return TokenError.FAST
    return TokenError.OLD if age > LONGEST else None


def follow_up_token(token: str) -> str:
    """Return the private token to follow a ticket, derived from its form token: the same in, the same out.

    A form sent twice leads to the same ticket; the token cannot be derived from the form without the secret key.
    """
    nonce, _ = signing.loads(token, salt=SALT)
    return salted_hmac("participation.follow-up", nonce, algorithm="sha256").hexdigest()[:40]


def has_quota(request: HttpRequest) -> bool:
    """Return, without a write, whether the network may send another ticket today."""
    salt = DailySalt.objects.filter(day=timezone.localdate()).first()
    if salt is None:
        return True
    spent = salt.counts.filter(
        who=_network_hash(salt, request), count__gte=settings.TICKETS_PER_DAY
    )
    return not spent.exists()


def use_quota(request: HttpRequest) -> bool:
    """Count one more ticket of the network; return whether it is within the quota. Simultaneous requests wait."""
    salt, is_new_day = DailySalt.objects.get_or_create(day=timezone.localdate())
    if is_new_day:
        forget_counts()
    who = _network_hash(salt, request)
    SendCount.objects.get_or_create(salt=salt, who=who)
    free = salt.counts.filter(who=who, count__lt=settings.TICKETS_PER_DAY)
    return bool(free.update(count=F("count") + 1))


def forget_counts() -> int:
    """Delete the salts of earlier days with their counts; return the number of deleted rows."""
    return DailySalt.objects.filter(day__lt=timezone.localdate()).delete()[0]


def _network_hash(salt: DailySalt, request: HttpRequest) -> str:
    return hashlib.sha256(f"{salt.salt} {network_of(request)}".encode()).hexdigest()
