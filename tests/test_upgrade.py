"""A database of version 0.1 with content and waiting tasks is updated: everything is there, under today's names."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from tests.conftest import HASHERS, storages_in, use_pictures_storage
from tests.databases import empty_database
from tests.makers import pdf_bytes

BEFORE_COMPOSING = {"resources": "0019_awaits_clock", "portal": None, "participation": None}
VERSION_01 = {
    "resources": "0022_resource_slug_typed",
    "portal": "0001_attempt_counts",
    "participation": "0001_initial",
}
"""Our apps of that version, with their last migrations; other apps stand as they are today."""
WAITING = [
    "participation.mail.send_answer",
    "portal.mail.send_password_link",
    "portal.mail.send_sign_in_notice",
    "resources.publishing.covers.make_renditions",
    "resources.publishing.files.cover_from_main_file",
    "resources.publishing.indexing.index_pending",
    "resources.publishing.letters.send_letters",
    "resources.publishing.packs.refresh_packs",
    "resources.publishing.reindexing.refresh_index",
    "upkeep.turns.take_turn",
]
"""The tasks of version 0.1, by the path under which a queue holds them."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NFD = "an\u0303o"
STATE: dict[str, dict] = {"fields": {}, "links": {}}
ROLES = ("ana", "luis")


def migrate_to(states: dict[str, str | None]) -> Any:
    """Migrate our apps to `states` and all others to today's; return the models as they were then."""
    executor = MigrationExecutor(connection)
    here = settings.BASE_DIR
    ours = {each.label for each in apps.get_app_configs() if Path(each.path).parent == here}
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in ours]
    targets = others + [(label, name) for label, name in states.items() if name]
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


def store_twins(then: Any) -> None:
    """Store tags, entities and a title in decomposed letters, as before texts were composed."""
    section = then.get_model("resources", "Section").objects.create(title="Guías", slug="guias")
    tag, entity = (then.get_model("resources", name) for name in ("Tag", "Organization"))
    tags = [
        tag.objects.create(name=name, slug=slug, folded=slug)
        for name, slug in (("Año", "año"), ("otro", "ano-2"))
    ]
    tag.objects.filter(pk=tags[0].pk).update(slug="ano")
    tag.objects.filter(pk=tags[1].pk).update(name=NFD, folded=NFD)
    entities = [entity.objects.create(name=name) for name in ("provisional", "Niñez")]
    entity.objects.filter(pk=entities[0].pk).update(name="Nin\u0303ez")
    document = then.get_model("resources", "Document").objects.create(
        kind="document",
        title="Texto",
        sort_title="texto",
        slug="guia-de-agua",
        summary="De qué trata.",
        section=section,
        issuer=entities[1],
        status="published",
        published_at=LONG_AGO,
    )
    then.get_model("resources", "Resource").objects.filter(pk=document.pk).update(
        title="Guía del nin\u0303o"
    )
    for each in tags:
        then.get_model("resources", "ResourceTag").objects.create(
            content_object_id=document.pk, tag=each
        )


def fill(then: Any, folder: Path) -> None:
    """Store something of everything that a site of version 0.1 may hold."""

    def make(model: str, **values: Any) -> Any:
        return then.get_model("resources", model).objects.create(**values)

    public = {"status": "published", "published_at": LONG_AGO, "summary": "De qué trata."}
    section = then.get_model("resources", "Section").objects.get(slug="guias")
    portal = then.get_model("resources", "Portal").objects
    portal.update(name="Recursos de Loja", content_version=41)
    document = then.get_model("resources", "Document").objects.get()
    for model, own in (
        ("LegalInstrument", {"force": "unverified"}),
        ("Infographic", {"alt_text": "Tres columnas."}),
        ("Video", {}),
    ):
        kind = model.lower()
        names = {"title": f"Recurso {kind}", "sort_title": kind, "slug": f"un-{kind}"}
        make(model, kind=kind, section=section, **public, **names, **own)
    law = then.get_model("resources", "LegalInstrument").objects.get()
    make("LegalRelation", source=law, verb="repeals", target_citation="Ley anterior")
    store_versions(make, document, folder)
    store_rows_about(make, document, then)


