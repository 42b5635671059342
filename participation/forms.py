"""The two public forms, their honeypot field and every error message."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from participation import antispam
from participation.models import LONGEST, Ticket

Topic = Ticket.Topic
FAR = dt.timedelta(days=365)
TOO_LONG = "Acorte el texto: caben %(limit_value)d caracteres y usted escribió %(show_value)d."
HONEYPOT = "Deje vacío el último campo: solo lo llenan los programas. Lo borramos; pulse «Enviar» otra vez."


class TicketForm(forms.Form):
    """The common fields of requests and reports. `has_subject`: the page names the resource already."""

    TOPICS: tuple[Topic, ...] = ()
    topic = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Elija una opción."}
    )
    about = forms.CharField(
        max_length=300,
        label="¿De qué recurso o página se trata?",
        help_text="El título o la dirección, como lo recuerde.",
        error_messages={
            "required": "Escriba de qué recurso o página se trata.",
            "max_length": TOO_LONG,
        },
    )
    message = forms.CharField(
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": TOO_LONG},
    )
    email = forms.EmailField(
        required=False,
        label="Su correo electrónico (opcional)",
        help_text="Solo para responderle. Si no lo escribe, al enviar le daremos una dirección privada donde verá la respuesta.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": "Escriba un correo completo, como nombre@ejemplo.org, o deje el campo vacío."
        },
    )
    seal = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    trap = forms.CharField(
        label="Deje vacío este campo",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, has_subject: bool, **kwargs: Any) -> None:
        kwargs["auto_id"] = "campo-%s"
        super().__init__(*args, **kwargs)
        self.is_hasty = False
        topics = cast(forms.ChoiceField, self.fields["topic"])
        topics.choices = [(topic.value, topic.label) for topic in self.TOPICS]
        if has_subject:
            del self.fields["about"]
        if not settings.EMAIL_IS_CONFIGURED:
            del self.fields["email"]  # nobody could answer there: it is not asked for
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect | forms.HiddenInput):
                field.widget.attrs.setdefault("class", "input")

    def clean_message(self) -> str:
        """Count a line break as one character, as the browser's own limit does."""
        return self.cleaned_data["message"].replace("\r\n", "\n").strip()

    def clean(self) -> dict[str, Any]:
        """Refuse a filled honeypot or a bad token, so that a person mistaken for a robot can retry at once."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("trap"):
            self.add_error(None, HONEYPOT)
        flaw = antispam.token_error(cleaned.get("seal", ""))
        self.is_hasty = flaw == antispam.TokenError.FAST
        if flaw and not self.is_hasty:
            self.add_error(None, flaw.value)
        return cleaned

    def again(self) -> None:
        """Prepare the form to be shown again: an empty honeypot, and a new token unless the old one is only young."""
        data: dict[str, Any] = dict(self.data.items()) | {"trap": ""}
        if antispam.token_error(data.get("seal", "")) not in (None, antispam.TokenError.FAST):
            data["seal"] = antispam.issue_token()
        self.data = data

    @property
    def values(self) -> dict[str, Any]:
        """Return the values to store."""
        given = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("seal", "trap") and value not in (None, "")
        }
        return given | {"is_hasty": self.is_hasty}


class RequestForm(TicketForm):
    """A request for an accessible format."""

    TOPICS = (
        Topic.SCREEN_READER,
        Topic.EDITABLE,
        Topic.LARGE_PRINT,
        Topic.EASY_READ,
        Topic.AUDIO,
        Topic.CAPTIONS,
        Topic.OTHER_FORMAT,
    )
    needed_by = forms.DateField(
        required=False,
        label="¿Para cuándo lo necesita? (opcional)",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": "Escriba el día completo, como 2027-03-31, o deje el campo vacío."
        },
    )
    field_order = ("topic", "about", "message", "needed_by", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].label = "¿Qué formato necesita?"
        self.fields["message"].label = "¿Qué debemos saber para que le sirva? (opcional)"
        self.fields[
            "message"
        ].help_text = f"Por ejemplo, qué parte necesita o con qué programa lo va a leer. Hasta {LONGEST} caracteres."
        self.fields[
            "needed_by"
        ].help_text = "Si podemos, se lo damos antes de esa fecha. Si no la necesita, déjela vacía."

    def clean_message(self) -> str:
        """Require a message where the topic alone does not describe the need."""
        message = super().clean_message()
        if self.cleaned_data.get("topic") == Topic.OTHER_FORMAT and not message:
            raise ValidationError("Escriba qué formato necesita.")
        return message

    def clean_needed_by(self) -> dt.date | None:
        """Refuse a past day, or one so distant that it is a typing error."""
        day, today = self.cleaned_data["needed_by"], timezone.localdate()
        if day and not today <= day <= today + FAR:
            raise ValidationError(
                "Escriba una fecha desde hoy hasta dentro de un año, o deje el campo vacío."
            )
        return day


class ReportForm(TicketForm):
    """A report of an error."""

    TOPICS = (Topic.BROKEN, Topic.WRONG, Topic.OUTDATED, Topic.BARRIER, Topic.OTHER)
    field_order = ("topic", "about", "message", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].label = "¿Qué pasa?"
        self.fields["message"].label = "Cuéntenos más"
        self.fields[
            "message"
        ].help_text = f"Dónde está el problema y qué debería decir o hacer. Si no se abre, puede dejarlo vacío. Hasta {LONGEST} caracteres."

    def clean_message(self) -> str:
        """Require a message where the topic alone does not describe the error."""
        message = super().clean_message()
        if self.cleaned_data.get("topic") not in (None, Topic.BROKEN) and not message:
            raise ValidationError("Escriba dónde está el problema y qué debería decir o hacer.")
        return message
