"""The inline of files: an upload with a change note makes a version; versions are read-only."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.template.loader import render_to_string

from resources.admin.uploads import InspectedUploads
from resources.files.ingest import Examined, refuse_unfit, role_by_type
from resources.files.upload_limits import accepted, upload_limits_in_words
from resources.files.versions import remove_slot, same_bytes, store_version
from resources.models import FileVersion, Resource, ResourceFile

PREFIX = ResourceFile._meta.get_field("resource").remote_field.related_name
WAS_PUBLIC = (
    "Este archivo ya fue público y su dirección no debe morir: no se elimina. Suba aquí una versión corregida o, "
    "si nada de esto debe verse, retire el recurso y explique el motivo."
)


def will_have_file(resource: Resource, data: Mapping[str, Any], files: Mapping[str, Any]) -> bool:
    """Return whether `resource` will have a file after the form with `data` and `files` is saved."""
    if any(name.startswith(f"{PREFIX}-") and name.endswith("-upload") for name in files):
        return True
    if resource.pk is None:
        return False
    marked = [
        name.removesuffix("-DELETE")
        for name in data
        if name.startswith(f"{PREFIX}-") and name.endswith("-DELETE")
    ]
    removed = [pk for row in marked if (pk := data.get(f"{row}-id", "")).isdecimal()]
    kept = resource.files.filter(current__isnull=False, current__withheld_on=None)
    return kept.exclude(pk__in=removed).exists()


class ResourceFileForm(forms.ModelForm):
    """A file slot and the upload that fills it or replaces its version."""

    upload = forms.FileField(
        label="Archivo",
        required=False,
        widget=forms.FileInput(attrs={"accept": accepted(), "data-upload": ""}),
    )
    change_note = forms.CharField(
        label="Qué cambió",
        required=False,
        max_length=FileVersion._meta.get_field("change_note").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Solo al reemplazar un archivo: una frase que se muestra junto a la versión. Ejemplo: corrige la tabla 3.",
    )
    is_sample = forms.BooleanField(
        label="Es una muestra",
        required=False,
        help_text="Márquelo si no es el documento oficial: el sitio lo advertirá en todas partes.",
    )

    class Meta:
        model = ResourceFile
        fields = ["role", "label", "language", "accessible"]

    def __init__(self, *args: Any, bench: InspectedUploads, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bench, self.user = bench, user
        self.examined: Examined | None = None
        self.fields["upload"].help_text = upload_limits_in_words()["limits"]
        if "role" in self.fields and not self.instance.pk:
            self._leave_role_open()
        self.fields["is_sample"].initial = bool(self.current and self.current.is_sample)

    def _leave_role_open(self) -> None:
        """Let the role of a new file follow from its type unless the editor chooses one."""
        role = cast(forms.ChoiceField, self.fields["role"])
        role.required, role.initial = False, ""
        role.choices = [("", "Según el tipo de archivo"), *ResourceFile.Role.choices]
        self.initial["role"] = ""

    @property
    def current(self) -> FileVersion | None:
        """The version that the slot gives now."""
        return self.instance.current if self.instance.pk else None

    @property
    def was_chosen(self) -> bool:
        """Whether a file came with this submission: a browser forgets it when the form comes back."""
        return self.is_bound and self.add_prefix("upload") in self.files

    def clean(self) -> dict[str, Any]:
        """Validate the inspected upload with the rules of `store_version`."""
        cleaned = super().clean() or self.cleaned_data
        if not self.was_chosen:
            if self.current is None:
                self.add_error("upload", "Elija el archivo.")
            elif cleaned.get("change_note"):
                self.add_error(
                    "upload",
                    "Escribió qué cambió: elija también el archivo nuevo, o borre esa nota.",
                )
            return cleaned
        try:
            self.examined = self.bench.finding(self.add_prefix("upload"))
            refuse_unfit(self.examined.facts, self.current, cleaned.get("change_note", ""))
        except ValidationError as refusal:
            self.examined = None
            self.add_error("change_note" if refusal.code == "change_note" else "upload", refusal)
        return cleaned

    def save(self, commit: bool = True) -> ResourceFile:
        """Store the slot, with a new version where a file came."""
        if not (commit and self.examined):
            return super().save(commit)
        cleaned = self.cleaned_data
        if not (self.instance.pk or cleaned.get("role")):
            self.instance.role = role_by_type(self.instance.resource, self.examined.facts)
        store_version(
            self.instance,
            self.examined,
            user=self.user,
            change_note=cleaned["change_note"],
            is_sample=cleaned["is_sample"],
        )
        return self.instance

    def remarks(self) -> list[str]:
        """Return remarks on the stored file: advice, and other resources with the same bytes."""
        if not self.examined:
            return []
        name = self.examined.name
        twins = [version.file for version in same_bytes(self.examined.facts.sha256)]
        others = [twin for twin in twins if twin.pk != self.instance.pk]
        found = []
        if others:
            context = {"name": name, "others": others, "resource": self.instance.resource}
            found = [render_to_string("admin/resources/messages/same_file.html", context)]
        return [*found, *(f"«{name}»: {note}" for note in self.examined.facts.notes)]


class FileFormSet(BaseInlineFormSet):
    """The files of one resource."""

    def remarks(self) -> list[str]:
        """Return the remarks on the files just stored, and one where a new file is not the only main file."""
        rows = cast(list[ResourceFileForm], self.forms)
        found = [remark for row in rows for remark in row.remarks()]
        main = ResourceFile.Role.MAIN
        stored = [r.examined for r in rows if r.examined and r.instance.role == main]
        if stored and self.instance.files.filter(role=main).count() > 1:
            found.append(
                f"«{stored[-1].name}»: con este hay más de un archivo principal. La página muestra el primero; "
                "elija en los otros para qué sirven."
            )
        return found

    def clean(self) -> None:
        """Refuse to delete files that were public, with the alternative."""
        super().clean()
        if not getattr(self.instance, "was_public", False):
            return
        for form in self.initial_forms:
            if self._should_delete_form(form):  # type: ignore[attr-defined]  # not in the stubs
                form.add_error(None, WAS_PUBLIC)
                raise ValidationError(WAS_PUBLIC)

    def delete_existing(self, obj: ResourceFile, commit: bool = True) -> None:
        """Delete the file with the bytes of its versions."""
        if commit:
            remove_slot(obj)


class FileInline(admin.StackedInline):
    """The files of a resource, each with its versions beneath."""

    model = ResourceFile
    form = ResourceFileForm
    formset = FileFormSet
    template = "admin/resources/files.html"
    fields = ["upload", "change_note", ("role", "language"), "label", ("is_sample", "accessible")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ResourceFile]:
        """Fetch the versions with the files: two queries, whatever their number."""
        versions = FileVersion.objects.select_related("created_by")
        files = super().get_queryset(request).select_related("resource", "current")
        return files.prefetch_related(Prefetch("versions", versions))

    def get_extra(self, request: HttpRequest, obj: Resource | None = None, **kwargs: Any) -> int:
        """Open one empty row where there is no file yet."""
        return 0 if obj and obj.files.exists() else 1
