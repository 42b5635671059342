"""Two connections at one resource: a step acts upon the stored row, and says what changed meanwhile."""

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from resources.admin import history, resource_pages
from resources.admin import legislation as law_desk
from resources.admin.bulk.actions import BulkMixin
from resources.admin.import_export import row_results
from resources.models import Link, Resource, Revision, StaleRowError
from resources.workflow.schedule import apply_due
from resources.workflow.transitions import transition
from tests.admin.desk import act, form_url, page_url, said, send, served
from tests.makers import make_document, make_editor, make_file, make_law, make_section

pytestmark = pytest.mark.django_db(transaction=True)
EVERY = "admin:resources_resource_changelist"


def elsewhere(*acts):
    """Do each of `acts` in a thread with a connection of its own, all at once; raise what one of them raised."""
    failures = []

    def run(do):
        try:
            do()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[do]) for do in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]


def before(monkeypatch, place, name, do, *, nth=1):
    """Let another connection `do` something just before the `nth` call of a function."""
    real, calls = getattr(place, name), []

    def wrapped(*args, **kwargs):
        calls.append(name)
        if len(calls) == nth:
            elsewhere(do)
        return real(*args, **kwargs)

    monkeypatch.setattr(place, name, wrapped)


def withdraw(resource):
    stored = Resource.objects.get(pk=resource.pk).specific
    transition(stored, Revision.Action.WITHDRAWN, actor=None, reason="Contiene datos personales.")


def publish(resource):
    transition(Resource.objects.get(pk=resource.pk).specific, Revision.Action.PUBLISHED, actor=None)


def signed_in() -> Client:
    client = Client()
    client.force_login(make_editor())
    return client


def status_of(resource) -> str:
    return Resource.objects.values_list("status", flat=True).get(pk=resource.pk)


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("set_section", {}),
        ("set_review", {"review_by": "2030-01-31"}),
        ("set_tags", {"add": "agua", "remove": ""}),
        ("move_to_trash", {}),
    ],
)
def test_what_is_withdrawn_in_the_middle_of_a_bulk_step_stays_withdrawn(
    monkeypatch, action, values
):
    client, section = signed_in(), make_section(title="Manuales")
    first, second, third = (make_document(title=title) for title in ("Uno", "Zeta", "Dos"))
    values = values or {"section": section.pk}
    before(monkeypatch, BulkMixin, "_do_one", lambda: withdraw(second), nth=2)
    told = said(act(client, reverse(EVERY), action, [first, third, second], **values))
    second.refresh_from_db()
    assert (second.status, second.withdrawn_reason) == ("withdrawn", "Contiene datos personales.")
    assert second.deleted_at is None
    assert "2 recursos" in told
    assert "Sin cambios: «Zeta». Cambió mientras tanto: estado" in told


def test_a_bulk_step_compares_with_the_revision_that_was_shown():
    client, document = signed_in(), make_document()
    data = {"action": "set_review", "_selected_action": [document.pk], "review_by": "2030-01-31"}
    shown = client.post(reverse(EVERY), data | {"stage": "plan"})
    assert f'name="seen-{document.pk}" value="{document.revision}"' in shown.text
    Resource.objects.get(pk=document.pk).specific.save()
    seen = {f"seen-{document.pk}": document.revision}
    answer = client.post(reverse(EVERY), data | {"stage": "do"} | seen, follow=True)
    assert "Cambió mientras tanto" in said(answer)
    document.refresh_from_db()
    assert document.review_by is None


def test_a_failure_with_one_resource_undoes_none_of_the_others(monkeypatch):
    client, section = signed_in(), make_section()
    good, bad = make_document(title="A"), make_document(title="B")
    real = Resource.save

    def save(resource, *args, **kwargs):
        if resource.pk == bad.pk:
            raise OSError("no space left on device")
        return real(resource, *args, **kwargs)

    monkeypatch.setattr(Resource, "save", save)
    told = said(act(client, reverse(EVERY), "set_section", [good, bad], section=section.pk))
    assert "«B». No se pudo guardar" in told
    good.refresh_from_db()
    assert good.section == section


def test_what_is_published_while_it_is_taken_back_to_an_earlier_state_stays_published(monkeypatch):
    client = signed_in()
    document = make_document(title="Antes", status="draft", link_pending=True)
    send(client, form_url(document), summary="Otra.")
    edit = Revision.objects.of(document).last()

    before(monkeypatch, history, "revert", lambda: publish(document))
    client.post(page_url(document, "revert", edit.pk))
    assert status_of(document) == "published"


def test_someone_of_edicion_does_not_take_back_what_was_published_meanwhile(monkeypatch):
    client = Client()
    client.force_login(make_editor("Edición"))
    document = make_document(status="draft", link_pending=True)
    send(client, form_url(document), summary="Otra.")
    edit = Revision.objects.of(document).last()

    before(monkeypatch, history, "revert", lambda: publish(document))
    answer = client.post(page_url(document, "revert", edit.pk), follow=True)
    assert "Cambió mientras tanto" in said(answer)
    document.refresh_from_db()
    assert (document.status, document.summary) == ("published", "Otra.")


def test_what_is_withdrawn_while_it_is_verified_stays_withdrawn(monkeypatch):
    client, law = signed_in(), make_law(evidence_note="R. O. 1.")
    before(monkeypatch, law_desk, "transition", lambda: withdraw(law))
    client.post(page_url(law, "verify"))
    law.refresh_from_db()
    assert (law.status, law.verified_on) == ("withdrawn", timezone.localdate())


