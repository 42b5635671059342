"""What labels many resources, a tag or an entity, is renamed or deleted: indexed once, or by the worker."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from resources.models import Organization, Redirect, Resource, SiteSettings, Tag
from search.index import writer
from search.index.writer import batch_index_updates, index_pending
from search.models import IndexQueue, SearchDoc
from tests.makers import make_document, make_section
from tests.search.asking import found
from tests.transitions import withdraw

pytestmark = pytest.mark.django_db

NO_WORKER = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def entity(settings, monkeypatch):
    """An entity with three resources, where two are all that a request indexes; its worker does not run."""
    settings.TASKS = NO_WORKER
    monkeypatch.setattr(writer, "MOST_AT_ONCE", 2)
    entity = Organization.objects.create(name="Secretaría de Acequias")
    for n in range(3):
        make_document(title=f"Plan {n}", slug=f"plan-{n}", issuer=entity)
    return entity


def rename(entity: Organization) -> None:
    entity.name = "Ministerio de Humedales"
    entity.save()


@batch_index_updates()
def carried_by(count: int) -> Tag:
    """Return a tag that so many documents carry."""
    section, tag = make_section(), Tag.objects.create(name=f"tema de {count}")
    for n in range(count):
        make_document(title=f"Plan {count} {n}", section=section).tags.add(tag)
    return tag


def test_deleting_a_tag_asks_nothing_of_each_resource():
    costs = []
    for count in (2, 20):
        tag = carried_by(count)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            tag.delete()
        costs.append(len(asked))
        assert Redirect.objects.filter(path=f"etiquetas/{tag.slug}").exists()
    written = 0 if connection.vendor == "sqlite" else 18  # PostgreSQL writes each entry by itself
    assert costs[1] == costs[0] + written


def test_a_deleted_tag_is_in_no_entry(client):
    tag = carried_by(2)
    token = f"t_{tag.pk}"
    assert SearchDoc.objects.filter(facets__contains=token).count() == 2
    tag.delete()
    assert not SearchDoc.objects.filter(facets__contains=token).exists()
    assert found(client, '"tema de 2"') == []
    assert "tema" not in client.get("/recursos/sugerencias?q=tem").text


def test_what_few_resources_carry_is_indexed_at_once(client, entity):
    Resource.objects.get(slug="plan-2").delete()
    rename(entity)
    assert set(found(client, "humedales")) == {"plan-0", "plan-1"}
    assert not IndexQueue.objects.exists()


def test_what_many_carry_is_left_to_the_worker(client, entity):
    rename(entity)
    assert found(client, "humedales") == []
    assert len(found(client, "acequias")) == 3
    version = SiteSettings.load().content_version
    index_pending.call()
    assert len(found(client, "humedales")) == 3
    assert found(client, "acequias") == []
    assert SiteSettings.load().content_version > version, "pages kept meanwhile are of the old name"


def test_a_change_that_is_taken_back_leaves_nothing_to_the_worker(entity, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        rename(entity)
        assert IndexQueue.objects.count() == 3
        assert DBTaskResult.objects.filter(task_path=index_pending.module_path).count() == 1
        raise ZeroDivisionError
    assert not IndexQueue.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_the_worker_takes_it_up_by_itself(client, entity, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    rename(entity)
    assert len(found(client, "humedales")) == 3
    assert not IndexQueue.objects.exists()


@pytest.mark.parametrize("command", [("reindex",), ("serve", "--prepare-only")])
def test_where_no_worker_ran_a_command_takes_it_up(client, entity, command, monkeypatch):
    monkeypatch.setattr("portal.management.commands.serve.Command._prepare", lambda self: False)
    rename(entity)
    call_command(*command)
    assert len(found(client, "humedales")) == 3
    assert not IndexQueue.objects.exists()


def test_a_worker_that_is_stopped_leaves_the_rest_for_later(client, entity, monkeypatch):
    write, done = writer.index_documents, []

    def stopped(ids, *args):
        if done:
            raise KeyboardInterrupt
        done.extend(ids)
        return write(ids, *args)

    rename(entity)
    monkeypatch.setattr(writer, "BATCH", 1)
    with monkeypatch.context() as patch:
        patch.setattr(writer, "index_documents", stopped)
        with pytest.raises(KeyboardInterrupt):
            index_pending.call()
    assert len(found(client, "humedales")) == 1
    index_pending.call()
    assert len(found(client, "humedales")) == 3


def test_what_is_hidden_while_it_waits_is_not_found_before_or_after(client, entity):
    rename(entity)
    withdraw(Resource.objects.get(slug="plan-1").specific, "Ya no.")
    assert set(found(client, "acequias")) == {"plan-0", "plan-2"}
    index_pending.call()
    assert set(found(client, "humedales")) == {"plan-0", "plan-2"}


def test_who_is_seen_never_waits_however_many_change(client, entity):
    Resource.objects.filter(issuer=entity).update(status="draft")
    assert found(client, "plan") == []
    assert not SearchDoc.objects.exists()
