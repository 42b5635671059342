"""Any write to what visitors can see raises the version, by whatever door it comes."""

import pytest
from django.apps import apps
from django.db import transaction
from django.utils import timezone

from resources.kinds.legislation.models import LegalRelation
from resources.models import (
    Erasure,
    FileVersion,
    Link,
    Organization,
    Pack,
    Page,
    PageText,
    PendingImport,
    PendingUpload,
    QualitySnapshot,
    Redirect,
    Resource,
    ResourceFile,
    ResourceTag,
    Revision,
    Section,
    SharingPicture,
    SiteSettings,
    Tag,
    TrashedFile,
    ViewCount,
)
from resources.models.base import ContentQuerySet, InternalModel, PublicModel
from search.models import Synonym
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_infographic,
    make_law,
    make_section,
    make_video,
)

pytestmark = pytest.mark.django_db


def version() -> int:
    return SiteSettings.load().content_version


def make_one_of_each(tmp_path) -> dict:
    document = make_document(tags=("datos",))
    stored = make_file(document, folder=tmp_path)
    law = make_law()
    rows = [
        SiteSettings.load(),
        Page.objects.create(slug="ayuda", title="Ayuda", body="Texto"),
        make_section(),
        Organization.objects.create(name="Municipio"),
        Tag.objects.get(name="datos"),
        ResourceTag.objects.get(),
        document,
        make_infographic(),
        law,
        make_video(),
        LegalRelation.objects.create(source=law, verb="amends", target_citation="Otra"),
        Redirect.objects.create(path="recursos/x", title="X", reason="Y"),
        ResourceFile.objects.get(),
        stored,
        PageText.objects.get(),
        Pack.objects.create(section=document.section),
        SharingPicture.objects.create(section=document.section),
        Synonym.objects.first(),
        Revision.objects.create(subject="resource", subject_id=1, action="changed", state={}),
        TrashedFile.objects.create(name="x"),
        PendingImport.objects.create(name="lista.csv"),
        PendingUpload.objects.create(field="f", name="a.pdf", by=make_editor()),
        ViewCount.objects.create(resource=law, times=1),
        Link.objects.create(url="https://example.org/"),
        QualitySnapshot.load(),
        Erasure.objects.create(kind="file", key="x"),
    ]
    return {type(row): row for row in rows} | {Resource: Resource.objects.get(pk=document.pk)}


SEEN_BY_NOBODY = {
    PendingImport,
    ViewCount,
    TrashedFile,
    Revision,
    PendingUpload,
    Link,
    QualitySnapshot,
    Erasure,
}
"""The desk's own rows: no page, file, feed or answer of the site holds anything of them, but for an order of lists."""


def test_only_the_desk_s_own_rows_are_exempt():
    models = apps.get_app_config("resources").get_models()
    assert {model for model in models if issubclass(model, InternalModel)} == SEEN_BY_NOBODY


@pytest.mark.parametrize("make", [make_document, make_infographic, make_law, make_video])
def test_a_draft_that_nobody_outside_has_seen_is_typed_and_binned_in_silence(make):
    section = make_section()
    Tag.objects.create(name="datos")
    before = version()
    draft = make(section=section, status="draft")
    draft.tags.add("datos")
    draft.title = "Otro título"
    draft.save()
    draft.tags.clear()
    draft = type(draft).objects.get(pk=draft.pk)
    draft.status = "review"
    draft.deleted_at = timezone.now()
    draft.save()
    assert version() == before
    SiteSettings.objects.filter(pk=1).update(next_due_at=None)
    before = version()
    draft.save()
    assert SiteSettings.load().next_due_at is not None, "the bin is to be emptied all the same"
    assert version() == before
    draft.delete()
    assert version() == before


def test_each_step_into_and_out_of_sight_raises_the_version():
    draft = make_document(status="draft")
    for step in (
        {"status": "published"},
        {"title": "Corregido"},
        {"status": "draft"},  # no step of the desk: a command might
        {"title": "Fue público", "status": "review"},
        {"deleted_at": timezone.now()},
    ):
        before = version()
        for name, value in step.items():
            setattr(draft, name, value)
        draft.save()
        assert version() > before, step
    before = version()
    partly = Resource.objects.only("title").get(pk=draft.pk)
    partly.save(update_fields=["title"])
    assert version() > before, "what is not known to be hidden counts as shown"


def test_saving_or_deleting_a_row_of_any_model_raises_the_version(tmp_path):
    rows = make_one_of_each(tmp_path)
    assert set(rows) == {*apps.get_app_config("resources").get_models(), Synonym}
    for model, row in rows.items():
        if isinstance(row, Resource):
            row.refresh_from_db()  # the same row may have been saved as its kind
        before = version()
        if model is FileVersion:
            row.save(update_fields=["withheld_reason"])
        else:
            row.save()
        if model in SEEN_BY_NOBODY:
            assert version() == before, f"nobody outside sees a {model.__name__}"
        else:
            assert version() > before, f"saving a {model.__name__} is not noticed"
    for model in (PageText, LegalRelation, Redirect, Page, ResourceTag):
        before = version()
        rows[model].delete()
        assert version() > before, f"deleting a {model.__name__} is not noticed"


def test_bulk_writes_to_any_model_of_visible_rows_raise_the_version(tmp_path):
    make_one_of_each(tmp_path)
    for model in apps.get_app_config("resources").get_models():
        if not issubclass(model, PublicModel):
            continue
        assert isinstance(model._default_manager.all(), ContentQuerySet), model
        field = next(f for f in model._meta.concrete_fields if not f.primary_key)
        before = version()
        first = model._default_manager.first()
        model._default_manager.filter(pk=first.pk).update(
            **{field.attname: getattr(first, field.attname)}
        )
        assert version() > before, f"a bulk update of {model.__name__} is not noticed"


def test_bulk_creation_raises_the_version_and_notes_due_dates():
    due = timezone.now() + timezone.timedelta(days=1)
    section, before = make_section(), version()
    Resource.objects.bulk_create(
        [
            Resource(
                kind="document",
                section=section,
                title="A",
                slug="a",
                status="published",
                published_at=due,
            )
        ]
    )
    assert version() > before
    assert SiteSettings.load().next_due_at == due


def test_tagging_raises_the_version():
    document, before = make_document(), version()
    document.tags.add("transparencia")
    assert version() > before
    before = version()
    document.tags.clear()
    assert version() > before


def test_a_change_that_is_rolled_back_leaves_the_version_as_it_was():
    before = version()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Section.objects.create(title="Efímera")
        1 / 0  # noqa: B018
    assert version() == before


def test_accounts_and_sessions_do_not_raise_the_version(django_user_model):
    before = version()
    django_user_model.objects.create_user("ana")
    assert version() == before
