"""The role of a new file follows from its type, unless the editor chooses one; captions are played."""

import pytest
from django.urls import reverse

from resources.models import ResourceFile
from resources.workflow.previews import make_token
from tests.admin.desk import form_url, said, send, served, sign_in, upload
from tests.makers import make_document, make_file, make_video, pdf_bytes, put_file

pytestmark = pytest.mark.django_db

SRT = "1\r\n00:00:01,500 --> 00:00:04,000\r\nBuenos días, Ecuador: 1,500\r\n"
VTT = "WEBVTT\n\n00:01.500 --> 00:04.000\nBuenos días\n"
FILES = {
    "voz.srt": SRT.encode(),
    "voz.vtt": VTT.encode(),
    "tabla.csv": b"canton;casos\nQuito;1\nLoja;2\n",
    "otro.pdf": pdf_bytes("Otro"),
}


def add(client, resource, name: str, **more):
    """Add one file with the form of `resource`, after those that it has."""
    number = resource.files.count()
    data = served(client, form_url(resource)) | {
        "files-TOTAL_FORMS": str(number + 1),
        f"files-{number}-role": "",
        f"files-{number}-language": "es",
        f"files-{number}-upload": upload(FILES[name], name),
    }
    named = {f"files-{number}-{key}": value for key, value in more.items()}
    return client.post(form_url(resource), data | named, follow=True)


def roles(resource) -> dict[str, str]:
    return dict(resource.files.values_list("file_name", "role"))


def video_with_file():
    video = make_video(title="Charla", language="es")
    put_file(video, b"\x00\x00\x00\x18ftypmp42", "charla.mp4", media_type="video/mp4")
    return video


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("voz.srt", "captions"),
        ("voz.vtt", "captions"),
        ("tabla.csv", "data"),
        ("otro.pdf", "annex"),
    ],
)
def test_a_file_beside_a_main_one_takes_the_role_of_its_type(client, tmp_path, name, role):
    sign_in(client)
    document = make_document()
    make_file(document, pdf_bytes("Principal"), folder=tmp_path)
    add(client, document, name)
    assert roles(document) == {"guia.pdf": "main", name: role}


@pytest.mark.parametrize("name", ["tabla.csv", "otro.pdf", "voz.srt"])
def test_the_first_file_of_a_document_is_the_main_one(client, name):
    sign_in(client)
    document = make_document(link_pending=True)
    assert served(client, form_url(document))["files-0-role"] == ""
    send(client, form_url(document), files__0__upload=upload(FILES[name], name))
    assert roles(document) == {name: "main"}


@pytest.mark.parametrize("name", ["voz.srt", "voz.vtt"])
def test_captions_of_a_video_elsewhere_are_captions_although_they_come_first(client, name):
    sign_in(client)
    video = make_video(url="https://www.youtube.com/watch?v=dQw4w9WgXcQ")
    send(client, form_url(video), files__0__upload=upload(FILES[name], name))
    assert roles(video) == {name: "captions"}


@pytest.mark.parametrize("role", ResourceFile.Role.values)
def test_the_role_that_the_editor_chooses_stands(client, tmp_path, role):
    sign_in(client)
    document = make_document()
    make_file(document, pdf_bytes("Principal"), folder=tmp_path)
    add(client, document, "voz.srt", role=role)
    assert roles(document)["voz.srt"] == role


def test_a_second_main_file_is_pointed_out_and_kept(client, tmp_path):
    sign_in(client)
    document = make_document()
    make_file(document, pdf_bytes("Principal"), folder=tmp_path)
    answer = add(client, document, "otro.pdf", role="main")
    assert "más de un archivo principal" in said(answer)
    assert set(roles(document).values()) == {"main"}
    assert "Más de un archivo principal" in client.get(form_url(document)).content.decode()


def test_a_row_for_a_file_that_was_not_filled_in_asks_for_nothing(client):
    sign_in(client)
    document = make_document(link_pending=True)
    assert send(client, form_url(document), summary="Otra.").status_code == 302
    assert not document.files.exists()


def test_a_replacement_keeps_its_role(client):
    sign_in(client)
    video = make_video()
    send(client, form_url(video), files__0__upload=upload(FILES["voz.srt"], "voz.srt"))
    again = upload(SRT.replace("Buenos", "Muy buenos").encode(), "voz.srt")
    send(client, form_url(video), files__0__upload=again, files__0__change_note="Corrige.")
    assert roles(video) == {"voz.srt": "captions"}
    assert video.files.get().current.number == 2


@pytest.mark.parametrize("name", ["voz.srt", "voz.vtt"])
def test_the_player_is_given_captions_that_it_can_play(client, name):
    sign_in(client)
    video = video_with_file()
    add(client, video, name)
    client.logout()
    page = client.get(video.get_absolute_url()).content.decode()
    source = page.split("<track ")[1].split('src="')[1].split('"')[0]
    answer = client.get(source)
    text = b"".join(answer).decode()
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert text.startswith("WEBVTT")
    assert "1.500 --> 00:" in text
    assert "Buenos días" in text
    if name == "voz.srt":
        assert "Ecuador: 1,500" in text


def test_the_address_of_captions_still_gives_the_file_itself(client):
    sign_in(client)
    video = video_with_file()
    add(client, video, "voz.srt")
    address = video.files.get(role="captions").get_absolute_url()
    assert b"".join(client.get(address)) == SRT.encode()
    pdf = video.files.get(role="main").get_absolute_url()
    assert client.get(f"{pdf}?vtt")["Content-Type"] == "video/mp4"


def test_the_captions_of_a_draft_are_played_by_its_link_only(client):
    sign_in(client)
    video = video_with_file()
    video.status, video.published_at = "draft", None
    video.save()
    add(client, video, "voz.srt")
    address = video.files.get(role="captions").get_absolute_url()
    shared = reverse("preview-file", args=[video.slug, make_token(video, 1), "voz.srt"])
    client.logout()
    assert client.get(f"{address}?vtt").status_code == 404
    answer = client.get(f"{shared}?vtt")
    assert answer.content.startswith(b"WEBVTT")
    assert "no-store" in answer["Cache-Control"]
