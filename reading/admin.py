"""Readings in the admin: hide one, confirm the articles of a law, correct the text of a page."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from inspection.recognition_program import missing_program
from reading import markup
from reading.addresses import reading_url
from reading.articles import doubts
from reading.editing import confirm_articles, correct_page, set_hidden
from reading.making import make_reading
from reading.models import Reading, ReadingPage
from resources.admin.permissions import may_change
from resources.admin.shortcuts import row_or_404

HIDE, SHOW, CONFIRM, FORGET, AGAIN = "hide", "show", "confirm", "forget", "again"
"""Values of the buttons of a reading."""
SAID = {
    HIDE: "El texto para leer está oculto. El archivo se sigue abriendo y descargando.",
    SHOW: "El texto para leer se ve de nuevo.",
    CONFIRM: "Los artículos están confirmados: cada uno tiene su página.",
    FORGET: "Los artículos ya no se publican.",
    AGAIN: "Se leerá de nuevo en unos minutos. Lo que se corrigió a mano se conserva.",
}


class StateFilter(admin.SimpleListFilter):
    """Filter readings by what waits for a person."""

    title = "qué falta"
    parameter_name = "falta"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the states."""
        return [
            ("articulos", "Artículos por confirmar"),
            ("dudas", "Con páginas dudosas"),
            ("ocultas", "Ocultas"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the readings in the chosen state."""
        conditions = {
            "articulos": articles_to_confirm(),
            "dudas": Q(doubtful__gt=0),
            "ocultas": Q(hidden_on__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q())).distinct()


def articles_to_confirm() -> Q:
    """Return which readings of current versions have articles that nobody has confirmed."""
    return Q(articles__isnull=False, articles_confirmed_on=None, version__current_of__isnull=False)


class CorrectionForm(forms.Form):
    """The text of a page, and the last correction that its editor saw."""

    text = forms.CharField(
        label="Texto de la página",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"}),
        help_text=(
            "«# » delante de una línea hace un título («## » uno menor); «- », un punto de una lista; «^ », una nota. Una línea en "
            "blanco separa párrafos. Vacío: vuelve al texto reconocido."
        ),
    )
    seen = forms.IntegerField(required=False)


@admin.register(Reading)
class ReadingAdmin(admin.ModelAdmin):
    """The readings, each with its pages."""

    list_display = ("resource", "version_name", "state", "doubts", "made_at")
    list_filter = (StateFilter,)
    search_fields = ("version__file__resource__title", "version__file__file_name")
    search_help_text = "Busca en títulos de recursos y nombres de archivos."
    list_select_related = ("version__file__resource",)
    ordering = ("-made_at",)
    change_form_template = "admin/reading/reading.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Count the doubtful pages."""
        open_doubt = ~Q(pages__doubt="") & Q(pages__corrected__isnull=True)
        readings = super().get_queryset(request)
        return readings.annotate(doubtful=Count("pages", filter=open_doubt, distinct=True))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the worker makes them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a reading is hidden, and goes with its version."""
        return False

    @admin.display(description="recurso", ordering="version__file__resource__title")
    def resource(self, reading: Reading) -> str:
        """Return the title of the resource."""
        return reading.version.file.resource.title

    @admin.display(description="archivo")
    def version_name(self, reading: Reading) -> str:
        """Return file and version."""
        return f"{reading.version.file.file_name}, versión {reading.version.number}"

    @admin.display(description="estado")
    def state(self, reading: Reading) -> str:
        """Return the state in words."""
        if reading.problem:
            return "No se pudo leer"
        return "Oculta" if reading.is_hidden else "Se ve"

    @admin.display(description="páginas dudosas", ordering="doubtful")
    def doubts(self, reading: Any) -> int:
        """Return how many pages have text that cannot be trusted."""
        return reading.doubtful

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of a reading and what its buttons do."""
        own = [
            path(
                "<path:object_id>/pagina/<int:number>/",
                self.admin_site.admin_view(self.page_view),
                name="reading_reading_page",
            ),
            path(
                "<path:object_id>/hacer/",
                self.admin_site.admin_view(require_POST(self.act_view)),
                name="reading_reading_act",
            ),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show a reading: what it is, what is doubtful, its pages."""
        reading = self._row(request, object_id)
        resource = reading.version.file.resource
        rows = list(reading.pages.all())
        scanned = [row for row in rows if row.doubt == ReadingPage.Doubt.SCAN]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Texto para leer: {resource.title}",
            "reading": reading,
            "resource": resource,
            "rows": rows,
            "scanned": len(scanned),
            "recognised": sum(row.confidence is not None for row in scanned),
            "to_recognise": any(row.confidence is None for row in scanned),
            "missing_program": missing_program() if scanned else "",
            "articles": list(reading.articles.all()),
            "doubts": doubts(reading) if reading.articles.exists() else [],
            "may_act": self._may_act(request, reading),
            "public_url": reading_url(resource, reading.version)
            if reading.version.is_readable
            else "",
        }
        return TemplateResponse(request, self.change_form_template, context)

    def page_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Show the text of a page beside its picture, and store its correction."""
        reading = self._row(request, object_id)
        page = reading.pages.filter(number=number).first()
        if page is None:
            raise Http404(f"Este documento no tiene la página {number}.")
        form = CorrectionForm(request.POST or None, initial={"text": markup.write(page.shown)})
        if request.method == "POST":
            if not self._may_act(request, reading):
                raise PermissionDenied
            if form.is_valid() and (answer := self._correct(request, reading, page, form)):
                return answer
        return TemplateResponse(
            request, "admin/reading/page.html", self._page_context(request, reading, page, form)
        )

    def _correct(
        self, request: HttpRequest, reading: Reading, page: ReadingPage, form: CorrectionForm
    ) -> HttpResponse | None:
        data = form.cleaned_data
        try:
            changed = correct_page(page, data["text"], user=request.user, seen=data["seen"] or 0)
        except ValidationError as refusal:
            form.add_error("text", refusal)
            return None
        if changed:
            self.log_change(request, reading, f"Corrigió el texto de la página {page.number}.")
            messages.success(request, f"El texto de la página {page.number} está corregido.")
        else:
            messages.info(request, "No cambió nada: el texto es el mismo.")
        return HttpResponseRedirect(
            reverse("admin:reading_reading_page", args=[reading.pk, page.number])
        )

    def _page_context(
        self, request: HttpRequest, reading: Reading, page: ReadingPage, form: CorrectionForm
    ) -> dict[str, Any]:
        corrections = list(page.corrections.select_related("made_by"))
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"Página {page.number}: {reading.version.file.resource.title}",
            "reading": reading,
            "page": page,
            "form": form,
            "recognised": markup.write(ReadingPage(blocks=page.blocks).shown),
            "present": markup.write(page.shown),
            "corrections": corrections,
            "seen": corrections[0].pk if corrections else 0,
            "before": reading.pages.filter(number__lt=page.number).last(),
            "after": reading.pages.filter(number__gt=page.number).first(),
            "may_act": self._may_act(request, reading),
        }

    def act_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Do what a button of a reading says."""
        reading = self._row(request, object_id)
        act = request.POST.get("act", "")
        if not self._may_act(request, reading):
            raise PermissionDenied
        try:
            if act not in SAID:
                raise ValidationError("Elija con un botón qué hacer con este texto.")
            if act in (HIDE, SHOW):
                set_hidden(reading, act == HIDE, user=request.user)
            elif act in (CONFIRM, FORGET):
                confirm_articles(reading, act == CONFIRM, user=request.user)
            else:
                make_reading.enqueue(reading.version_id)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            self.log_change(request, reading, SAID[act])
            messages.success(request, SAID[act])
        return HttpResponseRedirect(reverse("admin:reading_reading_change", args=[reading.pk]))

    def _row(self, request: HttpRequest, object_id: str) -> Reading:
        reading: Reading = row_or_404(Reading, object_id)
        if not self.has_view_or_change_permission(request, reading):
            raise PermissionDenied
        return reading

    def _may_act(self, request: HttpRequest, reading: Reading) -> bool:
        may = self.has_change_permission(request, reading)
        return may and may_change(request, reading.version.file.resource)
