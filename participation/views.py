"""The public pages of tickets: request a format, report an error, follow a ticket."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from participation import antispam
from participation.antispam import has_quota, use_quota
from participation.deadlines import deadline, working_days_of
from participation.forms import ReportForm, RequestForm, TicketForm
from participation.models import Ticket
from participation.subjects import Subject, subject_of
from participation.tickets import QuotaExceeded, receive
from resources.current_site import SiteRequest
from resources.opendata.record import absolute
from resources.opendata.record_builder import site_facts
from resources.opendata.schema_org import plain_page
from resources.throttling import DAY, HOUR, allow_request

MOST_BYTES = 64 * 1024  # of a whole submission; the form's own limits end far below
MOST_TRIES = 100  # submissions of one connection in an hour, good or bad: no person comes near


@dataclass(frozen=True)
class TicketType:
    """One of the two forms: its model values, form class and texts."""

    kind: Ticket.Kind
    form: type[TicketForm]
    template: str
    name: str


REQUEST = TicketType(
    Ticket.Kind.REQUEST,
    RequestForm,
    "participation/request.html",
    "Solicitar un formato accesible",
)
REPORT = TicketType(
    Ticket.Kind.REPORT, ReportForm, "participation/report.html", "Reportar un problema"
)


# No CSRF token: it would need a cookie, which visitors do not get. The form's seal stands in its place.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_format(request: SiteRequest) -> HttpResponse:
    """Show or process the request for an accessible format."""
    return _form_view(request, REQUEST)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SiteRequest) -> HttpResponse:
    """Show or process the report of an error."""
    return _form_view(request, REPORT)


def _form_view(request: SiteRequest, ticket_type: TicketType) -> HttpResponse:
    """Show the form, process a post, or show it again with its errors."""
    if request.method == "POST" and not allow_request(request, "letters", MOST_TRIES):
        return _rate_limited(request)
    subject = subject_of(request.GET)
    has_subject = subject.resource is not None
    if request.method != "POST":
        form = ticket_type.form(initial={"seal": antispam.issue_token()}, has_subject=has_subject)
        return _render_form(request, ticket_type, subject, form)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        form = ticket_type.form(initial={"seal": antispam.issue_token()}, has_subject=has_subject)
        return _render_form(request, ticket_type, subject, form, status=413, is_too_big=True)
    form = ticket_type.form(request.POST, has_subject=has_subject)
    if not form.is_valid():
        form.again()
        return _render_form(request, ticket_type, subject, form, status=422)
    ticket = _store(request, ticket_type, subject, form)
    if ticket is None:
        response = _render_form(request, ticket_type, subject, form, status=429, is_limited=True)
        response["Retry-After"] = str(_seconds_left_today())
        return response
    return HttpResponseRedirect(ticket.get_absolute_url(), status=303)


def _rate_limited(request: SiteRequest) -> HttpResponse:
    """Answer 429 with a cheap page when the rate limit is exceeded; a person can copy their text from it."""
    is_small = int(request.META.get("CONTENT_LENGTH") or 0) <= MOST_BYTES
    written = request.POST.get("message", "") if is_small else ""
    response = render(request, "participation/too_many.html", {"written": written}, status=429)
    response["Retry-After"] = str(HOUR)
    return response


def _store(
    request: SiteRequest, ticket_type: TicketType, subject: Subject, form: TicketForm
) -> Ticket | None:
    """Store the ticket; return None where the network has used its quota of today."""
    token = antispam.follow_up_token(form.cleaned_data["seal"])
    if not has_quota(request) and not Ticket.objects.filter(token=token).exists():
        return None
    values = form.values | {
        "kind": ticket_type.kind,
        "resource": subject.resource,
        "file": subject.file,
    }
    try:
        return receive(token, lambda: use_quota(request), **values)
    except QuotaExceeded:
        return None


def _seconds_left_today() -> int:
    now = timezone.localtime()
    return DAY - (now.hour * 60 + now.minute) * 60 - now.second


def _render_form(
    request: SiteRequest,
    ticket_type: TicketType,
    subject: Subject,
    form: TicketForm,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render the form with the deadline and the retention of personal data."""
    context |= {
        "form": form,
        "json_ld": plain_page(absolute(request.path), ticket_type.name, site_facts(request.site)),
        "resource": subject.resource,
        "file": subject.file,
        "promised_for": deadline(ticket_type.kind),
        "working_days": working_days_of(ticket_type.kind),
        "days_kept": settings.TICKET_DAYS_KEPT,
        "most": settings.TICKETS_PER_DAY,
    }
    return render(request, ticket_type.template, context, status=status)


@never_cache
@require_safe
def follow(request: SiteRequest, token: str) -> HttpResponse:
    """Show a ticket's state at its private address."""
    tickets = Ticket.objects.select_related(
        "resource", "file__resource", "attached__resource", "attached__current"
    )
    ticket = tickets.filter(token=token).first()
    if ticket is None:
        raise Http404(
            "No hay ninguna solicitud en esta dirección. Compruebe que la copió completa."
        )
    context = {"ticket": ticket, "days_kept": settings.TICKET_DAYS_KEPT}
    response = render(request, "participation/ticket.html", context)
    response["Referrer-Policy"] = "no-referrer"  # the address is a secret: no link may tell it
    response["X-Robots-Tag"] = "noindex"
    return response
