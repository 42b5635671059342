"""Throttled sign-in and password change, by account and by network, with a notice to the account's owner.

The limit by account is soft: a browser in which the owner has signed in before (a signed cookie) is counted apart, so
that a stranger's attempts delay strangers only.
"""

import logging
import secrets
import unicodedata
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth import get_user_model
from django.contrib.auth.views import PasswordChangeView
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.account_mail import send_sign_in_notice
from portal.attempt_throttle import (
    Limit,
    count_attempt,
    count_of,
    delay_in_words,
    reset_counts,
    uncount_attempt,
)
from portal.models import AttemptCount
from resources.throttling import network_of

logger = logging.getLogger(__name__)

FREE_OF_ACCOUNT = 5
FREE_OF_NETWORK = 20  # a whole office may share one
KNOWN_BROWSER = "navegador"
KNOWN_FOR = 90 * 24 * 60 * 60  # seconds
SALT = "portal.known-browser"
TOO_MANY = "Demasiados intentos. Espere %(wait)s y vuelva a intentarlo."


def normalized(text: str) -> str:
    """Return a user name or mail address with its typed variants unified."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def account_limit(username: str) -> Limit:
    """Return the limit of the account `username`, whether it exists or not."""
    return Limit("account", normalized(username), FREE_OF_ACCOUNT)


def network_limit(request: HttpRequest) -> Limit:
    """Return the limit of the request's network."""
    return Limit("network", network_of(request), FREE_OF_NETWORK)


def remember_browser(response: HttpResponse, username: str) -> None:
    """Set the cookie that gives this browser its own limit for the account."""
    value = signing.dumps([account_limit(username).key, secrets.token_hex(8)], salt=SALT)
    response.set_cookie(
        KNOWN_BROWSER,
        value,
        max_age=KNOWN_FOR,
        path=reverse("admin:index"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def browser_limit(request: HttpRequest, username: str) -> Limit | None:
    """Return the limit of this browser if the account's owner has signed in with it before."""
    cookie = request.COOKIES.get(KNOWN_BROWSER, "")
    try:
        key, nonce = signing.loads(cookie, salt=SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    is_own = key == account_limit(username).key
    return Limit("browser", nonce, FREE_OF_ACCOUNT) if is_own else None


Response = TypeVar("Response", bound=HttpResponseBase)


class SignInForm(AdminAuthenticationForm):
    """The admin's sign-in form, throttled; `wait` is the delay in seconds during which any password is refused."""

    wait = 0

    def clean(self) -> dict[str, Any]:
        """Check the password unless throttled; show the owner the number of earlier failures."""
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return super().clean()
        request = cast(HttpRequest, self.request)
        own = browser_limit(request, username)
        account = account_limit(username)
        limits = [own] if own else [account, network_limit(request)]
        self.wait = count_attempt(limits)
        if self.wait:
            log(f"Sign-in refused for {self.wait} s", limits)
            raise throttle_error(self.wait)
        try:
            cleaned = super().clean()
        except ValidationError:
            note_failure("Sign-in", username, limits)
            raise
        uncount_attempt(limits)
        show_earlier_failures(request, count_of(account))
        reset_counts([account, *([own] if own else [])])
        return cleaned


def throttle_error(wait: int) -> ValidationError:
    """Return the validation error with the delay."""
    return ValidationError(TOO_MANY, code="throttled", params={"wait": delay_in_words(wait)})


def log(what: str, limits: list[Limit]) -> None:
    """Write a log line with the hashed keys of `limits`: no password, user name or network address."""
    keys = ", ".join(f"{limit.scope} {limit.key[:12]}" for limit in limits)
    logger.warning("%s (counted by %s).", what, keys)


def note_failure(action: str, username: str, limits: list[Limit]) -> None:
    """Log a failure, and mail the account's owner one notice when the delays begin."""
    person = get_user_model()._default_manager.filter(username=username).first()
    log(f"{action} failed for {f'account {person.pk}' if person else 'no account'}", limits)
    account = account_limit(username)
    due = AttemptCount.objects.filter(key=account.key, count__gte=account.free, is_told=False)
    if due.update(is_told=True) and person and person.is_active and person.email:
        row = count_of(account)
        if settings.EMAIL_IS_CONFIGURED and row:
            send_sign_in_notice.enqueue(person.pk, row.count, when(row))


def when(row: AttemptCount) -> str:
    """Return in words since when attempts are counted."""
    return date_format(timezone.localtime(row.since), r"j \d\e F \d\e Y, H:i")


def show_earlier_failures(request: HttpRequest, row: AttemptCount | None) -> None:
    """Show a user who has just signed in the number of earlier failures with their user name."""
    if row is None or not row.count:
        return
    attempts = "1 intento fallido" if row.count == 1 else f"{row.count} intentos fallidos"
    messages.warning(
        request,
        f"Hubo {attempts} de entrar con su usuario desde el {when(row)}. "
        "Si no fue usted, cambie su contraseña por otra larga que no use en ningún otro sitio.",
    )


class ThrottledPasswordChangeForm(AdminPasswordChangeForm):
    """The password change form; wrong guesses of the old one are throttled by account and network."""

    wait = 0

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Check the old password unless throttled."""
        limits = [Limit("change", str(self.user.pk), FREE_OF_ACCOUNT), network_limit(self.request)]
        self.wait = count_attempt(limits)
        if self.wait:
            log(f"Change of password refused for {self.wait} s", limits)
            raise throttle_error(self.wait)
        try:
            old_password = super().clean_old_password()
        except ValidationError:
            note_failure("Change of password", self.user.get_username(), limits)
            raise
        reset_counts(limits[:1])
        uncount_attempt(limits[1:])
        return old_password


class ThrottledPasswordChangeView(PasswordChangeView):
    """The password change view, with its request in the form for the network's limit."""

    form_class = ThrottledPasswordChangeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Add the request."""
        return super().get_form_kwargs() | {"request": self.request}


def with_retry_after(response: Response, wait: int) -> Response:
    """Set status 429 and Retry-After on a response while throttled."""
    if wait:
        response.status_code = 429
        response["Retry-After"] = str(wait)
    return response
