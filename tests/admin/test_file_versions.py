"""Versions of files: taken up again, or withheld with a reason."""

import pytest
from django.conf import settings

from resources.kinds.document import Document
from resources.models import FileVersion, Revision
from tests.admin.desk import form_url, page_url, replace_file, said, sign_in
from tests.makers import make_document, make_file

pytestmark = pytest.mark.django_db


def two_versions(client, tmp_path) -> tuple[Document, FileVersion, FileVersion]:
    document, first = replace_file(client, tmp_path)
    return document, first, FileVersion.objects.get(number=2)


def test_an_earlier_version_is_taken_up_again_from_the_list_of_versions(client, tmp_path):
    sign_in(client)
    document, first, _ = two_versions(client, tmp_path)
    url = page_url(document, "take_up", first.pk)
    assert url in client.get(form_url(document)).content.decode()
    assert "versión 1" in client.get(url).content.decode()
    client.post(url)
    document.refresh_from_db()
    assert document.main_version.number == 3
    assert document.main_version.sha256 == first.sha256
    assert "ya es la versión actual" in said(
        client.post(page_url(document, "take_up", document.main_version_id), follow=True)
    )


def test_withholding_asks_for_a_reason_and_a_confirmation_and_erases(
    client, tmp_path, django_capture_on_commit_callbacks
):
    sign_in(client)
    document, first, _ = two_versions(client, tmp_path)
    url = page_url(document, "withhold", first.pk)
    stored = settings.MEDIA_ROOT / first.stored.name
    for answer in ({}, {"reason": "Datos."}, {"is_sure": "on"}):
        assert client.post(url, answer).context["form"].errors
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"reason": "Datos personales.", "is_sure": "on"})
    assert not stored.exists()
    assert Revision.objects.of(document)[0].action == "taken_down"
    client.logout()
    answer = client.get(first.get_absolute_url())
    assert answer.status_code == 410
    assert "Datos personales." in answer.content.decode()


def test_withholding_is_for_those_who_publish(client, tmp_path):
    sign_in(client, "Edición")
    version = make_file(make_document(status="draft"), folder=tmp_path)
    document = version.file.resource
    url = page_url(document, "withhold", version.pk)
    assert url not in client.get(form_url(document)).content.decode()
    assert client.get(url).status_code == 403
    assert client.post(url, {"reason": "x", "is_sure": "on"}).status_code == 403


def test_a_version_is_reached_through_its_own_resource_only(client, tmp_path):
    sign_in(client)
    version = make_file(make_document(), folder=tmp_path)
    other = make_document()
    for page in ("withhold", "take_up"):
        assert client.get(page_url(other, page, version.pk)).status_code == 404