def store_versions(make: Any, document: Any, folder: Path) -> None:
    """Store a file of `document` in two versions."""
    slot = make("ResourceFile", resource_id=document.pk, file_name="guia.pdf", role="main")
    (folder / "files" / "ab").mkdir(parents=True)
    for number in (1, 2):
        content = pdf_bytes(f"Versión {number}")
        (folder / "files" / "ab" / f"v{number}.pdf").write_bytes(content)
        version = make(
            "FileVersion",
            file=slot,
            number=number,
            stored=f"ab/v{number}.pdf",
            media_type="application/pdf",
            size=len(content),
            sha256=f"{number}" * 64,
            pages=1,
            text_status="ok",
            change_note="Otra." if number == 2 else "",
        )
        make("PageText", version=version, page=1, text=f"Versión {number} sobre canal de riego")
    slot.current = version
    slot.save()
    document.main_version = version
    document.save()


def store_rows_about(make: Any, document: Any, then: Any) -> None:
    """Store people with permissions, revisions, redirects, synonyms and waiting tasks."""
    for config in then.get_app_configs():
        config.models_module = True  # or it is taken for an app without models
        create_permissions(config, apps=then, verbosity=0)
    user = then.get_model("auth", "User")
    permission = then.get_model("auth", "Permission").objects
    ana, luis = (user.objects.create(username=name, is_staff=True) for name in ROLES)
    ana.user_permissions.add(
        permission.get(codename="change_portal"), permission.get(codename="change_synonym")
    )
    luis.groups.add(then.get_model("auth", "Group").objects.create(name="Edición"))
    changes = [
        ("portal", 1, "changed"),
        ("resource", document.pk, "binned"),
        ("resource", document.pk, "withheld"),
        ("synonym", 1, "changed"),
        ("page", 1, "deleted"),
    ]
    for subject, number, action in changes:
        make("Edit", subject=subject, subject_id=number, action=action, state=STATE, by=ana)
    make("FormerAddress", path="recursos/guia-vieja", resource_id=document.pk)
    make("FormerAddress", path="etiquetas/agua", title="agua", reason="Se unió a otra.")
    make("Synonym", words="acequia, canal de riego")
    make("Consultation", resource_id=document.pk, times=7)
    make("PendingEntry", resource_id=document.pk)
    make("Discarded", name="ab/v0.pdf")
    make("CatalogueImport", name="lista.csv", by=ana)
    make("HeldUpload", field="files-0-upload", name="otra.pdf", stored="ab/v1.pdf", by=ana)
    make("Link", url="https://example.org/", finding="missing", failures=2)
    for path in WAITING:
        then.get_model("django_tasks_database", "DBTaskResult").objects.create(
            task_path=path,
            status="READY",
            args_kwargs={"args": [], "kwargs": {}},
            backend_name="default",
            run_after=LONG_AGO,
            worker_ids=[],
        )


@pytest.fixture(scope="module")
def updated(django_db_blocker, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """A site of version 0.1 after its update, in a database of its own."""
    folder = tmp_path_factory.mktemp("version-01")
    by_worker = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=storages_in(folder), TASKS=by_worker, PASSWORD_HASHERS=HASHERS),
        pytest.MonkeyPatch.context() as monkeypatch,
        empty_database(folder),
    ):
        use_pictures_storage(monkeypatch)
        store_twins(migrate_to(BEFORE_COMPOSING))
        fill(migrate_to(VERSION_01), folder)
        call_command("migrate", verbosity=0)
        ContentType.objects.clear_cache()
        yield SimpleNamespace(folder=folder)


@pytest.fixture(autouse=True)
def _its_files(updated, settings, monkeypatch) -> None:
    settings.STORAGES = storages_in(updated.folder)
    use_pictures_storage(monkeypatch)


def model(name: str) -> Any:
    """Return the model called `name`, in the app that has it today."""
    found = {each._meta.app_label: each for each in apps.get_models() if each.__name__ == name}
    return found.get("resources") or found["search"]


def perm(action: str, name: str) -> str:
    meta = model(name)._meta
    return f"{meta.app_label}.{action}_{meta.model_name}"


def signed_in(username: str, **values: Any) -> Client:
    client = Client()
    person, _ = get_user_model().objects.get_or_create(username=username, defaults=values)
    client.force_login(person)
    return client