def test_what_is_put_into_the_bin_meanwhile_is_not_withdrawn(monkeypatch):
    client, document = signed_in(), make_document()

    def put_aside():
        transition(
            Resource.objects.get(pk=document.pk).specific, Revision.Action.TRASHED, actor=None
        )

    before(monkeypatch, resource_pages, "transition", put_aside)
    answer = client.post(page_url(document, "withdraw"), {"reason": "Vence."})
    assert "Cambió mientras tanto" in answer.text
    assert status_of(document) == "published"


def test_a_line_of_an_import_leaves_what_was_withdrawn_meanwhile(monkeypatch):
    client = signed_in()
    one, two = (make_document(title=title, link_pending=True) for title in ("Uno", "Dos"))
    listed = f"direccion,descripcion\n{one.slug},Nueva\n{two.slug},Nueva\n"
    upload = SimpleUploadedFile("lista.csv", listed.encode())
    place = client.post(reverse("admin:resources_resource_import"), {"file": upload}).url
    shown = served(client, place)["shown"]
    before(monkeypatch, row_results, "_apply_one", lambda: withdraw(two), nth=2)
    told = said(client.post(place, {"shown": shown}, follow=True))
    assert "Línea 3, «dos»: Cambió mientras tanto: estado" in told
    assert (status_of(one), status_of(two)) == ("published", "withdrawn")
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.summary, two.summary) == ("Nueva", "De qué trata.")


def test_a_form_and_a_bulk_withdrawal_at_once_never_bring_back_what_was_withdrawn():
    client, other, document = signed_in(), signed_in(), make_document(link_pending=True)
    data = served(client, form_url(document)) | {"summary": "Otra.", "status": "published"}
    start = Barrier(2)

    def save():
        start.wait(30)
        client.post(form_url(document), data)

    def withdraw_many():
        start.wait(30)
        act(other, reverse(EVERY), "withdraw", [document], reason="Vence.", note="")

    elsewhere(save, withdraw_many)
    actions = list(Revision.objects.of(document).values_list("action", flat=True))
    expected = "withdrawn" if "withdrawn" in actions else "published"
    assert status_of(document) == expected
    document.refresh_from_db()
    assert actions[0] == "withdrawn" or document.summary == "Otra."


def test_a_row_that_someone_else_has_saved_is_not_saved_whole():
    document = make_document()
    stale = Resource.objects.get(pk=document.pk).specific
    elsewhere(lambda: withdraw(document))
    with pytest.raises(StaleRowError):
        stale.save()
    assert status_of(document) == "withdrawn"


def test_a_file_that_arrives_meanwhile_stays_the_one_on_the_card(tmp_path):
    document = make_document(link_pending=True)
    stale = Resource.objects.get(pk=document.pk)
    elsewhere(lambda: make_file(document, folder=tmp_path))
    stale.refresh_main_version()
    stored = Resource.objects.get(pk=document.pk)
    assert stored.main_version_id == stale.main_version_id is not None
    assert not stored.link_pending


def test_a_date_of_review_set_by_two_people_at_once_is_stored_of_one_of_them():
    document = make_document()
    days = [dt.date(2030, 1, day) for day in (1, 2)]
    start = Barrier(2)

    def set_review(day):
        mine = signed_in()
        data = {"action": "set_review", "_selected_action": [document.pk], "stage": "do"}
        seen = {f"seen-{document.pk}": document.revision, "review_by": day.isoformat()}
        start.wait(30)
        mine.post(reverse(EVERY), data | seen)

    elsewhere(*[lambda day=day: set_review(day) for day in days])
    assert Revision.objects.of(document).filter(action="changed").count() == 1
    document.refresh_from_db()
    assert document.review_by in days


def test_a_form_opened_before_a_section_was_ordered_keeps_the_new_order():
    client, section = signed_in(), make_section()
    first, second = (
        make_document(section=section, position=number, link_pending=True) for number in (10, 20)
    )
    opened = served(client, form_url(first)) | {"summary": "Otra."}
    order = reverse("admin:resources_section_order", args=[section.pk])
    client.post(order, {f"position-{first.pk}": "30", f"position-{second.pk}": "20"})
    client.post(form_url(first), opened)
    first.refresh_from_db()
    assert (first.summary, first.position) == ("Otra.", 20)
    send(client, form_url(first), position="5")
    first.refresh_from_db()
    assert first.position == 5


def test_a_visit_that_ends_after_a_person_has_looked_counts_from_there():
    link = Link.objects.create(url="https://example.org/ley", failures=1)
    stale = Link.objects.get(pk=link.pk)
    elsewhere(lambda: Link.objects.filter(pk=link.pk).forget())
    stale.note(Link.Finding.NOT_FOUND, timezone.now())
    assert Link.objects.get(pk=link.pk).failures == 1
    elsewhere(lambda: Link.objects.filter(pk=link.pk).delete())
    stale.note(Link.Finding.NOT_FOUND, timezone.now())
    assert not Link.objects.exists()


def test_a_cover_whose_picture_is_lost_stops_no_step():
    document = make_document()
    Resource.objects.filter(pk=document.pk).update(cover="lost.png", cover_width=3, cover_height=4)
    stored = Resource.objects.get(pk=document.pk).specific
    withdraw(stored)
    stored.refresh_from_db()
    assert (stored.status, stored.cover.name, stored.cover_width) == ("withdrawn", "lost.png", 3)


def test_of_several_processes_each_change_is_stored_by_one():
    soon = timezone.now() + dt.timedelta(hours=1)
    documents = [
        make_document(published_at=soon),
        make_document(withdraw_at=soon),
        make_law(withdraw_at=soon),
    ]
    elsewhere(*[lambda: apply_due(soon + dt.timedelta(hours=1), force=True) for _ in range(3)])
    for resource in documents:
        clock = Revision.objects.of(resource).filter(note="Por fecha programada.")
        assert clock.count() == 1
