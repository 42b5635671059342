"""Tickets, and the counts of the daily quota per network, kept under a hash with a daily salt."""

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from resources.models import Resource, ResourceFile

LONGEST = 2000  # characters of a message or an answer


def new_salt() -> str:
    """Return 128 random bits."""
    return secrets.token_hex(16)


class TicketQuerySet(models.QuerySet):
    """Tickets by state."""

    def waiting(self) -> "TicketQuerySet":
        """Return the open tickets."""
        return self.filter(status=Ticket.Status.OPEN)

    def late(self) -> "TicketQuerySet":
        """Return the tickets past their deadline without any answer."""
        today = timezone.localdate()
        return self.waiting().filter(promised_for__lt=today, in_time=None)

    def old(self) -> "TicketQuerySet":
        """Return the tickets past the retention of personal data that still hold some."""
        limit = timezone.now() - dt.timedelta(days=settings.TICKET_DAYS_KEPT)
        return self.filter(received_on__lt=limit, erased_on=None)


class Ticket(models.Model):
    """One request or report. Personal data is erased by age; the dates stay for the statistics."""

    class Kind(models.TextChoices):
        REQUEST = "request", "Solicitud"
        REPORT = "report", "Reporte"

    class Topic(models.TextChoices):
        """The format needed (requests) or the kind of error (reports)."""

        SCREEN_READER = "reader", "Un PDF o documento que funcione con lector de pantalla"
        EDITABLE = "editable", "Un archivo editable (Word, OpenDocument u hoja de cálculo)"
        LARGE_PRINT = "large", "Letra grande o más contraste"
        EASY_READ = "easy", "Lectura fácil: frases cortas y palabras sencillas"
        AUDIO = "audio", "Audio"
        CAPTIONS = "captions", "Subtítulos o transcripción de un video"
        OTHER_FORMAT = "format", "Otro formato"
        BROKEN = "broken", "No se abre o un enlace está roto"
        WRONG = "wrong", "Tiene un error o un dato equivocado"
        OUTDATED = "outdated", "Está desactualizado"
        BARRIER = "barrier", "Una barrera me impide leerlo o usarlo"
        OTHER = "other", "Otro problema"

    class Status(models.TextChoices):
        OPEN = "open", "Por responder"
        ANSWERED = "answered", "Respondida"
        DISMISSED = "dismissed", "Descartada"
        UNANSWERED = "unanswered", "Sin respuesta"

    kind = models.CharField("tipo", max_length=10, choices=Kind.choices, editable=False)
    topic = models.CharField("asunto", max_length=10, choices=Topic.choices, editable=False)
    resource = models.ForeignKey(
        Resource,
        verbose_name="recurso",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    file = models.ForeignKey(
        ResourceFile,
        verbose_name="archivo",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_hasty = models.BooleanField("enviada a los pocos segundos", default=False, editable=False)
    about = models.CharField("sobre qué es", max_length=300, blank=True, editable=False)
    message = models.TextField("mensaje", max_length=LONGEST, blank=True, editable=False)
    needed_by = models.DateField("para cuándo lo necesita", null=True, editable=False)
    email = models.EmailField("correo electrónico", blank=True, editable=False)
    token = models.CharField(max_length=64, unique=True, editable=False)
    received_on = models.DateTimeField("recibida", default=timezone.now, editable=False)
    promised_for = models.DateField("respuesta prometida", editable=False)
    status = models.CharField(
        "estado", max_length=10, choices=Status.choices, default=Status.OPEN, editable=False
    )
    answer = models.TextField(
        "respuesta",
        max_length=LONGEST,
        blank=True,
        help_text="La lee la persona en su dirección de seguimiento y, si dejó un correo, también allí. Diga qué se hizo y, "
        "si no se pudo, por qué y qué puede hacer ahora.",
    )
    attached = models.ForeignKey(
        ResourceFile,
        verbose_name="archivo accesible que se agregó",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    closed_on = models.DateTimeField("cerrada", null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="por",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    in_time = models.BooleanField("a tiempo", null=True, editable=False)
    mailed_on = models.DateTimeField("correo enviado", null=True, editable=False)
    mail_failed = models.BooleanField("el correo no salió", default=False, editable=False)
    erased_on = models.DateTimeField("datos borrados", null=True, editable=False)

    PERSONAL = ("about", "message", "email", "answer")
    """The texts that a person wrote or that were written to a person."""

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = "solicitud o reporte"
        verbose_name_plural = "solicitudes y reportes"
        ordering = ["promised_for", "pk"]
        indexes = [
            models.Index(
                fields=["promised_for"], name="ticket_waiting", condition=Q(status="open")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", closed_on=None)
                | Q(status__in=["answered", "dismissed", "unanswered"], closed_on__isnull=False),
                name="a_ticket_is_open_or_says_when_it_closed",
            ),
            models.CheckConstraint(
                condition=Q(status="open") | ~Q(answer="") | Q(erased_on__isnull=False),
                name="a_closed_ticket_says_what_came_of_it",
            ),
            models.CheckConstraint(
                condition=Q(erased_on=None) | Q(about="", message="", email="", answer=""),
                name="an_erased_ticket_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def number(self) -> str:
        """Return the number for use on the telephone: "2026-00012"."""
        return f"{timezone.localtime(self.received_on).year}-{self.pk:05}"

    @property
    def headline(self) -> str:
        """Return the state in words, for the sender."""
        kind = self.get_kind_display().lower()
        return {
            self.Status.OPEN: f"Recibimos su {kind}",
            self.Status.ANSWERED: f"Respondimos su {kind}",
            self.Status.DISMISSED: f"Cerramos su {kind}",
            self.Status.UNANSWERED: f"Su {kind} quedó sin respuesta",
        }[self.Status(self.status)]

    @property
    def is_open(self) -> bool:
        """Return whether the ticket still needs an answer."""
        return self.status == self.Status.OPEN

    @property
    def is_being_corrected(self) -> bool:
        """Return whether it was answered and reopened: the first answer met or missed the deadline."""
        return self.is_open and self.in_time is not None

    @property
    def is_late(self) -> bool:
        """Return whether the deadline has passed without any answer."""
        is_settled = self.in_time is not None
        return self.is_open and not is_settled and self.promised_for < timezone.localdate()

    def get_absolute_url(self) -> str:
        """Return the private address where the sender follows it."""
        return reverse("ticket", args=[self.token])


class DailySalt(models.Model):
    """The salt of one day; deleting it deletes all counts made with it."""

    day = models.DateField(unique=True)
    salt = models.CharField(max_length=32, default=new_salt)

    class Meta:
        verbose_name = "sal del día"
        verbose_name_plural = "sales del día"

    def __str__(self) -> str:
        return self.day.isoformat()


class SendCount(models.Model):
    """The number of tickets of one network on a day, under a salted hash."""

    salt = models.ForeignKey(DailySalt, on_delete=models.CASCADE, related_name="counts")
    who = models.CharField(max_length=64)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "cuenta de envíos"
        verbose_name_plural = "cuentas de envíos"
        constraints = [
            models.UniqueConstraint(fields=["salt", "who"], name="a_connection_is_counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.count}"