def test_every_row_is_there_under_its_name_of_today():
    assert model("SiteSettings").load().name == "Recursos de Loja"
    assert model("SiteSettings").load().content_version > 41
    assert model("ViewCount").objects.get().times == 7
    assert model("Synonym").objects.filter(words="acequia, canal de riego").exists()
    for name in ("TrashedFile", "PendingImport", "PendingUpload", "Link", "LegalRelation"):
        assert model(name).objects.count() == 1, name
    assert model("Resource").objects.published().count() == 4
    for name in ("Document", "LegalInstrument", "Infographic", "Video"):
        assert model(name).objects.count() == 1, name
    assert model("FileVersion").objects.count() == model("PageText").objects.count() == 2


def test_revisions_name_subjects_and_actions_of_today():
    revision = model("Revision")
    assert {each.get_action_display() for each in revision.objects.all()} >= {
        "movió a la papelera",
        "retuvo una versión",
        "cambió",
        "eliminó",
    }
    subjects = {each.model for each in ContentType.objects.all()}
    assert {each.subject for each in revision.objects.all()} <= subjects
    assert revision.objects.of(model("SiteSettings").load()).exists()


def test_permissions_given_to_a_person_follow_the_names():
    ana = get_user_model().objects.get(username="ana")
    assert ana.has_perms([perm("change", "SiteSettings"), perm("change", "Synonym")])
    assert not ana.has_perm(perm("delete", "Synonym"))


def test_the_groups_have_their_permissions():
    luis = get_user_model().objects.get(username="luis")
    assert luis.has_perms([perm("change", "Document"), perm("view", "FileVersion")])
    assert not luis.has_perm(perm("change", "SiteSettings"))
    publishing = Group.objects.get(name="Publicación").permissions
    for name in ("Synonym", "SiteSettings", "Section"):
        codename = f"change_{model(name)._meta.model_name}"
        assert publishing.filter(codename=codename).exists(), name


def test_every_waiting_task_names_a_function_of_today():
    paths = DBTaskResult.objects.filter(run_after=LONG_AGO).values_list("task_path", flat=True)
    assert len(paths) == len(WAITING)
    for path in DBTaskResult.objects.values_list("task_path", flat=True):
        assert isinstance(import_string(path), Task), path


def test_texts_are_composed_and_twins_merged():
    tag, entity = model("Tag").objects.get(), model("Organization").objects.get()
    assert (tag.name, tag.slug, tag.folded, entity.name) == ("Año", "ano", "año", "Niñez")
    document = model("Document").objects.get()
    assert (document.title, document.sort_title) == ("Guía del niño", "guia del nin~o")
    assert (document.issuer, list(document.tags.all())) == (entity, [tag])
    assert "«Año»" in model("Redirect").objects.get(path="etiquetas/ano-2").reason


def test_every_public_page_opens():
    client = Client()
    for resource in model("Resource").objects.all():
        assert client.get(resource.get_absolute_url()).status_code == 200, resource
    for path in ("/", "/recursos/", "/secciones/guias/", "/etiquetas/ano/", "/api/v1/recursos"):
        assert client.get(path).status_code == 200, path
    moved = client.get("/recursos/guia-vieja/")
    assert (moved.status_code, moved["Location"]) == (301, "/recursos/guia-de-agua/")
    assert client.get("/etiquetas/agua/").status_code == 410
    for number, path in ((2, "guia.pdf"), (1, "v1/guia.pdf")):
        file = client.get(f"/recursos/guia-de-agua/archivos/{path}")
        assert b"".join(file) == pdf_bytes(f"Versión {number}")


def test_every_page_of_the_desk_opens():
    client = signed_in("jefa", is_staff=True, is_superuser=True)
    document, site = model("Document").objects.get(), model("SiteSettings").load()
    for row in (document, site):
        label = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        for page in ("change", "history"):
            answer = client.get(reverse(f"{label}_{page}", args=[row.pk]))
            assert answer.status_code == 200, (row, page)
    for name in ("Resource", "Synonym", "Redirect", "Link", "Section"):
        meta = model(name)._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        assert client.get(url).status_code == 200, name
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("words", ["niño", "riego", "acequia"])
def test_the_search_finds_everything_once_its_index_is_written(words):
    call_command("reindex", verbosity=0)
    page = Client().get("/recursos/", {"q": words}).content.decode()
    assert 'href="/recursos/guia-de-agua/' in page
