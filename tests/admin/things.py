"""One of everything that an address of the desk can be about."""

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from participation.models import Ticket
from resources.models import (
    Link,
    Organization,
    Page,
    PendingImport,
    Redirect,
    Resource,
    SiteSettings,
    Tag,
)
from resources.models.revisions import subject_model
from resources.workflow.revisions import record_external_change
from resources.workflow.trash import record_deletion
from search.models import Synonym
from tests.admin.rights import APPS, EDITING, SHARED, SHELVES
from tests.makers import (
    make_document,
    make_editor,
    make_infographic,
    make_law,
    make_section,
    make_video,
    put_file,
)
from tests.reading.makers import store_reading

MAKE = {
    "infographic": make_infographic,
    "document": make_document,
    "legalinstrument": make_law,
    "video": make_video,
}


def delete_one(model: str) -> int:
    """Delete a row of `model` of which nothing else knows; return the number of its deletion."""
    word = {"organization": "name", "tag": "name", "synonym": "words"}.get(model, "title")
    row = subject_model(model).objects.create(**{word: f"otra, {model}"})
    deletion = record_deletion(row, None)
    row.delete()
    return deletion.pk


class Things:
    """One of everything that an address can be about."""

    def __init__(self) -> None:
        section = make_section(title="Guías")
        self.edits: dict[tuple[str, str], int] = {}
        self.by_kind: dict[tuple[str, str], Resource] = {}
        self.binned: dict[tuple[str, str], Resource] = {}
        self.versions: dict[tuple[str, str], int] = {}
        for kind, make in MAKE.items():
            for subject, status in (("draft", "draft"), ("public", "published")):
                values = {"section": section, "status": status, "link_pending": True}
                if kind == "legalinstrument":
                    values["evidence_note"] = "Nota."
                key = (kind, subject)
                self.by_kind[key] = make(**values)
                self.binned[key] = make(**values, deleted_at=timezone.now())
                old = put_file(self.by_kind[key], b"%PDF-1.7 uno")
                put_file(
                    self.by_kind[key], b"%PDF-1.7 dos", slot=old.file, number=2, change_note="Otra."
                )
                self.versions[key] = old.pk
                self.edits[key] = record_external_change(self.by_kind[key]).pk
        self.rows = {
            "tag": Tag.objects.create(name="agua"),
            "organization": Organization.objects.create(name="Municipio"),
            "section": section,
            "page": Page.objects.create(slug="ayuda", title="Ayuda", body="Texto"),
            "synonym": Synonym.objects.first(),
            "sitesettings": SiteSettings.load(),
            "link": Link.objects.create(url="https://example.org/", failures=2),
            "redirect": Redirect.objects.create(path="recursos/x", title="X", reason="Y"),
            "user": make_editor(EDITING),
            "group": Group.objects.create(name="Otro"),
            "resource": self.by_kind["document", "draft"],
            "ticket": Ticket.objects.create(
                kind="request", token="t", about="Mapa", promised_for=timezone.localdate()
            ),
        }
        public = self.by_kind["document", "public"].files.get().current
        self.rows["reading"] = store_reading(public, "El agua.")
        for model in (*SHELVES, "sitesettings"):
            self.edits[model, ""] = record_external_change(self.rows[model]).pk
        self._share()
        self.deletions = {model: delete_one(model) for model in SHELVES} | {"sitesettings": 0}

    def _share(self) -> None:
        """Let a draft and a public document each show a tag and an entity of their own."""
        for subject in ("draft", "public"):
            document = self.by_kind["document", subject]
            document.issuer = Organization.objects.create(name=f"Entidad de {subject}")
            document.save()
            document.tags.add(f"tema de {subject}")
            shared = {"organization": document.issuer, "tag": document.tags.get()}
            for model in SHARED:
                self.by_kind[model, subject] = shared[model]
                self.edits[model, subject] = record_external_change(shared[model]).pk

    def address(self, name: str, subject: str, person: object) -> str:
        """Return the address called `name`, about `subject`."""
        app, _, rest = name.partition("_")
        model, _, page = rest.partition("_")
        if app not in APPS or name in ("app_list",):
            return self._site_address(name)
        if page in ("changelist", "add", "export", "import", "move", "intake", "autosave_new"):
            return reverse(f"admin:{name}")
        if page in ("dry_run", "faults"):
            kept = PendingImport.objects.create(name="l.csv", by=person)
            return reverse(f"admin:{name}", args=[kept.pk])
        row = self.by_kind.get((model, subject)) or self.rows[model]
        if page == "restore":
            row = self.binned.get((model, subject)) or self.binned["document", "draft"]
        args = [self.deletions[model] if page == "undelete" else row.pk]
        if page == "revert":
            args.append(self.edits[model, subject])
        if model == "reading" and page == "page":
            args.append(1)
        if page in ("withhold", "take_up"):
            args.append(self.versions[model, subject])
        return reverse(f"admin:{name}", args=args)

    def _site_address(self, name: str) -> str:
        if name == "app_list":
            return reverse("admin:app_list", args=["resources"])
        if name == "manual-picture":
            return reverse("admin:manual-picture", args=["mesa"])
        if name == "view_on_site":
            content_type = ContentType.objects.get_for_model(Resource)
            return reverse("admin:view_on_site", args=[content_type.pk, self.rows["resource"].pk])
        url = reverse(f"admin:{name}")
        asked = "?app_label=resources&model_name=document&field_name=issuer"
        return url + asked if name == "autocomplete" else url
