"""Who may send how much: only a person who works at the desk now may send more than a form of the public holds."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.makers import make_editor

pytestmark = pytest.mark.django_db
DESK = "/admin/resources/document/add/"


def send(client: Client, path: str, size: int = 70_000):
    return client.post(path, {"archivo": SimpleUploadedFile("a.pdf", b"x" * size)})


@pytest.mark.parametrize(
    "lost", [{"is_staff": False, "is_superuser": False}, {"is_active": False}, {"password": "!"}]
)
def test_a_session_whose_account_has_left_the_desk_sends_no_files(lost):
    editor, client = make_editor(), Client()
    client.force_login(editor)
    assert send(client, DESK).status_code == 200
    for name, value in lost.items():
        setattr(editor, name, value)
    editor.save()
    answer = send(client, DESK)
    assert (answer.status_code, answer["X-Desk"]) == (413, "login")
    assert "64 KB" in answer.text


def test_a_session_that_was_left_sends_no_files():
    client = Client()
    client.force_login(make_editor())
    cookie = client.cookies["sesion"].value
    client.post("/admin/logout/")
    client.cookies["sesion"] = cookie
    assert send(client, DESK).status_code == 413


@pytest.mark.parametrize("path", ["/", "/recursos/", "/csp-reportes", "/api/v1/recursos", "/nada/"])
def test_an_editor_sends_files_to_the_desk_alone(path):
    client = Client()
    client.force_login(make_editor())
    assert send(client, path).status_code == 413


def test_one_file_more_than_the_greatest_size_is_for_forms_that_take_several(settings):
    settings.MAX_UPLOAD_BYTES, settings.FORM_BYTES = 100_000, 10_000
    client = Client()
    client.force_login(make_editor())
    assert send(client, DESK, 500_000).status_code == 200
    assert send(client, "/admin/resources/resource/subir/", 500_000).status_code == 200
    answer = send(client, "/admin/resources/resource/importar/", 500_000)
    assert (answer.status_code, "X-Desk" in answer) == (413, False)
    assert "envíe menos archivos" in answer.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/", "/recursos/", "/robots.txt", "/favicon.ico"])
def test_a_page_that_only_shows_something_refuses_other_methods_before_the_check_for_a_token(
    method, path
):
    client = Client(enforce_csrf_checks=True)
    answer = getattr(client, method)(path, b"x" * 100, content_type="application/octet-stream")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert not answer.cookies


def test_a_sign_in_form_is_as_small_as_any_other():
    answer = send(Client(), "/admin/login/")
    assert answer.status_code == 413
    assert Client().post("/admin/login/", {"username": "x" * 60_000}).status_code == 200
